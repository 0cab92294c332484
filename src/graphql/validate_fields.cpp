#include "graphql/validate_fields.hpp"

#include <algorithm>

#include "graphql/shown.hpp"

namespace ballast::graphql {
namespace {

constexpr std::size_t max_types_suggested = 5;

/// ` Did you mean to use an inline fragment on "Account" or "Blog"?`, or nothing.
std::string suggest_types(Validation& validation, const TypeDefinition& parent, std::string_view field) {
  if (parent.possible_types.empty() || !validation.suggestions.afford(parent.possible_types.size())) return "";
  std::vector<std::string> having;
  for (const TypeDefinition* type : parent.possible_types) {
    if (validation.names.field(validation.schema, *type, field) != nullptr) having.push_back(quoted(type->name));
  }
  if (having.empty()) return "";
  std::ranges::sort(having);
  having.resize(std::min(having.size(), max_types_suggested));
  std::string out = " Did you mean to use an inline fragment on ";
  for (std::size_t i = 0; i < having.size(); ++i) {
    if (i > 0 && having.size() > 2) out += ",";
    if (i > 0) out += i + 1 == having.size() ? " or " : " ";
    out += having[i];
  }
  return out + "?";
}

}  // namespace

void check_field(Validation& validation, const Field& field, const TypeDefinition& parent,
                 const FieldDefinition* definition) {
  if (definition == nullptr) {
    std::string suggestion = suggest_types(validation, parent, field.name);
    if (suggestion.empty()) suggestion = validation.suggestions.did_you_mean(field.name, parent.fields);
    validation.report("Cannot query field " + quoted(field.name) + " on type " + quoted(parent.name) + "." + suggestion,
                      {field.at});
    return;
  }
  const TypeUse& type = definition->type;
  if (!type.named->composite() && !field.selections.empty()) {
    validation.report("Field " + quoted(field.name) + " must not have a selection since type " + quoted(type.print()) +
                          " has no subfields.",
                      {field.at});
  } else if (type.named->composite() && field.selections.empty()) {
    validation.report("Field " + quoted(field.name) + " of type " + quoted(type.print()) +
                          " must have a selection of subfields. Did you mean " + quoted(field.name + " { ... }") + "?",
                      {field.at});
  }
}

}  // namespace ballast::graphql
