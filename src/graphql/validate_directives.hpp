#pragma once

#include "graphql/validation.hpp"

/// Rules about directives (specification section 5.7).
namespace ballast::graphql {

std::string_view operation_location(OperationType type) noexcept;

/// Directives Are Defined, Are in Valid Locations and Are Unique per Location, and what their arguments have to be.
/// `location` is the specification's: "FIELD".
void check_directives(Validation& validation, References& references, const std::vector<Directive>& directives,
                      std::string_view location);

}  // namespace ballast::graphql
