#include "graphql/cost.hpp"

#include <algorithm>
#include <limits>

namespace ballast::graphql {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

std::uint64_t add(std::uint64_t a, std::uint64_t b) { return a > most - b ? most : a + b; }
std::uint64_t multiply(std::uint64_t a, std::uint64_t b) { return b != 0 && a > most / b ? most : a * b; }

std::uint64_t estimate(const query::Read& read, const catalog::Snapshot& snapshot) {
  const auto* relation = snapshot.relation(read.schema, read.relation);
  if (relation == nullptr || relation->estimated_rows < 1) return 0;
  return static_cast<std::uint64_t>(std::min(relation->estimated_rows, 1e18));
}

std::uint64_t cost(const query::Read& read, bool to_one, const catalog::Snapshot& snapshot) {
  std::uint64_t below = 0;
  bool totals = false;
  for (const query::Output& output : read.outputs) {
    totals = totals || std::holds_alternative<query::AggregateOutput>(output);
    if (const auto* embed = std::get_if<query::EmbedOutput>(&output)) {
      below = add(below, cost(*embed->child, embed->relationship.to_one(), snapshot));
    }
  }
  const std::uint64_t known = estimate(read, snapshot);
  if (totals) return std::max<std::uint64_t>(1, known);
  std::uint64_t rows = read.limit.value_or(known);
  if (known > 0) rows = std::min(rows, known);
  if (to_one) rows = 1;
  return multiply(std::max<std::uint64_t>(1, rows), add(1, below));
}

}  // namespace

std::uint64_t cost_of(const query::Tree& tree, const catalog::Snapshot& snapshot) {
  std::uint64_t sum = 0;
  for (const query::Read& read : tree.reads) sum = add(sum, cost(read, false, snapshot));
  return sum;
}

}  // namespace ballast::graphql
