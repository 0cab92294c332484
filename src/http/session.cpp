#include "http/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <memory>
#include <optional>

#include "http/buffer.hpp"
#include "http/link.hpp"
#include "http/parser.hpp"
#include "http/serialize.hpp"
#include "http/status.hpp"
#include "http/stream_body.hpp"

namespace ballast::http {
namespace {

namespace asio = boost::asio;
using TlsStream = asio::ssl::stream<Socket>;
using asio::awaitable;
using boost::system::error_code;

constexpr std::size_t copied_body = 4096;        // a body up to this is copied behind its header: one piece to send
constexpr std::size_t body_step = 64U << 10;     // how far a body's buffer may run ahead of what has arrived
constexpr std::size_t chunk_window = 16U << 10;  // of a chunked body, whose longest line has to fit
constexpr std::size_t tls_record = 16U << 10;    // an answer up to this is one TLS record
constexpr std::size_t everything = static_cast<std::size_t>(-1);
constexpr std::size_t kept_body = 64U << 10;  // a request body's block is kept for the next one up to this

/// Requests and answers over a link: HTTP/1.1 without pipelining of work, so that the next request is looked at when
/// the last one is answered.
template <class Stream>
class Connection final : public Link<Stream> {
 public:
  template <class... Args>
  Connection(Worker& worker, Service& service, std::string peer_address, const std::function<void()>& ended,
             Args&&... args)
      : Link<Stream>(worker, service, ended, std::forward<Args>(args)...), parser_(service.settings, request_) {
    request_.peer_address = std::move(peer_address);
    request_.tls = !plain;
    request_.client_left = [this] { return this->peer_left(); };
  }

  awaitable<void> run();
  using Base = Link<Stream>;
  using Base::write;

 private:
  using Base::enter;
  using Base::plain;
  using Base::service;
  using Base::settings;
  using Base::worker;
  using typename Base::Phase;
  enum class Received : std::uint8_t { whole, refused, gone };

  /// Did the last read bring what it should?
  bool stopped(const error_code& ec) const noexcept { return ec || this->was_cut() || this->expired(); }

  awaitable<Received> receive_slowly();
  Received receive_buffered();
  awaitable<Received> receive_body();
  awaitable<Received> receive_sized_body();
  awaitable<Received> receive_chunked_body();
  Received lost(const error_code& ec);
  Received refused(Error error);
  void body_arrived(std::size_t n, std::uint64_t so_far);

  void begin_request();
  awaitable<Response> ask();
  Response failed(std::string_view what);
  void end_request();

  HeadFacts facts_of(const Response& response, bool keep_alive) const;
  std::size_t answer_at_once(const Response& response, const HeadFacts& facts);
  awaitable<bool> answer(Response response, HeadFacts facts, std::size_t sent);
  awaitable<void> finish();

