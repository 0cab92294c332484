#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::graphql {

/// The values that a cursor or a nodeId names: the base64 of a JSON array of scalars (pg_graphql's form, `WzNd` is
/// `[3]`). A null is nullopt; numbers and booleans keep their spelling.
using RowKey = std::vector<std::optional<std::string>>;

/// Nullopt when the text is no such array, or one of more than 100 values.
std::optional<RowKey> decode_row_key(std::string_view text);

/// How far a text can be read that is no nodeId, in the order of reading.
enum class NodeIdFault : std::uint8_t { encoding, json, array, length, schema, relation };

/// Of a text that is no nodeId.
NodeIdFault node_id_fault(std::string_view text);

/// The constant front of a relation's nodeIds: `"public", "account", `.
std::string node_id_prefix(std::string_view schema, std::string_view relation);

}  // namespace ballast::graphql
