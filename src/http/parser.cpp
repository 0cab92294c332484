#include "http/parser.hpp"

#include <algorithm>
#include <limits>

#include "http/iequals.hpp"
#include "http/target.hpp"
#include "text/chars.hpp"

namespace ballast::http {
namespace {

namespace beast = boost::beast::http;

constexpr std::string_view allowed_methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
/// What a request line holds besides its target: method, spaces, version.
constexpr std::size_t request_line_rest = 64;
/// `0 CRLF CRLF`: less is never the rest of a chunked body, and Beast asserts not to see less of its end.
constexpr std::size_t shortest_chunked_end = 5;
/// Ends Beast's parsing early; the reason is in the parser's error.
constexpr beast::error our_refusal = beast::error::bad_value;

Error refusal(int status, std::string message) {
  return make_error(status, "BLST" + std::to_string(status), std::move(message));
}

Method method_from(std::string_view name) noexcept {  // methods are case-sensitive (RFC 9110, 9.1)
  for (const Method method :
       {Method::get, Method::post, Method::patch, Method::del, Method::head, Method::put, Method::options}) {
    if (name == to_string(method)) return method;
  }
  return Method::other;
}

/// What Beast found, in our words.
std::string describe(const boost::system::error_code& ec) {
  if (ec == beast::error::bad_method) return "expected a method, a token followed by one space";
  if (ec == beast::error::bad_target) return "expected a target without spaces or control characters";
  if (ec == beast::error::bad_version) return "expected HTTP/1.1 and the line's end after the target";
  if (ec == beast::error::bad_line_ending) return "expected lines that end in CR LF";
  if (ec == beast::error::bad_field) return "expected a header field, a token followed by a colon";
  if (ec == beast::error::bad_value) return "a header field's value holds a character it may not";
  if (ec == beast::error::bad_content_length) return "expected Content-Length to be one decimal number, alone";
  if (ec == beast::error::multiple_content_length) return "expected one Content-Length";
  if (ec == beast::error::bad_transfer_encoding) return "expected Transfer-Encoding once, without Content-Length";
  if (ec == beast::error::bad_chunk) return "expected a chunk: its size in hexadecimal, CR LF, that many bytes, CR LF";
  if (ec == beast::error::bad_chunk_extension) return "a chunk extension is malformed";
  return "the request is malformed";
}

/// `HTTP/` DIGIT `.` DIGIT at the end of the request line.
bool names_a_version(std::string_view line) noexcept {
  if (line.size() < 9) return false;
  const std::string_view version = line.substr(line.size() - 9);
  return version.starts_with(" HTTP/") && text::is(version[6], text::digit) && version[7] == '.' &&
         text::is(version[8], text::digit);
}

}  // namespace

void Parser::reset() {
  machine_.reset();
  error_.reset();
  base_ = nullptr;
  begun_ = false;
}

Parser::State Parser::refuse(int status, std::string message) {
  error_ = refusal(status, std::move(message));
  return State::refused;
}

Parser::State Parser::header(std::string_view bytes) {
  if (bytes.empty()) return State::incomplete;
  if (!machine_ || bytes.data() != base_) {  // the first call, or the buffer moved and with it every view
    machine_.emplace(*this);
    machine_->header_limit(std::numeric_limits<std::uint32_t>::max());  // Beast's is per call; ours is per header
    machine_->body_limit(settings_.body_limit);
    request_.method = Method::get;
    request_.method_name = request_.target = request_.path = request_.query = {};
    request_.headers.clear();
    authority_ = {};
    base_ = bytes.data();
    consumed_ = trailers_ = 0;
    content_length_ = 0;
    begun_ = in_header_ = http11_ = true;
    has_host_ = has_length_ = chunked_ = expects_continue_ = false;
  }
  seen_ = bytes;
  if (!machine_->got_some()) {  // RFC 9112, 2.2: a line's end before the request line is ignored
    while (consumed_ < 8 && bytes.substr(consumed_).starts_with("\r\n")) consumed_ += 2;
    if (consumed_ < 8 && bytes.substr(consumed_) == "\r") return State::incomplete;
  }
  boost::system::error_code ec;
  if (consumed_ < bytes.size()) {
    consumed_ += machine_->put(boost::asio::const_buffer(bytes.data() + consumed_, bytes.size() - consumed_), ec);
  } else {
    ec = beast::error::need_more;
  }
  if (ec && ec != beast::error::need_more) return header_refused(bytes, ec);
  if (!machine_->is_header_done()) {
    if (request_.target.empty() && bytes.size() > settings_.target_limit + request_line_rest &&
        bytes.substr(0, settings_.target_limit + request_line_rest).find('\n') == std::string_view::npos) {
      return refuse(414, "the target is longer than " + std::to_string(settings_.target_limit) + " bytes");
    }
    if (bytes.size() < settings_.header_limit) return State::incomplete;
  }
  if (!machine_->is_header_done() || consumed_ > settings_.header_limit) {
    return refuse(431, "the header is longer than " + std::to_string(settings_.header_limit) + " bytes");
  }
  request_.keep_alive = machine_->keep_alive();
  in_header_ = false;
  return State::complete;
}

Parser::State Parser::header_refused(std::string_view bytes, const boost::system::error_code& ec) {
  if (error_) return State::refused;
  if (ec == beast::error::body_limit) {
    return refuse(413, "the body is longer than " + std::to_string(settings_.body_limit) + " bytes");
  }
  if (ec == beast::error::header_limit) return refuse(400, "a header field is folded over several lines");
  if (ec == beast::error::bad_version) {
    const std::string_view rest = bytes.substr(consumed_);
    if (names_a_version(rest.substr(0, std::min(rest.find("\r\n"), rest.size())))) {
      return refuse(505, "expected HTTP/1.1 or HTTP/1.0");
    }
  }
  return refuse(400, describe(ec));
}

Parser::State Parser::chunks(std::string_view bytes, std::size_t& used) {
  used = 0;
  while (!machine_->is_done()) {
    if (bytes.size() - used < shortest_chunked_end) return State::incomplete;
    boost::system::error_code ec;
    used += machine_->put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), ec);
    if (ec == beast::error::need_more) return State::incomplete;
    if (ec == beast::error::body_limit) {
      return refuse(413, "the body is longer than " + std::to_string(settings_.body_limit) + " bytes");
    }
    if (ec) return error_ ? State::refused : refuse(400, describe(ec));
  }
  return State::complete;
}

