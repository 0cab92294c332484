#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/settings.hpp"

/// JSON from outside: validated whole, bounded, and kept as the text it was written in, so that 64-bit integers and
/// decimals reach the database digit by digit. Views point into the text that was given, which outlives them.
///
/// Every mistake is 400 PGRST102 "Empty or invalid json" with line and column in `details`.
namespace ballast::json {

enum class ValueKind : std::uint8_t { null, boolean, number, string, array, object };

/// Requires a valid value.
ValueKind kind_of(std::string_view raw) noexcept;

/// One valid JSON value without the white space around it.
struct Document {
  std::string_view raw;
  ValueKind kind = ValueKind::null;
};

Result<Document> parse(std::string_view text, Limits limits = {});

struct Member {
  std::string key;       ///< decoded
  std::string_view raw;  ///< the value as written
  friend bool operator==(const Member&, const Member&) = default;
};
/// In the order in which the keys first appear.
using Members = std::vector<Member>;

/// The members of a valid object (`kind_of(raw) == object`); of duplicate keys the last value wins.
Members members(std::string_view raw);

/// A member's value as written; empty when there is none of that key.
std::string_view find(const Members& members, std::string_view key);

/// Reuses `out` and its strings' capacity.
void members(std::string_view raw, Members& out);

/// The elements of a valid array (`kind_of(raw) == array`), in order, until `visit` fails.
Result<void> each_element(std::string_view raw, const std::function<Result<void>(std::string_view element)>& visit);

/// `PGRST102` for a mistake at byte `at` of `text`: "line 3, column 7: expected ':' after the key".
Error invalid_json(std::string_view text, std::size_t at, std::string_view what);

}  // namespace ballast::json