  Request request_;
  Parser parser_;
  Buffer in_;
  std::string after_;     // what followed a chunked body
  std::size_t used_ = 0;  // bytes of in_ that the current request took
  std::optional<Error> refusal_;
  TimePoint body_began_;
  bool first_ = true;  // no request yet
};

template <class Stream>
awaitable<void> Connection<Stream>::run() {
  if constexpr (!plain) {
    enter(Phase::header, settings().header_timeout);
    error_code ec;
    co_await this->shake_hands(ec);
    if (ec) co_return;
  }
  for (;;) {
    parser_.reset();
    Received received = receive_buffered();
    if (received == Received::gone) {
      received = co_await receive_slowly();
      if (received == Received::gone) co_return;
    }
    if (received == Received::whole && parser_.has_body()) {
      received = co_await receive_body();
      if (received == Received::gone) co_return;
    }
    if (received == Received::refused) {
      Response response = service().render(request_, *refusal_);
      worker().counters.requests_refused.add();
      if (service().refused) service().refused(request_, response);
      const HeadFacts facts = facts_of(response, false);
      const bool written = co_await answer(std::move(response), facts, 0);
      if (written) co_await finish();
      co_return;
    }

    begin_request();
    Response response = co_await ask();
    if (this->was_cut()) co_return;
    const HeadFacts facts = facts_of(response, !response.close && !service().draining.load(std::memory_order_relaxed));
    const std::size_t sent = answer_at_once(response, facts);
    if (sent != everything) {
      const bool written = co_await answer(std::move(response), facts, sent);
      if (!written) co_return;
    }
    if (!facts.keep_alive) {
      // A client that asked for the end sends nothing more; any other may be about to.
      if (request_.keep_alive || !plain) co_await finish();
      co_return;
    }
    end_request();
  }
}

/// What is buffered may be a whole header already. `gone`: it is not, read on.
template <class Stream>
typename Connection<Stream>::Received Connection<Stream>::receive_buffered() {
  if (in_.empty()) return Received::gone;
  switch (parser_.header(in_.view())) {
    case Parser::State::complete:
      used_ = parser_.header_size();
      return Received::whole;
    case Parser::State::refused:
      return refused(parser_.error());
    case Parser::State::incomplete:
      return Received::gone;
  }
  return Received::gone;
}

template <class Stream>
awaitable<typename Connection<Stream>::Received> Connection<Stream>::receive_slowly() {
  if (in_.empty()) {
    const bool draining = service().draining.load(std::memory_order_relaxed);
    if (draining && !first_) co_return Received::gone;
    enter(Phase::idle, draining ? settings().linger_timeout : settings().idle_timeout);
  } else {
    enter(Phase::header, settings().header_timeout);
  }
  for (;;) {
    const std::span<char> room = in_.prepare();
    error_code ec;
    const std::size_t n = co_await this->read(room, ec);
    worker().counters.bytes_in.add(n);
    in_.commit(n);
    if (stopped(ec)) {
      parser_.header(in_.view());  // the bytes may have moved, and the request's views with them
      co_return lost(ec);
    }
    if (this->phase() == Phase::idle) enter(Phase::header, settings().header_timeout);
    const Received received = receive_buffered();
    if (received != Received::gone) co_return received;
  }
}

/// The client went, or was too slow, before its request was whole.
template <class Stream>
typename Connection<Stream>::Received Connection<Stream>::lost(const error_code& ec) {
  if (this->was_cut() || this->phase() == Phase::idle) return Received::gone;
  if (this->expired()) {
    this->forgive();
    return refused(make_error(408, "BLST408",
                              this->phase() == Phase::body ? "the request's body arrived too slowly"
                                                           : "the request's header took too long to arrive"));
  }
  if (ec == asio::error::eof) return refused(make_error(400, "BLST400", "the request ended before it was whole"));
  return Received::gone;
}

template <class Stream>
typename Connection<Stream>::Received Connection<Stream>::refused(Error error) {
  refusal_ = std::move(error);
  return Received::refused;
}

template <class Stream>
awaitable<typename Connection<Stream>::Received> Connection<Stream>::receive_body() {
  const std::string_view behind = in_.view().substr(used_);
  if (!parser_.chunked() && behind.size() >= parser_.content_length()) {
    request_.body.assign(behind.substr(0, static_cast<std::size_t>(parser_.content_length())));
    used_ += request_.body.size();
    co_return Received::whole;
  }
  worker().observe(service().clock->now());
  body_began_ = worker().now();
  enter(Phase::body, settings().min_rate_grace);
  if (parser_.expects_continue() && behind.empty()) {
    const bool written = co_await write(Pieces("HTTP/1.1 100 Continue\r\n\r\n"));
    if (!written) co_return Received::gone;
    enter(Phase::body, settings().min_rate_grace);
  }
  if (parser_.chunked()) {
    const Received received = co_await receive_chunked_body();
    co_return received;
  }
  const Received received = co_await receive_sized_body();
  co_return received;
}

template <class Stream>
void Connection<Stream>::body_arrived(std::size_t n, std::uint64_t so_far) {
  worker().counters.bytes_in.add(n);
  const auto earned = std::chrono::milliseconds(so_far * 1000 / std::max<std::uint32_t>(settings().min_rate, 1));
  this->set_deadline(body_began_ + settings().min_rate_grace + earned);
}

template <class Stream>
awaitable<typename Connection<Stream>::Received> Connection<Stream>::receive_sized_body() {
  const auto length = static_cast<std::size_t>(parser_.content_length());
  std::string& body = request_.body;
  body.assign(in_.view().substr(used_));
  used_ += body.size();
  std::size_t filled = body.size();
  while (filled < length) {
    if (filled == body.size()) body.resize(std::min(length, filled + std::max(filled, body_step)));
    const std::span<char> room(body.data() + filled, body.size() - filled);
    error_code ec;
    const std::size_t n = co_await this->read(room, ec);
    filled += n;
    if (stopped(ec)) co_return lost(ec);
    body_arrived(n, filled);
  }
  co_return Received::whole;
}

template <class Stream>
awaitable<typename Connection<Stream>::Received> Connection<Stream>::receive_chunked_body() {
  Buffer window;  // the header's views forbid to read on into in_
  window.append(in_.view().substr(used_));
  used_ = in_.size();
  std::uint64_t arrived = window.size();
  for (;;) {
    std::size_t used = 0;
    const Parser::State state = parser_.chunks(window.view(), used);
    window.consume(used);
    if (state == Parser::State::refused) co_return refused(parser_.error());
    if (state == Parser::State::complete) {
      after_.assign(window.view());
      co_return Received::whole;
    }
    if (window.size() >= chunk_window) {
      co_return refused(make_error(431, "BLST431", "a chunk's size line or the trailer is too long"));
    }
    const std::span<char> room = window.prepare();
    error_code ec;
    const std::size_t n = co_await this->read(room, ec);
    window.commit(n);
    arrived += n;
    if (stopped(ec)) co_return lost(ec);
    body_arrived(n, arrived);
  }
}

template <class Stream>
void Connection<Stream>::begin_request() {
  enter(Phase::handling);
  first_ = false;
  const TimePoint now = service().clock->now();
  worker().observe(now);
  worker().counters.requests.add();
  request_.received = now;
  request_.deadline = now + settings().request_timeout;
}

template <class Stream>
awaitable<Response> Connection<Stream>::ask() {
  try {
    Response response = co_await Next(*service().chain, service().handler)(request_);
    co_return response;
  } catch (const std::exception& error) { co_return failed(error.what()); } catch (...) {
    co_return failed("something that is no std::exception");
  }
}

template <class Stream>
Response Connection<Stream>::failed(std::string_view what) {
  if (service().report) service().report("a request handler threw: " + std::string(what));
  return service().render(request_, make_error(500, "BLST500", "the server failed on this request"));
}

template <class Stream>
void Connection<Stream>::end_request() {
  in_.consume(used_);
  used_ = 0;
  if (!after_.empty()) {
    in_.append(after_);
    after_.clear();
  }
  in_.shrink();
  if (request_.headers.fields().size() > 32) request_.headers = Headers();
  if (request_.body.capacity() > kept_body) {
    request_.body = std::string();
  } else {
    request_.body.clear();
  }
  request_.id.clear();
  request_.trace_parent.clear();
  request_.principal = policy::Principal();
  request_.route = Request().route;
}

template <class Stream>
HeadFacts Connection<Stream>::facts_of(const Response& response, bool keep_alive) const {
  HeadFacts facts;
  facts.date = worker().date();
  facts.http11 = parser_.http11();
  facts.keep_alive = keep_alive && request_.keep_alive;
  const auto* text = std::get_if<std::string>(&response.body);
  const auto* spool = std::get_if<std::shared_ptr<const Spool>>(&response.body);
  // A HEAD's answer may state the length of the GET's alone (RFC 9110 section 8.6), which an empty body does not tell.
  const bool of_unknown_length = (text == nullptr && spool == nullptr) || (text != nullptr && text->empty());
  if (!allows_body(response.status) || (of_unknown_length && request_.method == Method::head)) {
    facts.framing = Framing::none;
  } else if (text != nullptr) {
    facts.length = text->size();
  } else if (spool != nullptr) {
    facts.length = (*spool)->size();
  } else if (facts.http11) {
    facts.framing = Framing::chunked;
  } else {
    facts.framing = Framing::close;
    facts.keep_alive = false;
  }
  return facts;
}

/// Most answers are small and the socket has room for them: sent here, without a coroutine. Returns `everything`, or
/// how many bytes of the answer were sent.
template <class Stream>
std::size_t Connection<Stream>::answer_at_once(const Response& response, const HeadFacts& facts) {
  if constexpr (plain) {
    const auto* body = std::get_if<std::string>(&response.body);
    if (body == nullptr || body->size() > copied_body) return 0;
    std::string& out = worker().scratch;
    out.clear();
    append_head(out, response, facts);
    if (facts.framing != Framing::none && request_.method != Method::head) out += *body;
    const std::size_t n = this->write_now(out);
    return n == out.size() ? everything : n;
  } else {
    return 0;
  }
}

template <class Stream>
awaitable<bool> Connection<Stream>::answer(Response response, HeadFacts facts, std::size_t sent) {
  std::string head;
  append_head(head, response, facts);
  if (request_.method == Method::head || facts.framing == Framing::none) response.body = std::string();
  if (auto* body = std::get_if<std::string>(&response.body)) {
    if (!plain && body->size() <= tls_record - head.size() % tls_record) head += std::exchange(*body, {});
    Pieces pieces(head, *body);
    pieces.consume(sent);
    const bool written = co_await write(pieces);
    co_return written;
  }
  if (auto* spool = std::get_if<std::shared_ptr<const Spool>>(&response.body)) {
    const bool written = co_await stream_spool(*this, std::move(head), std::move(*spool));
    co_return written;
  }
  auto source = std::get<std::shared_ptr<BodySource>>(std::move(response.body));
  const bool written =
      co_await stream_source(*this, std::move(head), std::move(source), facts.framing == Framing::chunked);
  co_return written;
}

template <class Stream>
awaitable<void> Connection<Stream>::finish() {
  in_.consume(in_.size());
  const std::span<char> scratch = in_.prepare();
  return this->linger(scratch);
}

template <class Stream>
awaitable<void> serve(std::unique_ptr<Connection<Stream>> connection, Service& service) {
  try {
    co_await connection->run();
  } catch (const std::exception& error) {
    if (service.report) service.report(std::string("a connection ended by an exception: ") + error.what());
  }
}

}  // namespace

void start_session(Worker& worker, Service& service, Socket socket, std::string peer_address,
                   const std::function<void()>& ended) {
  auto connection =
      std::make_unique<Connection<Socket>>(worker, service, std::move(peer_address), ended, std::move(socket));
  asio::co_spawn(worker.io(), serve(std::move(connection), service), asio::detached);
}

void start_tls_session(Worker& worker, Service& service, Socket socket, std::string peer_address,
                       const std::function<void()>& ended, asio::ssl::context& context) {
  auto connection = std::make_unique<Connection<TlsStream>>(worker, service, std::move(peer_address), ended,
                                                            std::move(socket), context);
  asio::co_spawn(worker.io(), serve(std::move(connection), service), asio::detached);
}

}  // namespace ballast::http
