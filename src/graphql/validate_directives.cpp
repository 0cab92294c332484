#include "graphql/validate_directives.hpp"

#include <algorithm>

#include "graphql/shown.hpp"
#include "graphql/validate_arguments.hpp"

namespace ballast::graphql {

std::string_view operation_location(OperationType type) noexcept {
  switch (type) {
    case OperationType::query:
      return "QUERY";
    case OperationType::mutation:
      return "MUTATION";
    case OperationType::subscription:
      return "SUBSCRIPTION";
  }
  return "QUERY";
}

void check_directives(Validation& validation, References& references, const std::vector<Directive>& directives,
                      std::string_view location) {
  std::unordered_map<std::string_view, const Directive*> seen;
  for (const Directive& directive : directives) {
    if (!validation.spend()) return;
    const DirectiveDefinition* definition = validation.schema.directive(directive.name);
    const std::string name = quoted("@" + directive.name);
    if (definition == nullptr) {
      validation.report("Unknown directive " + name + ".", {directive.at});
    } else {
      if (std::ranges::find(definition->locations, location) == definition->locations.end()) {
        validation.report("Directive " + name + " may not be used on " + std::string(location) + ".", {directive.at});
      }
      const auto [first, fresh] = seen.emplace(directive.name, &directive);
      if (!fresh) {
        validation.report("The directive " + name + " can only be used once at this location.",
                          {first->second->at, directive.at});
      }
    }
    check_arguments(validation, references, directive, definition);
  }
}

}  // namespace ballast::graphql
