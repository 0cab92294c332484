#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

/// Which part of the rows is asked for: `limit` and `offset`, or a Range header.
namespace ballast::rest {

struct Page {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> limit;
  friend bool operator==(const Page&, const Page&) = default;
};

/// 416 PGRST103.
Error unsatisfiable(std::string_view details);

/// `limit=…` and `offset=…`: an integer of at least zero. 416 PGRST103 when negative, 400 PGRST100 when no integer.
Result<std::uint64_t> parse_limit(std::string_view text);
Result<std::uint64_t> parse_offset(std::string_view text);

/// A Range header in items, both ends included. Anything of another form (`bytes=…`) asks for everything, as
/// RFC 9110 section 14.2 wants unknown units ignored. 416 PGRST103 when the end lies before the start.
///
///     range ::= digit+ '-' digit*
Result<Page> parse_range(std::string_view header);

/// The rows that both ask for.
Page intersection(const Page& a, const Page& b);

}  // namespace ballast::rest
