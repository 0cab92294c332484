#pragma once

#include <vector>

#include "config/load.hpp"

namespace ballast::config {

/// What no single value can get wrong: settings that contradict each other, addresses that are none, paths that
/// cannot be routed.
std::vector<Problem> validate(const Loaded& loaded);

/// "ADDR:PORT", "[IPV6]:PORT" or "unix:PATH".
struct ListenAddress {
  std::string host;     ///< numeric IPv4 or IPv6; empty for unix
  std::uint16_t port = 0;
  std::string path;     ///< unix
  bool loopback() const;
  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};
Result<ListenAddress> parse_listen(std::string_view text);

}  // namespace ballast::config
