#include "base/nearest.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace ballast {
namespace {

constexpr std::size_t max_length = 64;

char folded(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// Optimal string alignment: neighbours that changed places count once, since that is how fingers slip.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, max_length + 1>, 3> rows{};  // of i - 2, i - 1 and i, by turns
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::string nearest(std::string_view wanted, std::span<const std::string> candidates) {
  std::string best;
  if (wanted.empty() || wanted.size() > max_length) return best;
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    if (candidate.size() > max_length) continue;
    const std::size_t d = distance(wanted, candidate);
    if (d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

}  // namespace ballast
