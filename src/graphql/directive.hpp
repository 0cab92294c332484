#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

/// The directive inside the comment of a schema, relation, column, function, constraint or type:
/// `@graphql({"name": "Person"})` (pg_graphql, "Configuration"). The rest of the comment says nothing.
namespace ballast::graphql {

/// A relationship where the database has no foreign key, as on views.
struct DeclaredForeignKey {
  std::string local_name;    ///< of the field at the foreign relation; empty: made from the relation's name
  std::string foreign_name;  ///< of the field at the relation with the directive; empty: as local_name
  std::vector<std::string> local_columns;
  std::string foreign_schema;
  std::string foreign_table;
  std::vector<std::string> foreign_columns;
  friend bool operator==(const DeclaredForeignKey&, const DeclaredForeignKey&) = default;
};

/// What directives say, whatever they are about; members that nobody gave are empty. Those that are unknown are
/// ignored, as pg_graphql ignores them.
struct CommentDirective {
  // schemas
  std::optional<bool> inflect_names;
  std::optional<bool> introspection;
  std::optional<bool> resolve_base_type;
  std::optional<std::uint64_t> max_rows;  ///< of relations too
  // relations
  bool total_count = false;
  bool aggregate = false;
  std::vector<std::string> primary_key_columns;
  std::vector<DeclaredForeignKey> foreign_keys;
  // relations, columns, functions, types
  std::string name;
  std::string description;
  // foreign keys
  std::string local_name;
  std::string foreign_name;
  // types: the database's spelling → GraphQL's
  std::vector<std::pair<std::string, std::string>> mappings;
  friend bool operator==(const CommentDirective&, const CommentDirective&) = default;
};

/// Limits of one directive's text and of each of its lists; what a person writes comes nowhere near.
inline constexpr std::size_t max_directive_bytes = 256 << 10;
inline constexpr std::size_t max_directive_list = 10'000;

/// Of the JSON object between the parentheses. The error's message says what is wrong in the words that pg_graphql's
/// own has: "invalid type: string "id", expected a sequence".
Result<CommentDirective> parse_directive(std::string_view json);

/// Of the first `@graphql(…)` of a comment; an empty one when there is none.
Result<CommentDirective> directive_of(std::string_view comment);

}  // namespace ballast::graphql
