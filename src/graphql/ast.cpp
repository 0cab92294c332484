#include "graphql/ast.hpp"

namespace ballast::graphql {

std::string_view to_string(OperationType type) noexcept {
  switch (type) {
    case OperationType::query:
      return "query";
    case OperationType::mutation:
      return "mutation";
    case OperationType::subscription:
      return "subscription";
  }
  return "query";
}

const Fragment* Document::fragment(std::string_view name) const noexcept {
  for (const Fragment& fragment : fragments) {
    if (fragment.name == name) return &fragment;
  }
  return nullptr;
}

}  // namespace ballast::graphql
