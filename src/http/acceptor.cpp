#include "http/acceptor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ballast::http {
namespace {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;
using Endpoint = asio::generic::stream_protocol::endpoint;

/// Between attempts to accept while descriptors or memory are short: trying at once would spin, since the
/// connection stays in the queue.
constexpr std::chrono::milliseconds shortage_pause{100};

constexpr std::string_view too_many =
    "HTTP/1.1 503 Service Unavailable\r\n"
    "Content-Type: application/problem+json\r\n"
    "Retry-After: 1\r\n"
    "Connection: close\r\n"
    "Content-Length: 131\r\n\r\n"
    R"({"type":"about:blank","title":"Service Unavailable","status":503,"detail":"the server has no connection to spare","code":"BLST503"})";

std::string address_of(const Endpoint& peer) {
  char text[INET6_ADDRSTRLEN] = "";
  const auto* any = static_cast<const sockaddr*>(peer.data());
  if (any->sa_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(any)->sin_addr, text, sizeof text);
  } else if (any->sa_family == AF_INET6) {
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(any)->sin6_addr, text, sizeof text);
  } else {
    return "unix";
  }
  return text;
}

bool is_shortage(const error_code& ec) {
  return ec.category() == boost::system::system_category() &&
         (ec.value() == EMFILE || ec.value() == ENFILE || ec.value() == ENOBUFS || ec.value() == ENOMEM);
}

}  // namespace

void Acceptor::start() { asio::co_spawn(worker_.io(), loop(), asio::detached); }

asio::awaitable<void> Acceptor::loop() {
  while (acceptor_.is_open()) {
    Socket socket(worker_.io());
    Endpoint peer;
    error_code ec;
    co_await acceptor_.async_accept(socket, peer, redirect_error(use_awaitable, ec));
    if (!ec) {
      exhausted_ = false;
      admit(std::move(socket), peer);
    } else if (is_shortage(ec) && acceptor_.is_open()) {
      if (!exhausted_ && service_.report) service_.report("connections cannot be accepted: " + ec.message());
      exhausted_ = true;
      pause_.expires_after(shortage_pause);
      co_await pause_.async_wait(redirect_error(use_awaitable, ec));
    }
  }
}

void Acceptor::close() {
  error_code ec;
  acceptor_.non_blocking(true, ec);
  while (!ec) {
    Socket socket(worker_.io());
    Endpoint peer;
    acceptor_.accept(socket, peer, ec);
    if (!ec) admit(std::move(socket), peer);
  }
  acceptor_.close(ec);
  pause_.cancel();
}

void Acceptor::admit(Socket socket, const Endpoint& peer) {
  if (service_.open.fetch_add(1, std::memory_order_relaxed) >= service_.settings.max_connections) {
    service_.open.fetch_sub(1, std::memory_order_relaxed);
    worker_.counters.connections_refused.add();
    turn_away(std::move(socket));
    return;
  }
  worker_.counters.connections_total.add();
  error_code ec;
  socket.non_blocking(true, ec);
  if (family_ != AF_UNIX) {
    const int on = 1;  // answers are written whole: waiting for more only delays them
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  if (tls_ != nullptr) {
    start_tls_session(worker_, service_, std::move(socket), address_of(peer), ended_, *tls_->get());
  } else {
    start_session(worker_, service_, std::move(socket), address_of(peer), ended_);
  }
}

/// As cheap as can be: one send, no wait. What the client sent already is read, since closing with unread bytes
/// resets the connection.
void Acceptor::turn_away(Socket socket) {
  if (tls_ != nullptr) return;
  const int descriptor = socket.native_handle();
  char unread[4096];
  (void)::recv(descriptor, unread, sizeof unread, MSG_DONTWAIT);
  (void)::send(descriptor, too_many.data(), too_many.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  ::shutdown(descriptor, SHUT_WR);
}

}  // namespace ballast::http