std::optional<Error> Parser::on_request(std::string_view method, std::string_view target, int version) {
  http11_ = version == 11;
  request_.method_name = method;
  request_.method = method_from(method);
  if (target.size() > settings_.target_limit) {
    return refusal(414, "the target is longer than " + std::to_string(settings_.target_limit) + " bytes");
  }
  request_.target = target;
  if (method == "CONNECT") return refusal(501, "CONNECT is not served here; this is no proxy");
  if (method == "TRACE") return refusal(405, "TRACE is not allowed").with_header("Allow", std::string(allowed_methods));
  Result<Target> parsed = parse_target(request_.method, target);
  if (!parsed) return std::move(parsed).error();
  request_.target = parsed->origin;
  request_.path = parsed->path;
  request_.query = parsed->query;
  authority_ = parsed->authority;
  return std::nullopt;
}

std::optional<Error> Parser::on_field(beast::field id, std::string_view name, std::string_view value) {
  if (!in_header_) {
    if (++trailers_ > settings_.header_count_limit) return refusal(431, "the body has too many trailer fields");
    return std::nullopt;
  }
  // obs-fold (RFC 9112, 5.2): Beast joins the lines elsewhere, or skips an empty first one.
  const char* after_name = name.data() + name.size();
  const bool in_place = value.data() > after_name && value.data() <= seen_.data() + seen_.size();
  if (!in_place || std::find(after_name, value.data(), '\r') != value.data()) {
    return refusal(400, "a header field is folded over several lines");
  }
  if (request_.headers.fields().size() >= settings_.header_count_limit) {
    return refusal(431, "the header has more than " + std::to_string(settings_.header_count_limit) + " fields");
  }
  switch (id) {
    case beast::field::host:
      if (has_host_) return refusal(400, "expected one Host field");
      has_host_ = true;
      if (!valid_host(value)) return refusal(400, "expected a host name, and perhaps a port, in Host");
      if (!authority_.empty()) value = authority_;
      break;
    case beast::field::content_length:
      if (has_length_) return refusal(400, "expected one Content-Length");
      has_length_ = true;
      if (value.empty() || !std::all_of(value.begin(), value.end(), [](char c) { return text::is(c, text::digit); })) {
        return refusal(400, "expected Content-Length to be one decimal number, alone");
      }
      break;
    case beast::field::transfer_encoding:
      if (auto error = on_transfer_encoding(value)) return error;
      break;
    case beast::field::expect:
      if (!iequals(value, "100-continue")) return refusal(417, "expected Expect to be 100-continue");
      expects_continue_ = http11_;
      break;
    default:
      break;
  }
  request_.headers.add(name, value);
  return std::nullopt;
}

std::optional<Error> Parser::on_transfer_encoding(std::string_view value) {
  if (!http11_) return refusal(400, "Transfer-Encoding does not exist in HTTP/1.0");
  if (iequals(value, "chunked")) return std::nullopt;
  std::string_view last = value.substr(value.rfind(',') + 1);
  last.remove_prefix(std::min(last.find_first_not_of(" \t"), last.size()));
  const bool framed = iequals(last, "chunked");
  return refusal(framed ? 501 : 400, "expected Transfer-Encoding to be chunked and nothing else");
}

std::optional<Error> Parser::on_header() {
  if (http11_ && !has_host_) return refusal(400, "expected a Host field");
  chunked_ = machine_->chunked();
  content_length_ = machine_->content_length().value_or(0);
  return std::nullopt;
}

void Parser::Machine::on_request_impl(beast::verb, string_view method, string_view target, int version,
                                      error_code& ec) {
  owner_.error_ = owner_.on_request({method.data(), method.size()}, {target.data(), target.size()}, version);
  if (owner_.error_) ec = our_refusal;
}

void Parser::Machine::on_field_impl(beast::field id, string_view name, string_view value, error_code& ec) {
  owner_.error_ = owner_.on_field(id, {name.data(), name.size()}, {value.data(), value.size()});
  if (owner_.error_) ec = our_refusal;
}

void Parser::Machine::on_header_impl(error_code& ec) {
  owner_.error_ = owner_.on_header();
  if (owner_.error_) ec = our_refusal;
}

std::size_t Parser::Machine::on_chunk_body_impl(std::uint64_t, string_view body, error_code&) {
  owner_.request_.body.append(body.data(), body.size());
  return body.size();
}

}  // namespace ballast::http
