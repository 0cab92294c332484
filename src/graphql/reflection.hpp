#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalog/snapshot.hpp"
#include "graphql/access.hpp"
#include "graphql/build_options.hpp"
#include "graphql/directive.hpp"

/// A catalog snapshot under the names that one role's schema gives it: what is left out is left out here, and every
/// name is valid and given once. The types are made from this.
namespace ballast::graphql {

struct ReflectedEnumeration {
  const catalog::Enumeration* enumeration = nullptr;
  std::string name;
  std::string description;
  struct Member {
    std::string name;
    std::string label;
  };
  std::vector<Member> members;
};

/// One of `scalar` and `enumeration` says it.
struct ReflectedType {
  std::string_view scalar;
  const ReflectedEnumeration* enumeration = nullptr;
  bool list = false;
};

struct ReflectedColumn {
  const catalog::Column* column = nullptr;
  std::string name;
  std::string description;
  ReflectedType type;
  catalog::Rights rights = 0;
};

struct ReflectedRelation;

struct ReflectedRelationship {
  const catalog::Relationship* relationship = nullptr;
  const ReflectedRelation* target = nullptr;
  std::string name;
  std::string description;
  bool non_null = false;  ///< to one row that is always there
};

/// A function over a relation's row: one of `column`, of `type`, and `relationship`, to `target`.
struct ReflectedComputed {
  std::string name;
  std::string description;
  const catalog::ComputedColumn* column = nullptr;
  ReflectedType type;
  const catalog::Relationship* relationship = nullptr;
  const ReflectedRelation* target = nullptr;
};

struct ReflectedRelation {
  const catalog::Relation* relation = nullptr;
  CommentDirective directive;
  bool inflect = false;
  bool resolve_base_type = false;
  std::optional<std::uint64_t> max_rows;
  catalog::Rights rights = 0;
  std::string type_name;         ///< `AccountHolder`; the names of the types about it begin with it
  std::vector<std::string> key;  ///< columns; empty: shown as what a function returns, and nowhere else
  bool shown = false;
  bool versioned = false;                            ///< the role may read what the rows' versions are made of
  std::vector<ReflectedColumn> columns;              ///< with any right
  std::vector<ReflectedRelationship> relationships;  ///< along its own foreign keys, then against others'
  std::vector<ReflectedComputed> computed;

  bool keyed() const noexcept { return !key.empty(); }
  bool readable() const noexcept;    ///< its type would have a field
  bool insertable() const noexcept;  ///< the role may, and there is something to say
  bool updatable() const noexcept;
  bool deletable() const noexcept;
};

/// Can the column be given a value by an insert or an update (`right`)?
bool writable(const ReflectedColumn& column, catalog::Rights right) noexcept;

struct ReflectedArgument {
  const catalog::Argument* argument = nullptr;
  std::string name;
  ReflectedType type;
  int position = 0;
};

struct ReflectedFunction {
  const catalog::Function* function = nullptr;
  std::string name;
  std::string description;
  std::vector<ReflectedArgument> arguments;
  const ReflectedRelation* rows = nullptr;  ///< null: it returns a `value`
  bool collection = false;                  ///< any number of rows
  ReflectedType value;
};

struct Reflection {
  std::deque<ReflectedRelation> relations;
  std::deque<ReflectedEnumeration> enumerations;
  std::vector<ReflectedFunction> functions;
  std::deque<catalog::Relationship> declared;  ///< relationships of directives
  bool introspection = true;
  std::vector<std::string> warnings;
  std::string broken_directive;
};

Reflection reflect(const catalog::Snapshot& snapshot, const Access& access, const BuildOptions& options);

}  // namespace ballast::graphql
