#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/session.hpp"
#include "http/tls.hpp"

namespace ballast::http {

/// Accepts connections from one listening socket on one worker and starts their sessions.
class Acceptor {
 public:
  using Native =
      boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;

  /// `tls` null: plain. References outlive the acceptor; `ended` is handed to the sessions.
  Acceptor(Worker& worker, Service& service, const TlsHolder* tls, const std::function<void()>& ended, int family)
      : worker_(worker),
        service_(service),
        tls_(tls),
        ended_(ended),
        family_(family),
        acceptor_(worker.io()),
        pause_(worker.io()) {}

  Native& native() noexcept { return acceptor_; }
  int family() const noexcept { return family_; }
  void start();
  /// Serves what the kernel has queued (closing would reset those), then closes.
  void close();

 private:
  boost::asio::awaitable<void> loop();
  void admit(Socket socket, const boost::asio::generic::stream_protocol::endpoint& peer);
  void turn_away(Socket socket);

  Worker& worker_;
  Service& service_;
  const TlsHolder* tls_;
  const std::function<void()>& ended_;
  const int family_;
  Native acceptor_;
  boost::asio::steady_timer pause_;
  bool exhausted_ = false;  // descriptors or memory ran out, and it has been reported
};

}  // namespace ballast::http
