#include "http/socket_activation.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace ballast::http {
namespace {

constexpr int first_descriptor = 3;  // SD_LISTEN_FDS_START
constexpr int most_descriptors = 256;

int number_from(const char* variable) {
  const char* found = std::getenv(variable);
  if (found == nullptr) return 0;
  const std::string_view text = found;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

bool listens(int descriptor) {
  int accepts = 0;
  socklen_t size = sizeof accepts;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size) == 0 && accepts != 0;
}

}  // namespace

std::vector<ActivatedSocket> take_activated_sockets() {
  std::vector<ActivatedSocket> sockets;
  const bool ours = number_from("LISTEN_PID") == ::getpid();
  const int count = ours ? std::clamp(number_from("LISTEN_FDS"), 0, most_descriptors) : 0;
  const char* all_names = std::getenv("LISTEN_FDNAMES");
  std::string_view names = all_names == nullptr ? "" : all_names;
  for (int i = 0; i < count; ++i) {
    const int descriptor = first_descriptor + i;
    const std::string_view name = names.substr(0, names.find(':'));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    if (!listens(descriptor)) continue;
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    sockets.push_back({FileDescriptor(descriptor), name.empty() ? "unknown" : std::string(name)});
  }
  if (ours) {
    for (const char* variable : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(variable);
  }
  return sockets;
}

}  // namespace ballast::http
