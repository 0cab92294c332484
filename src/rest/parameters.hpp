#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "rest/page.hpp"
#include "rest/settings.hpp"
#include "rest/syntax.hpp"

namespace ballast::rest {

/// Everything a query string says.
///
///     key ::= 'select' | 'columns' | 'on_conflict'
///           | [ embeds '.' ] ( 'order' | 'limit' | 'offset' | [ 'not.' ] ( 'and' | 'or' ) )
///           | [ embeds '.' ] field                                                             a filter
///     embeds ::= name ( '.' name )*
struct Parameters {
  Select select;
  std::vector<At<Filter>> filters;
  std::vector<At<Logic>> logic;
  std::vector<At<std::vector<Ordering>>> orders;
  std::vector<At<std::uint64_t>> limits;
  std::vector<At<std::uint64_t>> offsets;
  std::optional<std::vector<std::string>> columns;
  std::optional<std::vector<std::string>> on_conflict;
  int slots = 0;  ///< values that do not belong to the shape, numbered as they come
  friend bool operator==(const Parameters&, const Parameters&) = default;
};

/// `query` is a raw query string. 400 PGRST100 for what does not parse, for text that is no UTF-8 once decoded and
/// for the first limit passed. Values are numbered exactly where `bindable_value` finds one.
Result<Parameters> parse_parameters(std::string_view query, const Settings& settings);

/// One raw `key=value`; `value` starts behind '='.
struct RawParameter {
  std::string_view key;
  std::string_view value;
};

/// Walks a query string; empty parts are skipped.
class RawParameters {
 public:
  explicit RawParameters(std::string_view query) : rest_(query) {}
  bool next(RawParameter& parameter) noexcept;

 private:
  std::string_view rest_;
};

/// `select`, `order`, `embed.limit` …: what is no filter whatever its value says.
bool is_reserved_parameter(std::string_view key) noexcept;

/// The length of the part of a raw value that belongs to the request's shape; `npos` when all of it does. Pure text,
/// so that the plan cache can ask without parsing.
std::size_t bindable_value(const RawParameter& parameter) noexcept;

}  // namespace ballast::rest
