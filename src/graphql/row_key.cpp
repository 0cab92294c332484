#include "graphql/row_key.hpp"

#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"
#include "text/base64.hpp"

namespace ballast::graphql {

std::optional<RowKey> decode_row_key(std::string_view text) {
  constexpr std::size_t most_bytes = 65'536;
  constexpr std::size_t most_values = 100;
  if (text.empty() || text.size() > most_bytes) return std::nullopt;
  const auto decoded = text::base64_decode_lenient(text);
  if (!decoded) return std::nullopt;
  const auto document = json::parse(*decoded);
  if (!document || document->kind != json::ValueKind::array) return std::nullopt;
  RowKey key;
  const auto done = json::each_element(document->raw, [&](std::string_view raw) -> Result<void> {
    const json::ValueKind kind = json::kind_of(raw);
    if (key.size() == most_values || kind == json::ValueKind::array || kind == json::ValueKind::object) {
      return make_error(400, "22P02", "expected scalars");
    }
    if (kind == json::ValueKind::null) {
      key.emplace_back();
    } else if (kind == json::ValueKind::string) {
      key.emplace_back(json::string_value(raw));
    } else {
      key.emplace_back(std::string(raw));
    }
    return {};
  });
  if (!done) return std::nullopt;
  return key;
}

NodeIdFault node_id_fault(std::string_view text) {
  const auto decoded = text::base64_decode_lenient(text);
  if (!decoded) return NodeIdFault::encoding;
  const auto document = json::parse(*decoded);
  if (!document) return NodeIdFault::json;
  const auto key = decode_row_key(text);
  if (!key) return NodeIdFault::array;
  if (key->size() < 3) return NodeIdFault::length;
  return (*key)[0] ? NodeIdFault::relation : NodeIdFault::schema;
}

std::string node_id_prefix(std::string_view schema, std::string_view relation) {
  std::string prefix;
  json::append_string(prefix, schema);
  prefix += ", ";
  json::append_string(prefix, relation);
  return prefix;
}

}  // namespace ballast::graphql
