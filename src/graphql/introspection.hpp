#pragma once

#include <optional>
#include <string>

#include "graphql/collect.hpp"
#include "graphql/limits.hpp"
#include "graphql/problem.hpp"
#include "graphql/schema.hpp"

namespace ballast::graphql {

/// Appends the value of a collected `__schema` or `__type` to the answer so far, as JSON. What would make the answer
/// larger than `limits` allow is refused before any of it is written, and `json` is as it was. Problems with arguments
/// are the collector's.
std::optional<Problem> append_introspection(std::string& json, const CollectedField& field, Collector& collector,
                                            const Schema& schema, const IntrospectionLimits& limits = {});

}  // namespace ballast::graphql
