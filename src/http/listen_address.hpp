#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/file_descriptor.hpp"
#include "http/settings.hpp"

namespace ballast::http {

/// Where to listen: an IP address and port, or a unix socket's path.
struct ListenAddress {
  std::string host;        ///< "127.0.0.1", "::1"; empty for a unix socket
  std::uint16_t port = 0;  ///< 0: any free one
  std::string unix_path;

  bool is_unix() const noexcept { return !unix_path.empty(); }
  bool is_loopback() const noexcept;
  std::string to_string() const;

  /// `ADDRESS:PORT`, `[V6ADDRESS]:PORT`, `localhost:PORT`, `*:PORT` (every IPv4 address) or `unix:PATH`.
  static Result<ListenAddress> parse(std::string_view text);

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// Bound and listening sockets for an address, non-blocking and close-on-exec: for TCP `copies` of them with
/// SO_REUSEPORT, so that the kernel spreads connections; one for a unix socket, whose stale file is replaced and gets
/// `settings.unix_socket_mode`. Fills in `address.port`. 500 `BLST_LISTEN` when the address is taken or not ours.
Result<std::vector<FileDescriptor>> open_listeners(ListenAddress& address, unsigned copies, const Settings& settings);

}  // namespace ballast::http
