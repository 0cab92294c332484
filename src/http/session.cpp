#include "http/session.hpp"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <type_traits>

#include "http/buffer.hpp"
#include "http/parser.hpp"
#include "http/pieces.hpp"
#include "http/serialize.hpp"
#include "http/status.hpp"

namespace ballast::http {
namespace {

namespace asio = boost::asio;
using TlsStream = asio::ssl::stream<Socket>;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;

constexpr std::size_t stream_block = 128U << 10;     // of a spooled answer: large enough that system calls do not count
constexpr std::size_t copied_body = 4096;            // a body up to this is copied behind its header: one piece to send
constexpr std::size_t body_step = 64U << 10;         // how far a body's buffer may run ahead of what has arrived
constexpr std::size_t chunk_window = 16U << 10;      // of a chunked body, whose longest line has to fit
constexpr std::size_t tls_record = 16U << 10;        // an answer up to this is one TLS record
constexpr std::size_t everything = static_cast<std::size_t>(-1);
constexpr std::size_t kept_body = 64U << 10;         // a request body's block is kept for the next one up to this

template <class Stream>
class Connection final : public Watched {
 public:
  template <class... Args>
  Connection(Worker& worker, Service& service, std::string peer_address, const std::function<void()>& ended,
             Args&&... args)
      : worker_(worker), service_(service), ended_(ended), stream_(std::forward<Args>(args)...),
        parser_(service.settings, request_) {
    request_.peer_address = std::move(peer_address);
    request_.tls = !plain;
    worker_.watch(*this);
  }
  ~Connection() override {
    unlink();
    service_.open.fetch_sub(1, std::memory_order_relaxed);
    if (ended_) ended_();
  }

  awaitable<void> run();

  void expire() noexcept override {
    clear_deadline();
    expired_ = true;
    error_code ignored;
    socket().cancel(ignored);
  }
  void drain() noexcept override {
    if (phase_ != Phase::idle) return;
    error_code ignored;  // a request that arrived just now is still answered
    socket().cancel(ignored);
  }
  void cut() noexcept override {
    cut_ = true;
    error_code ignored;
    socket().close(ignored);
  }

 private:
  static constexpr bool plain = std::is_same_v<Stream, Socket>;
  enum class Phase : std::uint8_t { idle, header, body, handling, writing, lingering };
  enum class Received : std::uint8_t { whole, refused, gone };

  Socket& socket() noexcept {
    if constexpr (plain) {
      return stream_;
    } else {
      return stream_.next_layer();
    }
  }
  void enter(Phase phase) noexcept {
    phase_ = phase;
    clear_deadline();
  }
  void enter(Phase phase, Duration limit) noexcept {
    phase_ = phase;
    set_deadline(worker_.now() + limit);
  }

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
  awaitable<bool> write(Pieces pieces);
  awaitable<bool> stream(std::string head, std::shared_ptr<const Spool> spool);
  awaitable<bool> stream(std::string head, std::shared_ptr<BodySource> source, bool chunked);
  template <class F>
  bool guarded(F pull);
  awaitable<void> linger();

  const Settings& settings() const noexcept { return service_.settings; }

