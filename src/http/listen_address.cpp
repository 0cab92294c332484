#include "http/listen_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace ballast::http {
namespace {

Error malformed(std::string_view text) {
  return make_error(400, "BLST_LISTEN",
                    "expected ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH, not \"" + std::string(text) + "\"")
      .with_hint("for example 127.0.0.1:8080, [::1]:8080, *:80 or unix:/run/ballast/ballast.sock");
}

Error failed(const ListenAddress& address, int error) {
  Error failure =
      make_error(500, "BLST_LISTEN", "cannot listen on " + address.to_string() + ": " + std::strerror(error));
  if (error == EADDRINUSE) failure.hint = "another program listens there; stop it or choose another port";
  if (error == EACCES) failure.hint = "ports below 1024 and foreign folders need permission";
  return failure;
}

/// An address as the socket calls take it.
struct Native {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};

Native to_native(const ListenAddress& address) {
  Native native;
  if (address.host.find(':') != std::string::npos) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(native.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    ::inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr);
    native.size = sizeof v6;
  } else {
    auto& v4 = reinterpret_cast<sockaddr_in&>(native.storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    ::inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr);
    native.size = sizeof v4;
  }
  return native;
}

/// 0, or errno.
int open_tcp(const ListenAddress& address, bool reuse_port, FileDescriptor& socket) {
  const Native native = to_native(address);
  socket = FileDescriptor(::socket(native.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return errno;
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (reuse_port) ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (native.get()->sa_family == AF_INET6) ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  return ::bind(socket.get(), native.get(), native.size) == 0 ? 0 : errno;
}

std::uint16_t bound_port(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size);
  return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(storage).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(storage).sin_port);
}

Result<std::vector<FileDescriptor>> open_tcp_listeners(ListenAddress& address, unsigned copies,
                                                       const Settings& settings) {
  if (address.port != 0) {
    // SO_REUSEPORT would share the port with another server of the same user without a word: ask without it first.
    FileDescriptor probe;
    if (const int error = open_tcp(address, false, probe); error != 0) return failed(address, error);
    if (::listen(probe.get(), 1) != 0) return failed(address, errno);
  }
  std::vector<FileDescriptor> listeners;
  for (unsigned i = 0; i < copies; ++i) {
    FileDescriptor socket;
    if (const int error = open_tcp(address, true, socket); error != 0) return failed(address, error);
    if (::listen(socket.get(), static_cast<int>(settings.backlog)) != 0) return failed(address, errno);
    address.port = bound_port(socket.get());
    listeners.push_back(std::move(socket));
  }
  return listeners;
}

/// 0 when nothing stands at the path any more, else errno.
int remove_stale_socket(const std::string& path, const sockaddr_un& name) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return errno == ENOENT ? 0 : errno;
  if (!S_ISSOCK(found.st_mode)) return EEXIST;
  const FileDescriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int connected = ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name);
  if (connected == 0 || errno == EAGAIN) return EADDRINUSE;
  return ::unlink(path.c_str()) == 0 ? 0 : errno;
}

Result<std::vector<FileDescriptor>> open_unix_listener(const ListenAddress& address, const Settings& settings) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (address.unix_path.size() >= sizeof name.sun_path) return failed(address, ENAMETOOLONG);
  std::memcpy(name.sun_path, address.unix_path.data(), address.unix_path.size());
  if (const int error = remove_stale_socket(address.unix_path, name); error != 0) return failed(address, error);
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return failed(address, errno);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) return failed(address, errno);
  if (::chmod(address.unix_path.c_str(), settings.unix_socket_mode) != 0) return failed(address, errno);
  if (::listen(socket.get(), static_cast<int>(settings.backlog)) != 0) return failed(address, errno);
  std::vector<FileDescriptor> listeners;
  listeners.push_back(std::move(socket));
  return listeners;
}

}  // namespace

bool ListenAddress::is_loopback() const noexcept { return is_unix() || host == "::1" || host.starts_with("127."); }

std::string ListenAddress::to_string() const {
  if (is_unix()) return "unix:" + unix_path;
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  ListenAddress address;
  if (text.starts_with("unix:")) {
    address.unix_path = text.substr(5);
    if (address.unix_path.empty()) return malformed(text);
    return address;
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return malformed(text);
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || port.empty() || end != port.data() + port.size()) return malformed(text);
  in6_addr ignored{};
  if (host.starts_with('[') && host.ends_with(']')) {
    address.host = host.substr(1, host.size() - 2);
    if (::inet_pton(AF_INET6, address.host.c_str(), &ignored) != 1) return malformed(text);
    return address;
  }
  address.host = host == "localhost" ? "127.0.0.1" : host == "*" ? "0.0.0.0" : std::string(host);
  if (::inet_pton(AF_INET, address.host.c_str(), &ignored) != 1) return malformed(text);
  return address;
}

Result<std::vector<FileDescriptor>> open_listeners(ListenAddress& address, unsigned copies, const Settings& settings) {
  if (address.is_unix()) return open_unix_listener(address, settings);
  return open_tcp_listeners(address, copies, settings);
}

}  // namespace ballast::http
