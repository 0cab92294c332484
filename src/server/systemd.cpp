#include "server/systemd.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace ballast::server {

void notify_manager(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || (path[0] != '/' && path[0] != '@')) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // abstract namespace, unix(7)
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  // A manager that does not listen must not stop the server: the outcome is of no consequence.
  [[maybe_unused]] const auto sent =
      ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), size);
  ::close(socket);
}

void notify_reloading() {
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch());
  notify_manager(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
}

std::optional<std::chrono::microseconds> watchdog_interval() {
  const char* value = std::getenv("WATCHDOG_USEC");
  if (value == nullptr) return std::nullopt;
  const std::string_view text = value;
  long long microseconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), microseconds);
  if (failure != std::errc() || end != text.data() + text.size() || microseconds <= 0) return std::nullopt;
  return std::chrono::microseconds(microseconds / 2);
}

}  // namespace ballast::server
