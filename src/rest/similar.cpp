#include "rest/similar.hpp"

#include <algorithm>
#include <array>

#include "text/chars.hpp"

namespace ballast::rest {
namespace {

constexpr std::size_t longest = 64;

std::string folded(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = text::lower(c);
  return lower;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::size_t, longest + 1> row;
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

bool share_letters(std::string_view a, std::string_view b) {
  for (std::size_t i = 0; i + 2 <= a.size(); ++i) {
    if (b.find(a.substr(i, 2)) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::string similar(std::string_view wanted, std::span<const std::string> candidates, double least) {
  if (wanted.size() > longest) return {};
  const std::string mine = folded(wanted);
  const std::string* best = nullptr;
  double best_score = 0;
  for (const auto& candidate : candidates) {
    if (candidate.empty() || candidate.size() > longest || candidate == wanted) continue;
    const std::string theirs = folded(candidate);
    if (!share_letters(mine, theirs)) continue;
    const double score =
        1 - static_cast<double>(distance(mine, theirs)) / static_cast<double>(std::max(mine.size(), theirs.size()));
    if (score >= least && score > best_score) {
      best = &candidate;
      best_score = score;
    }
  }
  return best == nullptr ? std::string() : *best;
}

}  // namespace ballast::rest
