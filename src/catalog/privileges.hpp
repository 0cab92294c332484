#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::catalog {

/// Rights on one object, as bits that add up.
enum Right : std::uint8_t {
  right_select = 1,
  right_insert = 2,
  right_update = 4,
  right_delete = 8,
  right_execute = 16,
  right_usage = 32,
};
using Rights = std::uint8_t;

/// What the database's own roles may do, for schemas that show each role only what it may use. The database itself
/// decides about every statement; this is never asked instead of it.
class Privileges {
 public:
  /// What `role`, a role it inherits from, or PUBLIC was granted. An unknown role has PUBLIC's rights.
  Rights on_schema(std::string_view role, std::string_view schema) const;
  /// A right on any of its columns counts as one on the relation.
  Rights on_relation(std::string_view role, std::string_view schema, std::string_view name) const;
  /// Without what was granted on some of its columns alone.
  Rights on_whole_relation(std::string_view role, std::string_view schema, std::string_view name) const;
  /// Includes what was granted on the whole relation.
  Rights on_column(std::string_view role, std::string_view schema, std::string_view name,
                   std::string_view column) const;
  /// `signature` tells overloads apart: the input types' spellings as Function::signature() joins them.
  Rights on_function(std::string_view role, std::string_view schema, std::string_view name,
                     std::string_view signature) const;

  struct Role {
    bool superuser = false;
    std::vector<std::string> inherits;  ///< roles whose rights it has without SET ROLE, itself included; transitive
  };
  std::map<std::string, Role, std::less<>> roles;

  /// To whom ("" is PUBLIC), what. Owners are among the grantees.
  using Grants = std::map<std::string, Rights, std::less<>>;
  std::map<std::string, Grants, std::less<>> schemas;
  struct RelationGrants {
    Grants whole;
    std::map<std::string, Grants, std::less<>> columns;
  };
  std::map<std::string, RelationGrants, std::less<>> relations;  ///< by `key`
  std::map<std::string, Grants, std::less<>> functions;          ///< by `key` with the signature as third part

  static std::string key(std::string_view schema, std::string_view name, std::string_view more = {});

 private:
  Rights of(std::string_view role, const Grants& grants) const;
  bool is_superuser(std::string_view role) const;
};

}  // namespace ballast::catalog
