#pragma once

#include <cstddef>

namespace ballast::json {

struct Limits {
  /// Bytes. Above every body limit a server would set; it only guards callers that have none of their own.
  std::size_t size = std::size_t{256} << 20;
  /// Nesting. PostgreSQL's own stack ends near 6,000 levels; no data anybody keeps comes near 100.
  int depth = 100;
};

}  // namespace ballast::json
