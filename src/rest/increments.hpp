#pragma once

#include "catalog/relation.hpp"
#include "query/operation.hpp"

namespace ballast::rest {

/// Of an update's object, `"column": {"$increment": number}` adds the number to what a numeric column holds. Elsewhere
/// such an object is a value like any other.
void take_increments(const catalog::Relation& relation, query::Update& update);

}  // namespace ballast::rest
