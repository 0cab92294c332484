#pragma once

#include "graphql/validation.hpp"

/// Rules about fragments (specification section 5.5).
namespace ballast::graphql {

/// Fragment Spread Type Existence, Fragments on Object, Interface or Union Types.
void check_type_condition(Validation& validation, const Fragment& fragment);
/// The same, and Fragment Spread Is Possible. `parent` is null when unknown.
void check_inline_fragment(Validation& validation, const InlineFragment& fragment, const TypeDefinition* parent);
/// Fragment Spread Target Defined, Fragment Spread Is Possible.
void check_spread(Validation& validation, const FragmentSpread& spread, const TypeDefinition* parent);

/// Fragment Name Uniqueness, Fragments Must Be Used, Fragment Spreads Must Not Form Cycles, and that the document is
/// not too deep once its fragments are spread. Requires the references of every definition. False when following the
/// fragments would not end, or too late.
bool check_fragments(Validation& validation);

/// What following the spreads of a document comes to.
enum class Spreading : std::uint8_t { sound, cyclic, too_deep };
/// The last two rules of `check_fragments` alone; what is wrong is reported.
Spreading follow_fragments(Validation& validation);

}  // namespace ballast::graphql
