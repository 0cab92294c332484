#pragma once

#include <poll.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <span>
#include <type_traits>
#include <utility>

#include "http/pieces.hpp"
#include "http/service.hpp"
#include "http/session.hpp"
#include "http/worker.hpp"

namespace ballast::http {

/// One connection's transport, plain (`Socket`) or TLS, with its deadlines: what the worker's sweep acts upon. The
/// sweep cancels the operation that is waiting; `expired()` and `was_cut()` say afterwards that it did.
template <class Stream>
class Link : public Watched {
 public:
  static constexpr bool plain = std::is_same_v<Stream, Socket>;
  enum class Phase : std::uint8_t { idle, header, body, handling, writing, lingering };

  template <class... Args>
  Link(Worker& worker, Service& service, const std::function<void()>& ended, Args&&... args)
      : worker_(worker), service_(service), ended_(ended), stream_(std::forward<Args>(args)...) {
    worker_.watch(*this);
  }
  ~Link() override {
    this->unlink();
    service_.open.fetch_sub(1, std::memory_order_relaxed);
    if (ended_) ended_();
  }

  /// All of it, as fast as the client takes it. False: the client is gone, or took nothing for too long.
  boost::asio::awaitable<bool> write(Pieces pieces);
  void report(const std::string& what) const {
    if (service_.report) service_.report(what);
  }

  void expire() noexcept override {
    clear_deadline();
    expired_ = true;
    boost::system::error_code ignored;
    socket().cancel(ignored);
  }
  void drain() noexcept override {
    if (phase_ != Phase::idle) return;
    boost::system::error_code ignored;  // a request that arrived just now is still answered
    socket().cancel(ignored);
  }
  void cut() noexcept override {
    cut_ = true;
    boost::system::error_code ignored;
    socket().close(ignored);
  }

 protected:
  using error_code = boost::system::error_code;
  template <class T>
  using awaitable = boost::asio::awaitable<T>;

  Worker& worker() noexcept { return worker_; }
  const Worker& worker() const noexcept { return worker_; }
  Service& service() noexcept { return service_; }
  const Settings& settings() const noexcept { return service_.settings; }

  Phase phase() const noexcept { return phase_; }
  /// Without a deadline.
  void enter(Phase phase) noexcept {
    phase_ = phase;
    clear_deadline();
  }
  void enter(Phase phase, Duration limit) noexcept {
    phase_ = phase;
    set_deadline(worker_.now() + limit);
  }
  /// The deadline passed since the last `forgive()` or write.
  bool expired() const noexcept { return expired_; }
  bool was_cut() const noexcept { return cut_; }
  void forgive() noexcept { expired_ = false; }

  /// Bytes that still lie in front of the end do not hide it.
  bool peer_left() noexcept {
    pollfd watched{socket().native_handle(), POLLRDHUP, 0};
    return ::poll(&watched, 1, 0) > 0;
  }

  /// TLS only.
  auto shake_hands(error_code& ec) {
    return stream_.async_handshake(boost::asio::ssl::stream_base::server,
                                   boost::asio::redirect_error(boost::asio::use_awaitable, ec));
  }
  /// Some bytes, once there are any.
  awaitable<std::size_t> read(std::span<char> room, error_code& ec) {
    return stream_.async_read_some(boost::asio::buffer(room.data(), room.size()),
                                   boost::asio::redirect_error(boost::asio::use_awaitable, ec));
  }
  /// What the socket takes without waiting; 0 when that is nothing. Plain only: TLS may not be left mid-record.
  std::size_t write_now(std::string_view bytes) {
    error_code ec;
    const std::size_t n = stream_.write_some(boost::asio::buffer(bytes), ec);
    worker_.counters.bytes_out.add(n);
    return ec ? 0 : n;
  }
  /// Ends the connection so that the client reads the answer: a close while its bytes are still arriving would reset
  /// the connection and may destroy the answer on its way (RFC 9112, 9.6).
  awaitable<void> linger(std::span<char> scratch);

 private:
  Socket& socket() noexcept {
    if constexpr (plain) {
      return stream_;
    } else {
      return stream_.next_layer();
    }
  }

  Worker& worker_;
  Service& service_;
  const std::function<void()>& ended_;
  Stream stream_;
  Phase phase_ = Phase::idle;
  bool expired_ = false;
  bool cut_ = false;
};

template <class Stream>
boost::asio::awaitable<bool> Link<Stream>::write(Pieces pieces) {
  forgive();
  while (!pieces.empty()) {
    enter(Phase::writing, settings().write_timeout);
    error_code ec;
    const std::size_t n =
        co_await stream_.async_write_some(pieces, boost::asio::redirect_error(boost::asio::use_awaitable, ec));
    worker_.counters.bytes_out.add(n);
    pieces.consume(n);
    if (ec || cut_ || expired_) co_return false;
  }
  co_return true;
}

template <class Stream>
boost::asio::awaitable<void> Link<Stream>::linger(std::span<char> scratch) {
  forgive();
  enter(Phase::lingering, settings().linger_timeout);
  error_code ec;
  if constexpr (!plain) {
    co_await stream_.async_shutdown(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
  }
  socket().shutdown(boost::asio::socket_base::shutdown_send, ec);
  while (!ec && !cut_ && !expired_) {
    co_await socket().async_read_some(boost::asio::buffer(scratch.data(), scratch.size()),
                                      boost::asio::redirect_error(boost::asio::use_awaitable, ec));
  }
}

}  // namespace ballast::http
