#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ballast::catalog {

/// How a value looks in JSON and what text is a valid value: PostgreSQL's types, folded to what matters here.
/// SQLite's declared types are mapped onto these (storage/sqlite/introspect), so that both engines answer alike.
enum class Kind : std::uint8_t {
  boolean,      ///< true/false
  integer,      ///< 64-bit at most, a JSON number
  floating,     ///< shortest text that round-trips; NaN and infinities as JSON strings
  numeric,      ///< verbatim digits, `scale` of them after the point when declared
  text,         ///< a JSON string
  bytea,        ///< "\x…" hexadecimal
  date,         ///< "2024-01-31"
  time,         ///< "12:00:00[.ffffff]"
  timestamp,    ///< "2024-01-31T12:00:00[.ffffff]"
  timestamptz,  ///< "2024-01-31T12:00:00[.ffffff]+00:00"
  interval,
  uuid,
  json,       ///< embedded verbatim
  array,      ///< JSON array (PostgreSQL)
  composite,  ///< JSON object (PostgreSQL)
  range,
  tsvector,
  other,  ///< text form, as a JSON string
};

/// A domain's own ways to and from the outside: functions that are its casts, as quoted SQL names ("public"."json").
struct Representation {
  std::string to_json;    ///< domain → json, for answers; empty: none
  std::string from_json;  ///< json → domain, for payloads; empty: none
  std::string from_text;  ///< text → domain, for filters; empty: none
};

struct Type {
  Kind kind = Kind::text;
  std::string name = "text";  ///< PostgreSQL's name, as its errors and OpenAPI say it: "integer", "character varying"
  int precision = 0;          ///< numeric(p,s) or varchar(n); 0 = not declared
  int scale = -1;             ///< numeric(p,s); -1 = not declared
  std::shared_ptr<const Representation> representation;  ///< null: none
  friend bool operator==(const Type&, const Type&) = default;
};

/// "numeric", "boolean", …: the enum's own word, for goldens and shape descriptors.
std::string_view to_string(Kind kind) noexcept;

/// The type a `::cast` names ("int", "text", "numeric(10,2)"), as PostgreSQL spells its types and their aliases.
/// Unknown names give `Kind::other` with the name as written; the caller decides whether that is allowed.
Type type_named(std::string_view name);

}  // namespace ballast::catalog
