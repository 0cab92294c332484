#include "graphql/type_view.hpp"

#include "graphql/leniency.hpp"

namespace ballast::graphql {

std::optional<TypeUse> type_use(const Schema& schema, const TypeReference& reference) {
  TypeUse use;
  const TypeReference* at = &reference;
  for (;; at = &**at->items) {
    if (at->non_null) use.wrappers.push_back(TypeUse::Wrapper::non_null);
    if (!at->items) break;
    use.wrappers.push_back(TypeUse::Wrapper::list);
  }
  use.named = schema.type(at->name);
  if (use.named == nullptr) return std::nullopt;
  return use;
}

bool compatible(TypeView given, TypeView expected) noexcept {
  for (bool item = false;; item = true) {
    const bool may_be_null = item && leniency::nullable_items;
    if (expected.non_null() && !given.non_null() && !may_be_null) return false;
    if (expected.list() != given.list()) return false;
    if (!expected.list()) return expected.named == given.named;
    expected = expected.items();
    given = given.items();
  }
}

}  // namespace ballast::graphql
