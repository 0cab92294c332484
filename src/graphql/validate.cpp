#include "graphql/validate.hpp"

#include "graphql/overlapping_fields.hpp"
#include "graphql/validate_arguments.hpp"
#include "graphql/validate_directives.hpp"
#include "graphql/validate_fields.hpp"
#include "graphql/validate_fragments.hpp"
#include "graphql/validate_operations.hpp"
#include "graphql/validate_variables.hpp"
#include "graphql/validation.hpp"

namespace ballast::graphql {
namespace {

const TypeDefinition* composite(const TypeDefinition* type) noexcept {
  return type != nullptr && type->composite() ? type : nullptr;
}

/// Visits one definition of a document in order, with the type that each selection set is of, and notes what it refers
/// to.
class Walk {
 public:
  Walk(Validation& validation, References& references) : validation_(validation), references_(references) {}

  void operation(const Operation& operation) {
    check_variable_definitions(validation_, references_, operation);
    check_directives(validation_, references_, operation.directives, operation_location(operation.type));
    selections(operation.selections, root_type(validation_.schema, operation.type));
  }

  void fragment(const Fragment& fragment) {
    check_type_condition(validation_, fragment);
    check_directives(validation_, references_, fragment.directives, "FRAGMENT_DEFINITION");
    selections(fragment.selections, composite(validation_.schema.type(fragment.on)));
  }

 private:
  void selections(const std::vector<Selection>& all, const TypeDefinition* parent) {
    for (const Selection& selection : all) {
      if (!validation_.spend() || validation_.stopped()) return;
      std::visit([&](const auto& node) { visit(node, parent); }, selection.node);
    }
  }

  void visit(const Field& field, const TypeDefinition* parent) {
    const FieldDefinition* definition =
        parent == nullptr ? nullptr : validation_.names.field(validation_.schema, *parent, field.name);
    validation_.fields.insert_or_assign(&field, FieldFacts{parent, definition});
    if (parent != nullptr) check_field(validation_, field, *parent, definition);
    check_arguments(validation_, references_, field, parent, definition);
    check_directives(validation_, references_, field.directives, "FIELD");
    selections(field.selections, definition == nullptr ? nullptr : composite(definition->type.named));
  }

  void visit(const FragmentSpread& spread, const TypeDefinition* parent) {
    const Fragment* fragment = validation_.fragment(spread.name);
    if (fragment != nullptr) references_.spreads.push_back(&validation_.fragments.at(fragment));
    check_spread(validation_, spread, parent);
    check_directives(validation_, references_, spread.directives, "FRAGMENT_SPREAD");
  }

  void visit(const InlineFragment& fragment, const TypeDefinition* parent) {
    check_inline_fragment(validation_, fragment, parent);
    check_directives(validation_, references_, fragment.directives, "INLINE_FRAGMENT");
    selections(fragment.selections, fragment.on.empty() ? parent : composite(validation_.schema.type(fragment.on)));
  }

  Validation& validation_;
  References& references_;
};

}  // namespace

Problems validate(const Document& document, const Schema& schema, const ValidationLimits& limits) {
  Validation validation(document, schema, limits);
  check_operations(validation);
  for (std::size_t i = 0; i < document.operations.size(); ++i) {
    Walk(validation, validation.operations[i]).operation(document.operations[i]);
  }
  for (const Fragment& fragment : document.fragments) {
    Walk(validation, validation.fragments.at(&fragment)).fragment(fragment);
  }
  if (validation.stopped()) return validation.take();
  check_variable_usages(validation);
  if (check_fragments(validation)) check_overlapping_fields(validation);
  return validation.take();
}

}  // namespace ballast::graphql
