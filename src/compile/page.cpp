#include "compile/page.hpp"

#include <algorithm>
#include <limits>

namespace ballast::compile {

std::int64_t clamped(std::uint64_t value) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(value, most));
}

void write_page(sql::Writer& out, const query::Read& read) {
  if (read.limit) {
    out.text(" LIMIT ").value(clamped(*read.limit));
  } else if (read.offset > 0 && out.sqlite()) {
    out.text(" LIMIT -1");  // SQLite has no OFFSET without LIMIT
  }
  if (read.offset > 0) out.text(" OFFSET ").value(clamped(read.offset));
}

}  // namespace ballast::compile
