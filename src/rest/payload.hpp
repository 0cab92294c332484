#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "rest/media_type.hpp"

namespace ballast::rest {

/// A request body, made one JSON array of objects.
struct Payload {
  std::string json;
  std::vector<std::string> keys;  ///< of the first object, in order
  bool uniform = true;            ///< every object has the same keys
  std::size_t rows = 0;
};

/// 400 PGRST102 for what is no object, no array of objects (line and column in details), nested deeper than
/// `depth_limit`, no UTF-8 or no proper CSV.
///
///     JSON   object | '[' [ object ( ',' object )* ] ']'
///     CSV    RFC 4180, the first line names the columns; an unquoted NULL is null, every other value is a string
///     form   key '=' value ( '&' … )*, one object of strings
Result<Payload> parse_payload(BodyType type, std::string body, int depth_limit);

/// One object of a payload and, for the columns asked for, what it says as text; nothing for null and what is missing.
struct PayloadRow {
  std::string_view json;
  std::vector<std::optional<std::string>> values;
};

/// `payload` is what `parse_payload` made, and outlives the rows.
std::vector<PayloadRow> payload_rows(const Payload& payload, const std::vector<std::string>& columns, int depth_limit);

}  // namespace ballast::rest