  Worker& worker_;
  Service& service_;
  const std::function<void()>& ended_;
  Stream stream_;
  Request request_;
  Parser parser_;
  Buffer in_;
  std::string after_;                  // what followed a chunked body
  std::size_t used_ = 0;               // bytes of in_ that the current request took
  std::optional<Error> refusal_;
  TimePoint body_began_;
  Phase phase_ = Phase::idle;
  bool expired_ = false;
  bool cut_ = false;
  bool first_ = true;                  // no request yet
};

template <class Stream>
awaitable<void> Connection<Stream>::run() {
  if constexpr (!plain) {
    enter(Phase::header, settings().header_timeout);
    error_code ec;
    co_await stream_.async_handshake(asio::ssl::stream_base::server, redirect_error(use_awaitable, ec));
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
      Response response = service_.render(request_, *refusal_);
      worker_.counters.requests_refused.add();
      if (service_.refused) service_.refused(request_, response);
      const HeadFacts facts = facts_of(response, false);
      const bool written = co_await answer(std::move(response), facts, 0);
      if (written) co_await linger();
      co_return;
    }

    begin_request();
    Response response = co_await ask();
    if (cut_) co_return;
    const HeadFacts facts = facts_of(response, !response.close && !service_.draining.load(std::memory_order_relaxed));
    const std::size_t sent = answer_at_once(response, facts);
    if (sent != everything) {
      const bool written = co_await answer(std::move(response), facts, sent);
      if (!written) co_return;
    }
    if (!facts.keep_alive) {
      // A client that asked for the end sends nothing more; any other may be about to.
      if (request_.keep_alive || !plain) co_await linger();
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
    case Parser::State::complete: used_ = parser_.header_size(); return Received::whole;
    case Parser::State::refused: return refused(parser_.error());
    case Parser::State::incomplete: return Received::gone;
  }
  return Received::gone;
}

template <class Stream>
awaitable<typename Connection<Stream>::Received> Connection<Stream>::receive_slowly() {
  if (in_.empty()) {
    const bool draining = service_.draining.load(std::memory_order_relaxed);
    if (draining && !first_) co_return Received::gone;
    enter(Phase::idle, draining ? settings().linger_timeout : settings().idle_timeout);
  } else {
    enter(Phase::header, settings().header_timeout);
  }
  for (;;) {
    const std::span<char> room = in_.prepare();
    error_code ec;
    const std::size_t n = co_await stream_.async_read_some(asio::buffer(room.data(), room.size()),
                                                           redirect_error(use_awaitable, ec));
    worker_.counters.bytes_in.add(n);
    in_.commit(n);
    if (cut_ || ec || expired_) co_return lost(ec);
    if (phase_ == Phase::idle) enter(Phase::header, settings().header_timeout);
    const Received received = receive_buffered();
    if (received != Received::gone) co_return received;
  }
}

/// The client went, or was too slow, before its request was whole.
template <class Stream>
typename Connection<Stream>::Received Connection<Stream>::lost(const error_code& ec) {
  if (cut_ || phase_ == Phase::idle) return Received::gone;
  if (expired_) {
    expired_ = false;
    return refused(make_error(408, "BLST408", phase_ == Phase::body
                                                  ? "the request's body arrived too slowly"
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
  worker_.observe(service_.clock->now());
  body_began_ = worker_.now();
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
  worker_.counters.bytes_in.add(n);
  const auto earned = std::chrono::milliseconds(so_far * 1000 / std::max<std::uint32_t>(settings().min_rate, 1));
  set_deadline(body_began_ + settings().min_rate_grace + earned);
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
    error_code ec;
    const std::size_t n = co_await stream_.async_read_some(asio::buffer(body.data() + filled, body.size() - filled),
                                                           redirect_error(use_awaitable, ec));
    filled += n;
    if (cut_ || ec || expired_) co_return lost(ec);
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
    const std::size_t n = co_await stream_.async_read_some(asio::buffer(room.data(), room.size()),
                                                           redirect_error(use_awaitable, ec));
    window.commit(n);
    arrived += n;
    if (cut_ || ec || expired_) co_return lost(ec);
    body_arrived(n, arrived);
  }
}

template <class Stream>
void Connection<Stream>::begin_request() {
  enter(Phase::handling);
  first_ = false;
  const TimePoint now = service_.clock->now();
  worker_.observe(now);
  worker_.counters.requests.add();
  request_.received = now;
  request_.deadline = now + settings().request_timeout;
}

template <class Stream>
awaitable<Response> Connection<Stream>::ask() {
  try {
    Response response = co_await Next(*service_.chain, service_.handler)(request_);
    co_return response;
  } catch (const std::exception& error) {
    co_return failed(error.what());
  } catch (...) {
    co_return failed("something that is no std::exception");
  }
}

template <class Stream>
Response Connection<Stream>::failed(std::string_view what) {
  if (service_.report) service_.report("a request handler threw: " + std::string(what));
  return service_.render(request_, make_error(500, "BLST500", "the server failed on this request"));
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
  facts.date = worker_.date();
  facts.http11 = parser_.http11();
  facts.keep_alive = keep_alive && request_.keep_alive;
  if (!allows_body(response.status)) {
    facts.framing = Framing::none;
  } else if (const auto* text = std::get_if<std::string>(&response.body)) {
    facts.length = text->size();
  } else if (const auto* spool = std::get_if<std::shared_ptr<const Spool>>(&response.body)) {
    facts.length = (*spool)->size();
  } else if (request_.method == Method::head) {
    facts.framing = Framing::none;
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
    std::string& out = worker_.scratch;
    out.clear();
    append_head(out, response, facts);
    if (facts.framing != Framing::none && request_.method != Method::head) out += *body;
    error_code ec;
    const std::size_t n = stream_.write_some(asio::buffer(out), ec);
    if (ec) return 0;
    worker_.counters.bytes_out.add(n);
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
    const bool written = co_await stream(std::move(head), std::move(*spool));
    co_return written;
  }
  auto source = std::get<std::shared_ptr<BodySource>>(std::move(response.body));
  const bool written = co_await stream(std::move(head), std::move(source), facts.framing == Framing::chunked);
  co_return written;
}

/// False: the client is gone, or took nothing for too long.
template <class Stream>
awaitable<bool> Connection<Stream>::write(Pieces pieces) {
  expired_ = false;
  while (!pieces.empty()) {
    enter(Phase::writing, settings().write_timeout);
    error_code ec;
    const std::size_t n = co_await stream_.async_write_some(pieces, redirect_error(use_awaitable, ec));
    worker_.counters.bytes_out.add(n);
    pieces.consume(n);
    if (ec || cut_ || expired_) co_return false;
  }
  co_return true;
}

/// The answer has begun: all that is left to say about a failure is to end the connection.
template <class Stream>
template <class F>
bool Connection<Stream>::guarded(F pull) {
  try {
    pull();
    return true;
  } catch (const std::exception& error) {
    if (service_.report) service_.report(std::string("an answer was cut short: ") + error.what());
  }
  return false;
}

template <class Stream>
awaitable<bool> Connection<Stream>::stream(std::string head, std::shared_ptr<const Spool> spool) {
  const std::uint64_t size = spool->size();
  std::string block(static_cast<std::size_t>(std::min<std::uint64_t>(size, stream_block)), '\0');
  std::uint64_t at = 0;
  do {
    std::size_t n = 0;
    if (!guarded([&] { n = spool->read(at, {block.data(), block.size()}); })) co_return false;
    if (n == 0 && at < size) co_return false;
    at += n;
    const bool written = co_await write(Pieces(head, std::string_view(block.data(), n)));
    if (!written) co_return false;
    head.clear();
  } while (at < size);
  co_return true;
}

template <class Stream>
awaitable<bool> Connection<Stream>::stream(std::string head, std::shared_ptr<BodySource> source, bool chunked) {
  std::string block;
  for (;;) {
    if (!guarded([&] { source->next(block); })) co_return false;
    const bool last = block.empty();
    if (chunked) head += last ? std::string("0\r\n\r\n") : fmt::format("{:x}\r\n", block.size());
    const bool written = co_await write(Pieces(head, block, chunked && !last ? "\r\n" : ""));
    if (!written || last) co_return written;
    head.clear();
  }
}

/// Ends the connection so that the client reads the answer: a close while its bytes are still arriving would reset
/// the connection and may destroy the answer on its way (RFC 9112, 9.6).
template <class Stream>
awaitable<void> Connection<Stream>::linger() {
  expired_ = false;
  enter(Phase::lingering, settings().linger_timeout);
  error_code ec;
  if constexpr (!plain) co_await stream_.async_shutdown(redirect_error(use_awaitable, ec));
  socket().shutdown(asio::socket_base::shutdown_send, ec);
  for (;;) {
    if (ec || cut_ || expired_) co_return;
    in_.consume(in_.size());
    const std::span<char> room = in_.prepare();
    co_await socket().async_read_some(asio::buffer(room.data(), room.size()), redirect_error(use_awaitable, ec));
  }
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
                       const std::function<void()>& ended, std::shared_ptr<asio::ssl::context> context) {
  auto connection = std::make_unique<Connection<TlsStream>>(worker, service, std::move(peer_address), ended,
                                                            std::move(socket), *context);
  asio::co_spawn(worker.io(), serve(std::move(connection), service), asio::detached);
}

}  // namespace ballast::http
