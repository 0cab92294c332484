#include "catalog/snapshot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::catalog {
namespace {

Relation table(std::string name, std::vector<std::string> columns, std::vector<std::string> primary_key) {
  Relation relation;
  relation.schema = "public";
  relation.name = std::move(name);
  for (auto& column : columns) relation.columns.push_back(Column{.name = std::move(column)});
  relation.unique_keys.push_back(UniqueKey{relation.name + "_pkey", primary_key, true});
  relation.primary_key = std::move(primary_key);
  return relation;
}

ForeignKey reference(std::string name, std::string column, std::string target) {
  return ForeignKey{std::move(name), "public", std::move(target), {std::move(column)}, {"id"}};
}

std::vector<std::string> described(const Snapshot& snapshot, std::string_view name) {
  std::vector<std::string> all;
  for (const auto& r : snapshot.relationships("public", name)) {
    all.push_back(std::string(to_string(r.cardinality)) + " " + r.target +
                  (r.junction ? " via " + r.junction->relation : ""));
  }
  return all;
}

TEST(Snapshot, SeesAForeignKeyFromBothSides) {
  Relation posts = table("posts", {"id", "user_id"}, {"id"});
  posts.foreign_keys.push_back(reference("posts_user_id_fkey", "user_id", "users"));
  const Snapshot snapshot({table("users", {"id"}, {"id"}), posts}, {"public"}, 1);
  EXPECT_THAT(described(snapshot, "posts"), testing::ElementsAre("many-to-one users"));
  EXPECT_THAT(described(snapshot, "users"), testing::ElementsAre("one-to-many posts"));
}

TEST(Snapshot, CallsAForeignKeyOverAUniqueKeyOneToOne) {
  Relation profiles = table("profiles", {"user_id"}, {"user_id"});
  profiles.foreign_keys.push_back(reference("profiles_user_id_fkey", "user_id", "users"));
  const Snapshot snapshot({table("users", {"id"}, {"id"}), profiles}, {"public"}, 1);
  EXPECT_THAT(described(snapshot, "users"), testing::ElementsAre("one-to-one profiles"));
  EXPECT_TRUE(snapshot.relationships("public", "users").front().to_one());
}

TEST(Snapshot, SeesThroughAJunctionWhosePrimaryKeyHoldsBothKeys) {
  Relation junction = table("post_tags", {"post_id", "tag_id"}, {"post_id", "tag_id"});
  junction.foreign_keys.push_back(reference("post_tags_post_id_fkey", "post_id", "posts"));
  junction.foreign_keys.push_back(reference("post_tags_tag_id_fkey", "tag_id", "tags"));
  const Snapshot snapshot({table("posts", {"id"}, {"id"}), table("tags", {"id"}, {"id"}), junction}, {"public"}, 1);
  EXPECT_THAT(described(snapshot, "posts"),
              testing::ElementsAre("one-to-many post_tags", "many-to-many tags via post_tags"));
  EXPECT_THAT(described(snapshot, "tags"),
              testing::ElementsAre("one-to-many post_tags", "many-to-many posts via post_tags"));
}

TEST(Snapshot, DoesNotTakeATableWithTwoPlainForeignKeysForAJunction) {
  Relation orders = table("orders", {"id", "billing_id", "shipping_id"}, {"id"});
  orders.foreign_keys.push_back(reference("orders_billing_id_fkey", "billing_id", "addresses"));
  orders.foreign_keys.push_back(reference("orders_shipping_id_fkey", "shipping_id", "addresses"));
  const Snapshot snapshot({table("addresses", {"id"}, {"id"}), orders}, {"public"}, 1);
  EXPECT_THAT(described(snapshot, "addresses"), testing::ElementsAre("one-to-many orders", "one-to-many orders"));
}

TEST(Snapshot, MarksSelfReferencesAndKeepsBothDirections) {
  Relation employees = table("employees", {"id", "manager_id"}, {"id"});
  employees.foreign_keys.push_back(reference("employees_manager_id_fkey", "manager_id", "employees"));
  const Snapshot snapshot({employees}, {"public"}, 1);
  EXPECT_THAT(described(snapshot, "employees"), testing::ElementsAre("many-to-one employees", "one-to-many employees"));
  EXPECT_TRUE(snapshot.relationships("public", "employees").front().self);
}

TEST(Snapshot, IgnoresAForeignKeyToATableThatIsNotExposed) {
  Relation posts = table("posts", {"id", "user_id"}, {"id"});
  posts.foreign_keys.push_back(reference("posts_user_id_fkey", "user_id", "users"));
  const Snapshot snapshot({posts}, {"public"}, 1);
  EXPECT_TRUE(snapshot.relationships("public", "posts").empty());
}

TEST(Snapshot, GivesEveryReloadItsOwnGeneration) {
  const Snapshot first({}, {"public"}, 1);
  const Snapshot second({}, {"public"}, 1);
  EXPECT_NE(first.generation(), second.generation());
}

Function over_row(std::string name, std::string relation) {
  Function function;
  function.schema = "public";
  function.name = std::move(name);
  function.arguments.push_back({});
  function.of_schema = "public";
  function.of_relation = std::move(relation);
  return function;
}

TEST(Snapshot, FindsEveryOverloadOfAFunction) {
  Function one;
  one.schema = "public";
  one.name = "add";
  Function two = one;
  two.arguments.push_back({.name = "a"});
  const Snapshot snapshot({}, {"public"}, 1, {one, two});
  EXPECT_EQ(snapshot.functions("public", "add").size(), 2U);
  EXPECT_TRUE(snapshot.functions("public", "sub").empty());
}

TEST(Snapshot, TakesAFunctionFromRowToRowsForAComputedRelationship) {
  Function albums = over_row("albums_of", "users");
  albums.returns_set = true;
  albums.returns_schema = "public";
  albums.returns_relation = "albums";
  Function first = albums;
  first.name = "first_album";
  first.single_row = true;
  const Snapshot snapshot({table("users", {"id"}, {"id"}), table("albums", {"id"}, {"id"})}, {"public"}, 1,
                          {albums, first});
  EXPECT_THAT(described(snapshot, "users"), testing::ElementsAre("one-to-many albums", "many-to-one albums"));
  EXPECT_EQ(snapshot.relationships("public", "users").front().function, "albums_of");
}

}  // namespace
}  // namespace ballast::catalog
