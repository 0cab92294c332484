#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// An object's schema and name.
struct QualifiedName {
  std::string schema;
  std::string name;
  bool empty() const noexcept { return name.empty(); }
  friend bool operator==(const QualifiedName&, const QualifiedName&) = default;
};

/// Functions that stand between a domain's values and what a client sees of them: the implicit casts that are declared
/// for the domain (PostgREST's domain representations). Those that are not declared are empty.
struct Representation {
  QualifiedName to_json;    ///< for answers in JSON
  QualifiedName to_text;    ///< for answers in CSV and the like
  QualifiedName from_json;  ///< for a request's body
  QualifiedName from_text;  ///< for a filter's value
};

/// A type whose values are named one by one (CREATE TYPE … AS ENUM).
struct Enumeration {
  std::string schema;
  std::string name;
  std::string comment;
  std::vector<std::string> labels;  ///< in their order
};

struct Type;

/// What a PostgreSQL type is made from.
struct Structure {
  std::shared_ptr<const Type> element;     ///< of an array: its items'
  std::shared_ptr<const Type> base;        ///< of a domain: the type below it, which is none
  std::optional<Enumeration> enumeration;  ///< of an enum; not of a domain over one
  bool row = false;                        ///< a composite type or one that stands for any row
};

struct Type {
  Kind kind = Kind::text;
  std::string name = "text";  ///< PostgreSQL's name, as its errors and OpenAPI say it: "integer", "character varying"
  int precision = 0;          ///< numeric(p,s) or varchar(n); 0 = not declared
  int scale = -1;             ///< numeric(p,s); -1 = not declared
  /// How SQL spells exactly this type: domain, schema and modifiers included ("public.email", "character varying(10)").
  /// Empty where `name` does it.
  std::string spelling;
  std::shared_ptr<const Representation> representation;  ///< null: none
  /// Of arrays, domains, enums and what looks like a row; null for other types, and where the engine does not tell.
  std::shared_ptr<const Structure> structure;
  friend bool operator==(const Type&, const Type&) = default;
};

/// "numeric", "boolean", …: the enum's own word, for goldens and shape descriptors.
std::string_view to_string(Kind kind) noexcept;

/// The type a `::cast` names ("int", "text", "numeric(10,2)"), as PostgreSQL spells its types and their aliases.
/// Unknown names give `Kind::other` with the name as written; the caller decides whether that is allowed.
Type type_named(std::string_view name);

}  // namespace ballast::catalog
