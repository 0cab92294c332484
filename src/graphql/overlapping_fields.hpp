#pragma once

#include "graphql/validation.hpp"

namespace ballast::graphql {

/// Field Selection Merging (specification section 5.3.2): fields that share a response key can be merged, all the way
/// down. Requires the facts of every field, and fragments without cycles.
///
/// The specification compares every pair of fields. Here the selections that end up under one key are merged into one
/// set, and each of its fields is compared with the first alone, which says the same, since being mergeable is
/// transitive; the work grows with the document and not with its square. Sets that were checked are not checked again.
/// How many there are is bounded by the work the document may cost.
void check_overlapping_fields(Validation& validation);

}  // namespace ballast::graphql
