#include "catalog/declaration.hpp"

#include <gtest/gtest.h>

namespace ballast::catalog {
namespace {

std::vector<Relation> relations() {
  Relation one;
  one.schema = "public";
  one.name = "notes";
  for (const auto* name : {"integer", "text"}) {
    Column column;
    column.name = std::string("of_") + name;
    column.type = type_named(name);
    one.columns.push_back(column);
  }
  Relation other = one;
  other.schema = "app";
  return {one, other};
}

TEST(Declaration, IsTakenOverByTheRelationsOfThatName) {
  auto all = relations();
  ASSERT_TRUE(declare(all, {{"notes", {"of_integer", false}}, {"app.notes", {"", true}}}).ok());
  EXPECT_EQ(all[0].version_column, "of_integer");
  EXPECT_EQ(all[1].version_column, "of_integer");
  EXPECT_FALSE(all[0].requires_version);
  EXPECT_TRUE(all[1].requires_version);
}

TEST(Declaration, TakesIntegersAloneForVersions) {
  auto all = relations();
  EXPECT_EQ(declare(all, {{"notes", {"of_text", false}}}).error().code, "BLST_SETTING");
  EXPECT_EQ(declare(all, {{"notes", {"nothing", false}}}).error().code, "BLST_SETTING");
  all[0].columns[0].generated = true;
  EXPECT_FALSE(declare(all, {{"notes", {"of_integer", false}}}).ok());
}

TEST(Declaration, IsMissedWhereThereIsNoSuchRelation) {
  EXPECT_EQ(undeclarable(relations(), {{"notes", {}}, {"public.notes", {}}}), "");
  EXPECT_EQ(undeclarable(relations(), {{"other.notes", {}}}), "other.notes");
  auto hidden = relations();
  for (auto& relation : hidden) relation.hidden = true;
  EXPECT_EQ(undeclarable(hidden, {{"notes", {}}}), "notes");
}

}  // namespace
}  // namespace ballast::catalog
