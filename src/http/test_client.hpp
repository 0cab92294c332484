#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cstring>
#include <string>
#include <string_view>

#include "http/file_descriptor.hpp"
#include "http/listen_address.hpp"

namespace ballast::http {

/// A client for tests that says exactly the bytes it is told to. Blocking; gives up after ten seconds.
class TestClient {
 public:
  explicit TestClient(const ListenAddress& server, int receive_buffer = 0, FileDescriptor socket = {})
      : socket_(std::move(socket)) {
    sockaddr_storage storage{};
    socklen_t size = 0;
    if (server.is_unix()) {
      auto& name = reinterpret_cast<sockaddr_un&>(storage);
      name.sun_family = AF_UNIX;
      std::memcpy(name.sun_path, server.unix_path.data(), server.unix_path.size());
      size = sizeof name;
    } else {
      auto& name = reinterpret_cast<sockaddr_in&>(storage);
      name.sin_family = AF_INET;
      name.sin_port = htons(server.port);
      name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      size = sizeof name;
    }
    if (!socket_) socket_ = FileDescriptor(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (receive_buffer != 0) {
      ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&storage), size), 0) << std::strerror(errno);
  }

  int descriptor() const noexcept { return socket_.get(); }

  /// False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void finish_sending() { ::shutdown(socket_.get(), SHUT_WR); }
  void leave() { socket_ = FileDescriptor(); }

  /// The next answer: its header and what Content-Length says follows.
  std::string answer(bool has_body = true) {
    while (received_.find("\r\n\r\n") == std::string::npos) {
      if (!receive()) return take(received_.size());
    }
    const std::size_t header = received_.find("\r\n\r\n") + 4;
    const std::size_t field = received_.find("Content-Length: ");
    const std::size_t body = has_body && field < header ? std::stoul(received_.substr(field + 16)) : 0;
    while (received_.size() < header + body && receive()) continue;
    return take(std::min(header + body, received_.size()));
  }
  /// Everything up to the end of the connection; empty when it ends without a byte. A connection that neither ends
  /// nor sends fails the test.
  std::string rest() {
    while (receive()) continue;
    EXPECT_TRUE(ended_) << "the server neither answered nor closed: " << std::strerror(error_);
    return take(received_.size());
  }
  std::string ask(std::string_view request) {
    send(request);
    return answer();
  }

 private:
  bool receive() {
    char block[65536];
    const ssize_t n = ::recv(socket_.get(), block, sizeof block, 0);
    if (n > 0) {
      received_.append(block, static_cast<std::size_t>(n));
      return true;
    }
    error_ = n < 0 ? errno : 0;
    ended_ = n == 0 || errno == ECONNRESET;
    return false;
  }
  std::string take(std::size_t n) {
    std::string taken = received_.substr(0, n);
    received_.erase(0, n);
    return taken;
  }

  FileDescriptor socket_;
  std::string received_;
  bool ended_ = false;
  int error_ = 0;
};

}  // namespace ballast::http
