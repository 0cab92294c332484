#include "rest/page.hpp"

#include <algorithm>
#include <charconv>

#include "rest/failure.hpp"
#include "text/cursor.hpp"

namespace ballast::rest {
namespace {

/// Offsets travel as signed 64-bit integers in SQL.
constexpr std::uint64_t largest = static_cast<std::uint64_t>(INT64_MAX);

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  if (failed == std::errc::result_out_of_range) return largest;
  if (failed != std::errc()) return std::nullopt;
  return std::min(value, largest);
}

Result<std::uint64_t> bound(std::string_view what, std::string_view text, std::string_view below_zero) {
  if (text.size() > 1 && text.front() == '-' && number(text.substr(1)).value_or(0) > 0)
    return unsatisfiable(below_zero);
  if (const auto value = number(text.starts_with('-') ? text.substr(1) : text)) return *value;
  std::size_t at = 0;
  while (at < text.size() && text::is(text[at], text::digit)) ++at;
  return parse_failure(std::string(what) + " parameter", text, at,
                       text.empty() ? "an integer" : "digit or end of input");
}

}  // namespace

Error unsatisfiable(std::string_view details) {
  return make_error(416, "PGRST103", "Requested range not satisfiable").with_details(std::string(details));
}

Result<std::uint64_t> parse_limit(std::string_view text) {
  return bound("limit", text, "Limit should be greater than or equal to zero.");
}

Result<std::uint64_t> parse_offset(std::string_view text) {
  return bound("offset", text, "Offset should be greater than or equal to zero.");
}

Result<Page> parse_range(std::string_view header) {
  text::Cursor at(header);
  const auto first = number(at.run(text::digit));
  if (!first || !at.eat('-')) return Page{};
  const std::string_view end = at.run(text::digit);
  if (!at.done()) return Page{};
  Page page;
  page.offset = *first;
  if (end.empty()) return page;
  const std::uint64_t last = *number(end);
  if (last < *first) {
    return unsatisfiable("The lower boundary must be lower than or equal to the upper boundary in the Range header.");
  }
  page.limit = std::min(last - *first + 1, largest);
  return page;
}

Page intersection(const Page& a, const Page& b) {
  const auto end_of = [](const Page& page) {
    if (!page.limit || *page.limit > largest - page.offset) return largest;
    return page.offset + *page.limit;
  };
  Page both;
  both.offset = std::max(a.offset, b.offset);
  if (!a.limit && !b.limit) return both;
  const std::uint64_t end = std::min(end_of(a), end_of(b));
  both.limit = end > both.offset ? end - both.offset : 0;
  return both;
}

}  // namespace ballast::rest
