#include "graphql/access.hpp"

#include <gtest/gtest.h>

#include "graphql/test_catalog.hpp"

namespace ballast::graphql {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

const auto account = table("account", {column("id", "integer", false), column("email", "text")});
const auto add = function("add", {}, "integer");

TEST(Access, ByRulesIsOnWholeRelations) {
  policy::Rules rules;
  rules.grants["reader"]["account"] = {.select = true, .insert = true};
  rules.grants["reader"]["add"] = {.execute = true};
  const policy::Principal reader{.role = "reader"};
  const RulesAccess access(rules, reader);
  EXPECT_EQ(access.on(account), catalog::right_select | catalog::right_insert);
  EXPECT_EQ(access.on(account, account.columns[1]), catalog::right_select | catalog::right_insert);
  EXPECT_EQ(access.on(table("blog", {})), 0);
  EXPECT_EQ(access.on(add), catalog::right_execute);
  EXPECT_EQ(access.on(function("other", {}, "integer")), 0);
}

TEST(Access, ByRulesLetsWhoMayDoEverything) {
  policy::Rules rules;
  const policy::Principal service{.role = "service", .bypass = true};
  EXPECT_NE(RulesAccess(rules, service).on(account) & catalog::right_delete, 0);
  rules.open = true;
  const policy::Principal anybody{.role = "anon"};
  EXPECT_NE(RulesAccess(rules, anybody).on(add) & catalog::right_execute, 0);
}

TEST(Access, ByPrivilegesIsOnColumns) {
  catalog::Privileges privileges;
  privileges.roles["api"] = {.superuser = false, .inherits = {"api"}};
  privileges.schemas["public"]["api"] = catalog::right_usage;
  privileges.relations[catalog::Privileges::key("public", "account")].columns["id"]["api"] = catalog::right_select;
  privileges.functions[catalog::Privileges::key("public", "add", "")][""] = catalog::right_execute;
  const PrivilegesAccess access(privileges, "api");
  EXPECT_EQ(access.on(account), catalog::right_select);
  EXPECT_EQ(access.on(account, account.columns[0]), catalog::right_select);
  EXPECT_EQ(access.on(account, account.columns[1]), 0);
  EXPECT_EQ(access.on(add), catalog::right_execute);
}

TEST(Access, ByPrivilegesNeedsTheSchema) {
  catalog::Privileges privileges;
  privileges.relations[catalog::Privileges::key("public", "account")].whole[""] = catalog::right_select;
  const PrivilegesAccess access(privileges, "api");
  EXPECT_EQ(access.on(account), 0);
  EXPECT_EQ(access.on(account, account.columns[0]), 0);
}

}  // namespace
}  // namespace ballast::graphql
