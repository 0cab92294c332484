#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "graphql/collect.hpp"
#include "graphql/introspection.hpp"
#include "graphql/reading.hpp"

namespace ballast::graphql {

/// A root field that needs no statement has its value at once; others have a reading.
struct RootValue {
  std::optional<std::string> json;
  std::optional<Reading> reading;
};

/// A field of Query, or one of Mutation that calls a function. A Problem about it is the collector's or an error's.
Result<RootValue> to_root_value(const CollectedField& field, const TypeDefinition& root, Reader& reader,
                                Collector& collector, const Schema& schema, const IntrospectionLimits& limits);

}  // namespace ballast::graphql
