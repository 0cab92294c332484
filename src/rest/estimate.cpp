#include "rest/estimate.hpp"

#include <algorithm>
#include <charconv>

namespace ballast::rest {

Result<void> EstimateSink::row(std::span<const sql::Cell> cells) {
  if (!cells.empty()) text_.append(cells.front().text);
  return {};
}

std::int64_t EstimateSink::rows() const {
  // The outermost node's members stand before those of the nodes below it.
  constexpr std::string_view key = "\"Plan Rows\":";
  const std::size_t at = text_.find(key);
  if (at == std::string::npos) return 0;
  const std::size_t digits = text_.find_first_of("0123456789", at + key.size());
  if (digits == std::string::npos) return 0;
  std::int64_t rows = 0;
  std::from_chars(text_.data() + digits, text_.data() + text_.size(), rows);
  return rows;
}

std::int64_t estimated_total(query::Count count, std::optional<std::int64_t> counted, std::int64_t guess,
                             std::uint64_t max_rows) noexcept {
  if (count == query::Count::planned || !counted) return guess;
  const bool gave_up = max_rows == 0 || *counted > static_cast<std::int64_t>(max_rows);
  return gave_up ? std::max(*counted, guess) : *counted;
}

}  // namespace ballast::rest
