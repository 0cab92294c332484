#include "graphql/cost.hpp"

#include <algorithm>
#include <limits>

namespace ballast::graphql {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

std::uint64_t add(std::uint64_t a, std::uint64_t b) { return a > most - b ? most : a + b; }
std::uint64_t multiply(std::uint64_t a, std::uint64_t b) { return b != 0 && a > most / b ? most : a * b; }

/// As many as PostgreSQL's planner gives a table of narrow rows that it knows nothing about.
constexpr std::uint64_t assumed_rows = 1'000;

std::uint64_t estimate(const query::Read& read, const catalog::Snapshot& snapshot) {
  const auto* relation = snapshot.relation(read.schema, read.relation);
  if (relation == nullptr) return 0;
  if (relation->estimated_rows < 1) return relation->is_view ? 0 : assumed_rows;
  return static_cast<std::uint64_t>(std::min(relation->estimated_rows, 1e18));
}

bool totals(const query::Read& read) {
  return std::ranges::any_of(
      read.outputs, [](const query::Output& output) { return std::holds_alternative<query::AggregateOutput>(output); });
}

/// Of one parent.
std::uint64_t page_of(const query::Read& read, std::uint64_t known) {
  std::uint64_t rows = totals(read) ? known : read.limit.value_or(known);
  if (known > 0) rows = std::min(rows, known);
  return std::max<std::uint64_t>(1, rows);
}

std::uint64_t cost(const query::Read& read, std::uint64_t rows, const catalog::Snapshot& snapshot) {
  std::uint64_t sum = rows;
  for (const query::Output& output : read.outputs) {
    const auto* embed = std::get_if<query::EmbedOutput>(&output);
    if (embed == nullptr) continue;
    const auto& relationship = embed->relationship;
    const std::uint64_t known = estimate(*embed->child, snapshot);
    std::uint64_t below = rows;
    if (!relationship.to_one()) {
      below = multiply(rows, page_of(*embed->child, known));
      const bool one_parent = !relationship.computed() && !relationship.junction;
      if (one_parent && known > 0) below = std::min(below, known);
    }
    sum = add(sum, cost(*embed->child, below, snapshot));
  }
  return sum;
}

}  // namespace

std::uint64_t cost_of(const query::Tree& tree, const catalog::Snapshot& snapshot) {
  std::uint64_t sum = 0;
  for (const query::Read& read : tree.reads) {
    sum = add(sum, cost(read, page_of(read, estimate(read, snapshot)), snapshot));
  }
  return sum;
}

}  // namespace ballast::graphql
