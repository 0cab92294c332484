#include "graphql/compiled_query.hpp"

#include <algorithm>

#include "graphql/filter.hpp"

namespace ballast::graphql {
namespace {

/// A scalar's text needs no type to be known.
std::string scalar_text(const Input& input) {
  static const TypeDefinition scalar;
  return database_text(input, scalar);
}

}  // namespace

Result<sql::Statement> bind_values(const CompiledQuery& query, const CompiledQuery::Field& field,
                                   const Variables& variables, const sql::Dialect& dialect) {
  sql::Statement statement = field.plan.statements.front();
  for (const compile::Slot& slot : field.plan.slots) {
    if (slot.slot < 0) continue;
    const Input* input = variable(variables, query.slots.places()[static_cast<std::size_t>(slot.slot)]);
    if (input == nullptr) continue;
    BALLAST_TRY(statement.params[slot.param], compile::bind_value(slot.op, slot.type, scalar_text(*input), dialect));
  }
  return statement;
}

bool rebindable(const CompiledQuery& query) {
  for (std::size_t number = 0; number < query.slots.places().size(); ++number) {
    const bool placed = std::ranges::any_of(query.fields, [&](const auto& field) {
      return std::ranges::any_of(field->plan.slots,
                                 [&](const compile::Slot& slot) { return slot.slot == static_cast<int>(number); });
    });
    if (!placed) return false;
  }
  return true;
}

std::shared_ptr<const CompiledQuery> QueryCache::find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->query;
}

void QueryCache::insert(const std::string& key, std::shared_ptr<const CompiledQuery> query) {
  if (capacity_ == 0) return;
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(key)) return;
  entries_.push_front({key, std::move(query)});
  by_key_.emplace(entries_.front().key, entries_.begin());
  if (entries_.size() <= capacity_) return;
  by_key_.erase(entries_.back().key);
  entries_.pop_back();
}

}  // namespace ballast::graphql
