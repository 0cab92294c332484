#include "policy/authorize.hpp"

#include <gtest/gtest.h>

namespace ballast::policy {
namespace {

query::Read read_of(std::string relation) {
  query::Read read;
  read.schema = "public";
  read.relation = std::move(relation);
  return read;
}

query::EmbedOutput embed_of(query::Read child) {
  query::EmbedOutput embed;
  embed.alias = child.relation;
  embed.child = std::move(child);
  return embed;
}

Rules granting(std::string role, std::map<std::string, Grant> tables) {
  Rules rules;
  rules.grants[std::move(role)] = std::move(tables);
  return rules;
}

const Principal anonymous{.role = "anon"};
const Principal member{.role = "member", .subject = "7", .authenticated = true};

TEST(Authorize, RefusesWhatNobodyGranted) {
  const auto outcome = authorize(read_of("users"), member, Rules{});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().status, 403);
  EXPECT_EQ(outcome.error().code, "42501");
  EXPECT_EQ(outcome.error().message, "permission denied for table users");
}

TEST(Authorize, AsksAnonymousCallersToAuthenticate) {
  const auto outcome = authorize(read_of("users"), anonymous, Rules{});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().status, 401);
  EXPECT_EQ(outcome.error().headers.at(0).first, "WWW-Authenticate");
}

TEST(Authorize, ChecksEmbeddedRelationsAtAnyDepth) {
  query::Read inner = read_of("posts");
  inner.outputs.emplace_back(embed_of(read_of("secrets")));
  query::Read outer = read_of("users");
  outer.outputs.emplace_back(embed_of(std::move(inner)));
  const Rules rules = granting("member", {{"users", {.select = true}}, {"posts", {.select = true}}});
  const auto outcome = authorize(outer, member, rules);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "permission denied for table secrets");
}

TEST(Authorize, NeedsUpdateToLock) {
  query::Read read = read_of("users");
  const Rules rules = granting("member", {{"users", {.select = true}}});
  EXPECT_TRUE(authorize(read, member, rules).ok());
  read.lock = query::Lock{};
  EXPECT_FALSE(authorize(read, member, rules).ok());
  EXPECT_TRUE(authorize(read, member, granting("member", {{"users", {.select = true, .update = true}}})).ok());
}

TEST(Authorize, ChecksTheJunctionOfAManyToManyEmbed) {
  query::EmbedOutput embed = embed_of(read_of("tags"));
  embed.relationship.junction = catalog::Junction{"public", "post_tags", "", "", {}, {}};
  query::Read read = read_of("posts");
  read.outputs.emplace_back(std::move(embed));
  const Rules rules = granting("member", {{"posts", {.select = true}}, {"tags", {.select = true}}});
  ASSERT_FALSE(authorize(read, member, rules));
}

TEST(Authorize, NeedsUpdateAndSelectToMerge) {
  query::Insert insert;
  insert.relation = "users";
  insert.on_conflict = query::OnConflict::merge;
  EXPECT_FALSE(authorize(insert, member, granting("member", {{"users", {.insert = true}}})));
  EXPECT_FALSE(authorize(insert, member, granting("member", {{"users", {.insert = true, .update = true}}})));
  const Rules enough = granting("member", {{"users", {.select = true, .insert = true, .update = true}}});
  EXPECT_TRUE(authorize(insert, member, enough));
}

TEST(Authorize, NeedsSelectToTellWhatWasInserted) {
  query::Insert insert;
  insert.relation = "users";
  const Rules rules = granting("member", {{"users", {.insert = true}}});
  EXPECT_TRUE(authorize(insert, member, rules));
  insert.location_columns = {"id"};
  EXPECT_FALSE(authorize(insert, member, rules));
  insert.location_columns.clear();
  insert.returning = read_of("users");
  EXPECT_FALSE(authorize(insert, member, rules));
}

TEST(Authorize, NeedsSelectToFilterADelete) {
  query::Delete remove;
  remove.relation = "users";
  const Rules rules = granting("member", {{"users", {.remove = true}}});
  EXPECT_TRUE(authorize(remove, member, rules));
  remove.where.node = query::Or{};
  EXPECT_FALSE(authorize(remove, member, rules));
}

TEST(Authorize, CallsOnlyFunctionsThatWereGrantedByName) {
  catalog::Function function;
  function.name = "add";
  query::Call call;
  call.function = &function;
  const auto outcome = authorize(call, member, granting("member", {{"*", *parse_grant("all")}}));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "permission denied for function add");
  EXPECT_TRUE(authorize(call, member, granting("member", {{"add", {.execute = true}}})));
}

TEST(Authorize, ChecksWhatIsEmbeddedIntoAFunctionsRows) {
  catalog::Function function;
  function.name = "top_users";
  query::Call call;
  call.function = &function;
  call.result.outputs.emplace_back(embed_of(read_of("secrets")));
  EXPECT_FALSE(authorize(call, member, granting("member", {{"top_users", {.execute = true}}})));
}

TEST(Authorize, LetsANamedGrantOverrideTheWildcard) {
  const Rules rules = granting("anon", {{"*", {.select = true}}, {"secrets", {}}});
  EXPECT_TRUE(authorize(read_of("posts"), anonymous, rules));
  EXPECT_FALSE(authorize(read_of("secrets"), anonymous, rules));
}

TEST(Authorize, AllowsEverythingToAServiceAndInDevelopment) {
  Principal service = member;
  service.bypass = true;
  EXPECT_TRUE(authorize(read_of("secrets"), service, Rules{}));
  Rules open;
  open.open = true;
  EXPECT_TRUE(authorize(read_of("secrets"), anonymous, open));
}

TEST(ParseGrant, ReadsWordsApartByCommasOrSpaces) {
  EXPECT_EQ(*parse_grant("select, insert"), (Grant{.select = true, .insert = true}));
  EXPECT_EQ(*parse_grant("all"), (Grant{true, true, true, true, false}));
  EXPECT_FALSE(parse_grant("none")->any());
}

TEST(ParseGrant, SuggestsTheWordThatWasMeant) {
  const auto outcome = parse_grant("selct");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().hint, "did you mean \"select\"?");
}

}  // namespace
}  // namespace ballast::policy
