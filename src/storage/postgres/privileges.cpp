#include "storage/postgres/privileges.hpp"

#include <string>

#include "storage/postgres/catalogue.hpp"

namespace ballast::storage::postgres {
namespace {

using catalog::Privileges;
using catalog::Rights;

Rights right_of(std::string_view name) {
  if (name == "SELECT") return catalog::right_select;
  if (name == "INSERT") return catalog::right_insert;
  if (name == "UPDATE") return catalog::right_update;
  if (name == "DELETE") return catalog::right_delete;
  if (name == "EXECUTE") return catalog::right_execute;
  if (name == "USAGE") return catalog::right_usage;
  return 0;
}

}  // namespace

Result<Privileges> load_privileges(PGconn& connection) {
  Privileges privileges;
  BALLAST_TRY(const auto roles, catalogue_query(connection, R"(
    WITH RECURSIVE inherits (role, parent) AS (
      SELECT oid, oid FROM pg_catalog.pg_roles
      UNION SELECT i.role, m.roleid FROM inherits i JOIN pg_catalog.pg_auth_members m ON m.member = i.parent
        JOIN pg_catalog.pg_roles r ON r.oid = i.parent WHERE r.rolinherit)
    SELECT r.rolname, r.rolsuper, p.rolname FROM inherits i
    JOIN pg_catalog.pg_roles r ON r.oid = i.role JOIN pg_catalog.pg_roles p ON p.oid = i.parent)"));
  for (int i = 0; i < roles.size(); ++i) {
    auto& role = privileges.roles[roles.text(i, 0)];
    role.superuser = roles.truth(i, 1);
    role.inherits.push_back(roles.text(i, 2));
  }
  BALLAST_TRY(const auto grants, catalogue_query(connection, R"(
    WITH mine AS (SELECT oid, nspname, nspowner, nspacl FROM pg_catalog.pg_namespace
                  WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast'))
    SELECT 's', n.nspname, '', '', coalesce(r.rolname, ''), a.privilege_type
    FROM mine n, pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
    LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
    UNION ALL
    SELECT 'r', n.nspname, c.relname, '', coalesce(r.rolname, ''), a.privilege_type
    FROM mine n JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f'),
         pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) a
    LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
    UNION ALL
    SELECT 'c', n.nspname, c.relname, t.attname, coalesce(r.rolname, ''), a.privilege_type
    FROM mine n JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
         JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid AND t.attacl IS NOT NULL,
         pg_catalog.aclexplode(t.attacl) a
    LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
    UNION ALL
    SELECT 'f', n.nspname, p.proname,
           (SELECT pg_catalog.string_agg(pg_catalog.format_type(t.type, -1), ',' ORDER BY t.at)
            FROM pg_catalog.unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t(type, at)),
           coalesce(r.rolname, ''), a.privilege_type
    FROM mine n JOIN pg_catalog.pg_proc p ON p.pronamespace = n.oid,
         pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
    LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee)"));
  for (int i = 0; i < grants.size(); ++i) {
    const char what = grants.letter(i, 0);
    const std::string schema = grants.text(i, 1);
    const std::string name = grants.text(i, 2);
    const std::string grantee = grants.text(i, 4);
    const Rights right = right_of(grants.text(i, 5));
    if (what == 's') {
      privileges.schemas[schema][grantee] |= right;
    } else if (what == 'r') {
      privileges.relations[Privileges::key(schema, name)].whole[grantee] |= right;
    } else if (what == 'c') {
      privileges.relations[Privileges::key(schema, name)].columns[grants.text(i, 3)][grantee] |= right;
    } else {
      privileges.functions[Privileges::key(schema, name, grants.text(i, 3))][grantee] |= right;
    }
  }
  return privileges;
}

}  // namespace ballast::storage::postgres
