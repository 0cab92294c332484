#include "graphql/validation.hpp"

#include <utility>

namespace ballast::graphql {
namespace {

constexpr std::string_view code = "GRAPHQL_VALIDATION_FAILED";

}  // namespace

Validation::Validation(const Document& to_validate, const Schema& against, const ValidationLimits& bounds)
    : document(to_validate),
      schema(against),
      limits(bounds),
      suggestions(bounds.suggestions && against.introspection()),
      operations(to_validate.operations.size()),
      work_(bounds.max_work) {
  for (const Fragment& fragment : document.fragments) {
    fragments.try_emplace(&fragment);
    fragments_by_name_.emplace(fragment.name, &fragment);
  }
}

const Fragment* Validation::fragment(std::string_view name) const noexcept {
  const auto found = fragments_by_name_.find(name);
  return found == fragments_by_name_.end() ? nullptr : found->second;
}

void Validation::report(std::string message, std::vector<Position> at) {
  if (problems_.size() >= limits.max_problems) {
    too_many_ = true;
    return;
  }
  problems_.push_back({std::move(message), std::move(at), std::string(code), {}});
}

Problems Validation::take() {
  if (work_.spent()) {
    // Rules that stopped half-way may have reported what the other half would have explained.
    return {{"Document is too complex to be validated.", {}, std::string(code), {}}};
  }
  if (too_many_) {
    problems_.push_back(
        {"Too many validation errors, error limit reached. Validation aborted.", {}, std::string(code), {}});
  }
  return std::move(problems_);
}

}  // namespace ballast::graphql
