#include "graphql/access.hpp"

namespace ballast::graphql {
namespace {

using catalog::Rights;

constexpr Rights everything_there_is = 0xff;

Rights rights_of(const policy::Grant& grant) {
  return static_cast<Rights>((grant.select ? catalog::right_select : 0) | (grant.insert ? catalog::right_insert : 0) |
                             (grant.update ? catalog::right_update : 0) | (grant.remove ? catalog::right_delete : 0) |
                             (grant.execute ? catalog::right_execute : 0));
}

}  // namespace

Rights RulesAccess::on(const catalog::Relation& relation) const {
  return everything() ? everything_there_is : rights_of(rules_.of(principal_.role, relation.name));
}

Rights RulesAccess::on(const catalog::Relation& relation, const catalog::Column&) const { return on(relation); }

Rights RulesAccess::on(const catalog::Function& function) const {
  if (everything() || !function.of_relation.empty()) return everything_there_is;
  return rights_of(rules_.of(principal_.role, function.name));
}

bool PrivilegesAccess::may_use(const std::string& schema) const {
  return (privileges_.on_schema(role_, schema) & catalog::right_usage) != 0;
}

Rights PrivilegesAccess::on(const catalog::Relation& relation) const {
  return may_use(relation.schema) ? privileges_.on_relation(role_, relation.schema, relation.name) : Rights{0};
}

Rights PrivilegesAccess::on(const catalog::Relation& relation, const catalog::Column& column) const {
  if (!may_use(relation.schema)) return 0;
  return privileges_.on_column(role_, relation.schema, relation.name, column.name);
}

Rights PrivilegesAccess::on(const catalog::Function& function) const {
  if (!may_use(function.schema)) return 0;
  return privileges_.on_function(role_, function.schema, function.name, function.signature());
}

}  // namespace ballast::graphql
