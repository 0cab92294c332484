#include "graphql/schema_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/test_catalog.hpp"

namespace ballast::graphql {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

policy::Rules everything() {
  policy::Rules rules;
  rules.open = true;
  return rules;
}

SchemaPtr build(catalog::SnapshotPtr snapshot, BuildOptions options = {.extensions = false},
                const policy::Rules& rules = everything()) {
  const policy::Principal principal{.role = "anon"};
  return build_schema(std::move(snapshot), RulesAccess(rules, principal), options);
}

std::vector<std::string> names(const SchemaPtr& schema, std::string_view type) {
  std::vector<std::string> all;
  const TypeDefinition* const found = schema->type(type);
  if (found == nullptr) return all;
  for (const auto& field : found->fields) all.push_back(field.name);
  for (const auto& input : found->inputs) all.push_back(input.name);
  for (const auto& member : found->members) all.push_back(member.name);
  return all;
}

/// `name: Type` or `name(argument: Type = …): Type`
std::string shown(const SchemaPtr& schema, std::string_view type, std::string_view name) {
  const TypeDefinition* const found = schema->type(type);
  if (found == nullptr) return "no type";
  if (const auto* input = found->input(name)) return input->type.print();
  const auto* field = found->field(name);
  if (field == nullptr) return "no field";
  std::string out;
  for (const auto& argument : field->arguments) {
    out += (out.empty() ? "(" : ", ") + argument.name + ": " + argument.type.print();
    if (argument.default_value) out += " = …";
  }
  if (!out.empty()) out += "): ";
  return out + field->type.print();
}

constexpr auto page = "first: Int, last: Int, before: Cursor, after: Cursor, offset: Int, ";

/// Accounts and their blogs.
std::vector<catalog::Relation> blogs(std::string on_key = {}) {
  auto account = table("account", {serial(), column("email", "varchar(255)", false), column("created_at", "timestamp"),
                                   column("tags", "text[]"), column("config", "jsonb")});
  auto blog = table("blog_post", {serial(), column("owner_id", "integer", false), column("title", "text")});
  references(blog, "owner_id", "account", std::move(on_key));
  return {account, blog};
}

TEST(SchemaBuilder, ShowsWhatEverySchemaHas) {
  const auto schema = build(snapshot({}));
  EXPECT_THAT(names(schema, "Query"), ElementsAre("node"));
  EXPECT_EQ(shown(schema, "Query", "node"), "(nodeId: ID!): Node");
  EXPECT_EQ(schema->mutation(), nullptr);
  EXPECT_EQ(schema->type("Mutation"), nullptr);
  EXPECT_EQ(schema->type("Int")->description, "A scalar integer up to 32 bits");
  EXPECT_THAT(names(schema, "IntFilter"), ElementsAre("eq", "gt", "gte", "in", "is", "lt", "lte", "neq"));
  EXPECT_EQ(shown(schema, "IntFilter", "in"), "[Int!]");
  EXPECT_EQ(shown(schema, "StringListFilter", "contains"), "[String!]");
  EXPECT_EQ(schema->type("JSONFilter"), nullptr);
  EXPECT_TRUE(std::ranges::is_sorted(schema->types(), {}, [](const auto& type) { return type->name; }));
  for (const auto* const name : {"skip", "include", "deprecated", "specifiedBy", "oneOf"}) {
    EXPECT_NE(schema->directive(name), nullptr) << name;
  }
  EXPECT_THAT(schema->warnings(), IsEmpty());
}

TEST(SchemaBuilder, ShowsRows) {
  const auto schema = build(snapshot(blogs()));
  EXPECT_THAT(names(schema, "Account"),
              ElementsAre("nodeId", "id", "email", "createdAt", "tags", "config", "blogPostCollection"));
  EXPECT_EQ(shown(schema, "Account", "email"), "String!");
  EXPECT_EQ(shown(schema, "Account", "createdAt"), "Datetime");
  EXPECT_EQ(shown(schema, "Account", "tags"), "[String]");
  EXPECT_EQ(shown(schema, "Account", "blogPostCollection"),
            std::string("(") + page + "filter: BlogPostFilter, orderBy: [BlogPostOrderBy!]): BlogPostConnection");
  EXPECT_THAT(names(schema, "BlogPost"), ElementsAre("nodeId", "id", "ownerId", "title", "owner"));
  EXPECT_EQ(shown(schema, "BlogPost", "owner"), "Account!");
  const TypeDefinition* const account = schema->type("Account");
  EXPECT_THAT(account->interfaces, ElementsAre(schema->type("Node")));
  EXPECT_THAT(schema->type("Node")->possible_types, ElementsAre(account, schema->type("BlogPost")));
  EXPECT_EQ(account->field("createdAt")->binding.column->name, "created_at");
  EXPECT_EQ(schema->object_of(*account->binding.relation), account);
  EXPECT_THAT(schema->collection(*account->binding.relation).key, ElementsAre("id"));
}

TEST(SchemaBuilder, ShowsCollections) {
  const auto schema = build(snapshot(blogs()));
  EXPECT_THAT(names(schema, "Query"),
              ElementsAre("accountByPk", "accountCollection", "blogPostByPk", "blogPostCollection", "node"));
  EXPECT_EQ(shown(schema, "Query", "accountByPk"), "(id: Int!): Account");
  EXPECT_EQ(shown(schema, "Query", "accountCollection"),
            std::string("(") + page + "filter: AccountFilter, orderBy: [AccountOrderBy!]): AccountConnection!");
  EXPECT_THAT(names(schema, "AccountConnection"), ElementsAre("edges", "pageInfo"));
  EXPECT_EQ(shown(schema, "AccountConnection", "edges"), "[AccountEdge!]!");
  EXPECT_THAT(names(schema, "AccountFilter"),
              ElementsAre("id", "email", "createdAt", "tags", "nodeId", "and", "or", "not"));
  EXPECT_EQ(shown(schema, "AccountFilter", "tags"), "StringListFilter");
  EXPECT_EQ(shown(schema, "AccountFilter", "and"), "[AccountFilter!]");
  EXPECT_THAT(names(schema, "AccountOrderBy"), ElementsAre("id", "email", "createdAt"));
}

TEST(SchemaBuilder, ShowsMutations) {
  const auto schema = build(snapshot(blogs()));
  EXPECT_THAT(names(schema, "Mutation"),
              ElementsAre("deleteFromAccountCollection", "deleteFromBlogPostCollection", "insertIntoAccountCollection",
                          "insertIntoBlogPostCollection", "updateAccountCollection", "updateBlogPostCollection"));
  EXPECT_EQ(shown(schema, "Mutation", "insertIntoAccountCollection"),
            "(objects: [AccountInsertInput!]!): AccountInsertResponse");
  EXPECT_EQ(shown(schema, "Mutation", "updateAccountCollection"),
            "(set: AccountUpdateInput!, filter: AccountFilter, atMost: Int! = …): AccountUpdateResponse!");
  EXPECT_EQ(shown(schema, "Mutation", "deleteFromAccountCollection"),
            "(filter: AccountFilter, atMost: Int! = …): AccountDeleteResponse!");
  EXPECT_THAT(names(schema, "AccountInsertInput"), ElementsAre("email", "createdAt", "tags", "config"))
      << "a sequence gives the id";
  EXPECT_EQ(shown(schema, "AccountInsertInput", "email"), "String");
  EXPECT_THAT(names(schema, "AccountInsertResponse"), ElementsAre("affectedCount", "records"));
}

TEST(SchemaBuilder, KeepsNamesWithoutInflection) {
  const auto schema = build(snapshot(blogs(), {}, ""));
  EXPECT_THAT(names(schema, "blog_post"), ElementsAre("nodeId", "id", "owner_id", "title", "owner"));
  EXPECT_THAT(names(schema, "account"), Contains("blog_postCollection"));
  EXPECT_THAT(names(schema, "Mutation"), Contains("insertIntoblog_postCollection"));
}

TEST(SchemaBuilder, ObeysDirectives) {
  const auto schema = build(snapshot(
      {table("account",
             {serial(), column("mail", "text", true, "@graphql({\"name\": \"email\", \"description\": \"E\"})")},
             {"id"},
             "@graphql({\"name\": \"Holder\", \"description\": \"D\", \"totalCount\": {\"enabled\": true}, "
             "\"max_rows\": 7})")},
      {}, "@graphql({\"introspection\": false, \"max_rows\": 9})"));
  EXPECT_FALSE(schema->introspection());
  EXPECT_EQ(schema->field(*schema->query(), "__schema"), nullptr);
  EXPECT_NE(schema->field(*schema->query(), "__typename"), nullptr);
  EXPECT_THAT(names(schema, "Query"), ElementsAre("holderByPk", "holderCollection", "node"));
  EXPECT_EQ(schema->type("Holder")->description, "D");
  EXPECT_EQ(schema->type("Holder")->field("email")->description, "E");
  EXPECT_EQ(shown(schema, "HolderConnection", "totalCount"), "Int!");
  EXPECT_EQ(schema->collection(*schema->type("Holder")->binding.relation).max_rows, 7U);
}

TEST(SchemaBuilder, TakesSettingsInsteadOfComments) {
  BuildOptions options{.extensions = false};
  options.directives.schemas["public"] = "{\"inflect_names\": false, \"introspection\": true}";
  options.directives.relations["account"] = "{\"name\": \"Person\"}";
  options.directives.columns["account.email"] = "{\"name\": \"mail\"}";
  options.directives.constraints["blog_post.blog_post_owner_id_fkey"] =
      "{\"local_name\": \"posts\", \"foreign_name\": \"author\"}";
  options.introspection = false;
  const auto schema = build(snapshot(blogs("@graphql({\"local_name\": \"x\"})")), options);
  EXPECT_TRUE(schema->introspection());
  EXPECT_NE(schema->field(*schema->query(), "__type"), nullptr);
  EXPECT_THAT(names(schema, "Person"), ElementsAre("nodeId", "id", "mail", "created_at", "tags", "config", "posts"));
  EXPECT_THAT(names(schema, "blog_post"), Contains("author"));
}

TEST(SchemaBuilder, IgnoresBrokenDirectivesAndSaysSo) {
  const auto schema = build(snapshot({table("account", {serial()}, {"id"}, "@graphql({\"name\": 1})")}));
  EXPECT_NE(schema->type("Account"), nullptr);
  EXPECT_THAT(schema->warnings(),
              ElementsAre("directive of table public.account: invalid type: integer `1`, expected a string"));
  EXPECT_EQ(schema->broken_directive(), "invalid type: integer `1`, expected a string");
}

TEST(SchemaBuilder, NeedsAPrimaryKey) {
  const auto schema =
      build(snapshot({table("a", {column("id", "integer")}, {}), view("v", {column("id", "integer")}),
                      view("w", {column("id", "integer")}, "@graphql({\"primary_key_columns\": [\"id\"]})"),
                      view("x", {column("id", "integer")}, "@graphql({\"primary_key_columns\": [\"no\"]})")}));
  EXPECT_THAT(names(schema, "Query"), ElementsAre("node", "wByPk", "wCollection"));
  EXPECT_THAT(schema->warnings(), ElementsAre(HasSubstr("no column \"no\"")));
}

TEST(SchemaBuilder, OffersKeysThatCanBeWritten) {
  const auto schema =
      build(snapshot({table("a", {column("id", "double precision", false)}),
                      table("b", {column("x", "uuid", false), column("y", "bigint", false)}, {"y", "x"})}));
  EXPECT_THAT(names(schema, "Query"), ElementsAre("aCollection", "bByPk", "bCollection", "node"));
  EXPECT_EQ(shown(schema, "Query", "bByPk"), "(y: BigInt!, x: UUID!): B");
}

TEST(SchemaBuilder, RelatesOneToOne) {
  auto address = table("address", {column("id", "integer", false), column("account_id", "integer")});
  address.unique_keys.push_back({"one", {"account_id"}});
  references(address, "account_id", "account");
  const auto schema = build(snapshot({table("account", {column("id", "integer", false)}), address}));
  EXPECT_EQ(shown(schema, "Account", "address"), "Address");
  EXPECT_EQ(shown(schema, "Address", "account"), "Account") << "the column may be null";
}

TEST(SchemaBuilder, RelatesWithinATable) {
  auto account = table("account", {column("id", "integer", false), column("parent_id", "integer")});
  references(account, "parent_id", "account");
  const auto schema = build(snapshot({account}));
  EXPECT_THAT(names(schema, "Account"), ElementsAre("nodeId", "id", "parentId", "parent", "accountCollection"));
}

TEST(SchemaBuilder, RelatesViewsByDirectives) {
  const auto schema = build(snapshot(
      {table(
           "blog", {serial(), column("account_id", "integer", false)}, {"id"},
           R"(@graphql({"foreign_keys": [{"local_name": "blogs", "local_columns": ["account_id"], "foreign_name": "person",
                "foreign_schema": "public", "foreign_table": "person", "foreign_columns": ["id"]}]}))"),
       view("person", {column("id", "integer")}, "@graphql({\"primary_key_columns\": [\"id\"]})")}));
  EXPECT_EQ(shown(schema, "Blog", "person"), "Person!");
  const FieldDefinition* const field = schema->type("Person")->field("blogs");
  ASSERT_NE(field, nullptr);
  EXPECT_EQ(field->type.print(), "BlogConnection");
  EXPECT_EQ(field->binding.relationship->target, "blog");
  EXPECT_THAT(field->binding.relationship->target_columns, ElementsAre("account_id"));
  EXPECT_THAT(field->binding.relationship->source_columns, ElementsAre("id"));
}

TEST(SchemaBuilder, LeavesOutFieldsWhoseNamesClash) {
  auto blog = table("blog", {serial(), column("a_id", "integer"), column("b_id", "integer"), column("a", "text"),
                             column("node_id", "text"), column("x-y", "text")});
  references(blog, "a_id", "account");
  references(blog, "b_id", "account");
  const auto schema = build(snapshot({table("account", {serial()}), blog}));
  EXPECT_THAT(names(schema, "Blog"), ElementsAre("nodeId", "id", "aId", "bId", "a", "b"));
  EXPECT_THAT(names(schema, "Account"), ElementsAre("nodeId", "id", "blogCollection"));
  EXPECT_EQ(schema->warnings().size(), 4U);
}

TEST(SchemaBuilder, LeavesOutTypesWhoseNamesClash) {
  const auto schema = build(snapshot({table("account", {serial()}), table("account_filter", {serial()}),
                                      table("int", {serial()}), table("node", {serial()}), table("a b", {serial()})}));
  EXPECT_THAT(names(schema, "Query"), ElementsAre("accountByPk", "accountCollection", "node"));
  EXPECT_EQ(schema->warnings().size(), 4U);
}

TEST(SchemaBuilder, LetsColumnsHideFilterOperators) {
  const auto schema = build(snapshot({table("a", {serial(), column("and", "integer")})}));
  EXPECT_THAT(names(schema, "AFilter"), ElementsAre("id", "and", "nodeId", "or", "not"));
  EXPECT_EQ(shown(schema, "AFilter", "and"), "IntFilter");
}

TEST(SchemaBuilder, ShowsEnums) {
  auto mood = column("mood", "text");
  mood.type =
      enumeration("my_mood", {"sad", "very happy"}, "@graphql({\"mappings\": {\"very happy\": \"very_happy\"}})");
  auto moods = column("moods", "text");
  moods.type = array_of(mood.type);
  const auto schema = build(snapshot({table("a", {serial(), mood, moods})}));
  EXPECT_THAT(names(schema, "MyMood"), ElementsAre("sad", "very_happy"));
  EXPECT_EQ(schema->type("MyMood")->member("very_happy")->value, "very happy");
  EXPECT_EQ(shown(schema, "AFilter", "mood"), "MyMoodFilter");
  EXPECT_THAT(names(schema, "MyMoodFilter"), ElementsAre("eq", "in", "is", "neq"));
  EXPECT_EQ(shown(schema, "AFilter", "moods"), "MyMoodListFilter");
}

TEST(SchemaBuilder, ShowsEnumsThatCannotBeNamedAsOpaque) {
  auto bad = column("bad", "text");
  bad.type = enumeration("bad", {"a-b"});
  auto hidden = column("hidden", "text");
  hidden.type = enumeration("hidden", {"a"}, "", "private");
  const auto schema = build(snapshot({table("a", {serial(), bad, hidden})}));
  EXPECT_THAT(names(schema, "A"), ElementsAre("nodeId", "id", "bad"));
  EXPECT_EQ(shown(schema, "A", "bad"), "Opaque");
  EXPECT_THAT(schema->warnings(), ElementsAre(HasSubstr("a-b")));
}

TEST(SchemaBuilder, ShowsAggregatesWhenAsked) {
  const auto schema =
      build(snapshot({table("a",
                            {serial(), column("big", "bigint"), column("ratio", "real"), column("cost", "numeric"),
                             column("name", "text"), column("ok", "boolean")},
                            {"id"}, "@graphql({\"aggregate\": {\"enabled\": true}})")}));
  EXPECT_EQ(shown(schema, "AConnection", "aggregate"), "AAggregate");
  EXPECT_THAT(names(schema, "AAggregate"), ElementsAre("count", "sum", "avg", "min", "max"));
  EXPECT_THAT(names(schema, "ASumAggregateResult"), ElementsAre("id", "big", "ratio", "cost"));
  EXPECT_EQ(shown(schema, "ASumAggregateResult", "id"), "BigInt");
  EXPECT_EQ(shown(schema, "AAvgAggregateResult", "id"), "BigFloat");
  EXPECT_EQ(shown(schema, "AAvgAggregateResult", "ratio"), "Float");
  EXPECT_THAT(names(schema, "AMinAggregateResult"), ElementsAre("id", "big", "ratio", "cost", "name"));
  EXPECT_EQ(shown(schema, "AMaxAggregateResult", "id"), "Int");
}

/// `account`, and functions over its rows.
catalog::Function over_account(std::string name) {
  auto made = function(std::move(name), {{"rec", {catalog::Kind::composite, "account"}}}, "text");
  made.of_schema = "public";
  made.of_relation = "account";
  return made;
}

TEST(SchemaBuilder, ExtendsRowsWithFunctions) {
  auto relations = blogs();
  relations[0].computed_columns.push_back({"_full_name", "public", catalog::type_named("text"), ""});
  relations[0].computed_columns.push_back({"labels", "public", catalog::type_named("integer[]"), ""});
  auto many = over_account("many_posts");
  many.returns_schema = "public";
  many.returns_relation = "blog_post";
  many.returns_set = true;
  auto one = many;
  one.name = "one_post";
  one.single_row = true;
  one.comment = "@graphql({\"name\": \"firstPost\", \"description\": \"F\"})";
  const auto schema = build(snapshot(relations, {over_account("_full_name"), over_account("labels"), many, one}));
  EXPECT_THAT(names(schema, "Account"), IsSupersetOf({"fullName", "labels", "manyPosts", "firstPost"}));
  EXPECT_EQ(shown(schema, "Account", "labels"), "[Int]");
  EXPECT_THAT(shown(schema, "Account", "manyPosts"), HasSubstr("): BlogPostConnection"));
  EXPECT_EQ(shown(schema, "Account", "firstPost"), "BlogPost");
  EXPECT_EQ(schema->type("Account")->field("firstPost")->description, "F");
  EXPECT_EQ(schema->type("Account")->field("fullName")->binding.computed->name, "_full_name");
}

TEST(SchemaBuilder, ShowsRowsWithoutKeysWhereFunctionsReturnThem) {
  auto author = over_account("author");
  author.returns_schema = "public";
  author.returns_relation = "active";
  const auto schema = build(snapshot(
      {table("account", {serial()}), view("active", {column("name", "text")}), view("other", {column("name", "text")})},
      {author}));
  EXPECT_EQ(shown(schema, "Account", "author"), "Active");
  EXPECT_THAT(names(schema, "Active"), ElementsAre("name"));
  EXPECT_EQ(schema->type("Other"), nullptr);
  EXPECT_EQ(schema->type("ActiveConnection"), nullptr);
}

TEST(SchemaBuilder, CallsFunctions) {
  auto add = function("add_nums",
                      {{.name = "first_num", .type = catalog::type_named("integer")},
                       {.name = "b", .type = catalog::type_named("integer"), .required = false, .default_text = "2"},
                       {.name = "c", .type = catalog::type_named("text"), .required = false, .default_text = "f()"}},
                      "integer");
  auto accounts = function("accounts", {{.name = "ids", .type = catalog::type_named("integer[]")}}, "integer");
  accounts.returns_schema = "public";
  accounts.returns_relation = "account";
  accounts.returns_set = true;
  auto change = function("change", {}, "text");
  change.volatility = catalog::Volatility::volatile_;
  const auto schema = build(snapshot(blogs(), {add, accounts, change}));
  EXPECT_EQ(shown(schema, "Query", "addNums"), "(firstNum: Int!, b: Int = …, c: String): Int");
  EXPECT_EQ(
      shown(schema, "Query", "accounts"),
      std::string("(ids: [Int]!, ") + page + "filter: AccountFilter, orderBy: [AccountOrderBy!]): AccountConnection");
  EXPECT_EQ(shown(schema, "Mutation", "change"), "String");
  const auto& argument = schema->query()->field("addNums")->arguments[1];
  EXPECT_EQ(argument.binding.position, 1);
  EXPECT_EQ(argument.default_value, (Input{Input::Number{"2", true}, {}}));
}

TEST(SchemaBuilder, LeavesOutFunctionsItCannotCall) {
  const auto one = [](std::string name, catalog::Argument argument) {
    return function(std::move(name), {std::move(argument)}, "integer");
  };
  std::vector<catalog::Function> functions;
  functions.push_back(one("overloaded", {.name = "a", .type = catalog::type_named("integer")}));
  functions.push_back(one("overloaded", {.name = "a", .type = catalog::type_named("text")}));
  functions.push_back(one("nameless", {.name = "", .type = catalog::type_named("json")}));
  functions.push_back(one("variadic", {.name = "a", .type = catalog::type_named("integer[]"), .variadic = true}));
  functions.push_back(one("rows", {.name = "a", .type = {catalog::Kind::composite, "pair"}}));
  functions.push_back(one("moods", {.name = "a", .type = enumeration("mood", {"sad"})}));
  functions.push_back(function("record", {}, "integer"));
  functions.back().returns.kind = catalog::Kind::composite;
  functions.push_back(function("nothing", {}, "void"));
  functions.back().returns_void = true;
  functions.push_back(function("enumerated", {}, "integer"));
  functions.back().returns = enumeration("mood", {"sad"});
  functions.push_back(function("elsewhere", {}, "integer"));
  functions.back().returns_schema = "dev";
  functions.back().returns_relation = "book";
  functions.push_back(one("clashing", {.name = "first", .type = catalog::type_named("integer")}));
  functions.back().returns_schema = "public";
  functions.back().returns_relation = "account";
  functions.back().returns_set = true;
  functions.push_back(over_account("computed"));
  const auto schema = build(snapshot({table("account", {column("id", "integer", false)})}, functions));
  EXPECT_THAT(names(schema, "Query"), ElementsAre("accountByPk", "accountCollection", "node"));
  EXPECT_EQ(schema->type("Mood"), nullptr);
}

TEST(SchemaBuilder, ShowsARoleOnlyWhatItMayUse) {
  policy::Rules rules;
  rules.grants["anon"]["blog_post"] = {.select = true, .update = true};
  const auto schema = build(snapshot(blogs()), {.extensions = false}, rules);
  EXPECT_EQ(schema->type("Account"), nullptr);
  EXPECT_THAT(names(schema, "BlogPost"), ElementsAre("nodeId", "id", "ownerId", "title"));
  EXPECT_THAT(names(schema, "Mutation"), ElementsAre("updateBlogPostCollection"));
  rules.grants["anon"]["blog_post"] = {.insert = true};
  EXPECT_EQ(build(snapshot(blogs()), {.extensions = false}, rules)->mutation(), nullptr) << "rows that cannot be read";
}

TEST(SchemaBuilder, ShowsARoleOnlyItsColumns) {
  catalog::Privileges privileges;
  privileges.schemas["public"][""] = catalog::right_usage;
  auto& grants = privileges.relations[catalog::Privileges::key("public", "account")];
  grants.columns["id"][""] = catalog::right_select;
  grants.columns["email"][""] = catalog::right_select | catalog::right_insert;
  grants.columns["tags"][""] = catalog::right_update;
  const auto schema = build_schema(snapshot(blogs()), PrivilegesAccess(privileges, "api"), {.extensions = false});
  EXPECT_THAT(names(schema, "Account"), ElementsAre("nodeId", "id", "email"));
  EXPECT_THAT(names(schema, "AccountFilter"), ElementsAre("id", "email", "nodeId", "and", "or", "not"));
  EXPECT_THAT(names(schema, "AccountInsertInput"), ElementsAre("email"));
  EXPECT_THAT(names(schema, "AccountUpdateInput"), ElementsAre("tags"));
  EXPECT_THAT(names(schema, "Mutation"), ElementsAre("insertIntoAccountCollection", "updateAccountCollection"));
}

TEST(SchemaBuilder, HidesRelationsWhoseKeyARoleMayNotRead) {
  catalog::Privileges privileges;
  privileges.schemas["public"][""] = catalog::right_usage;
  privileges.relations[catalog::Privileges::key("public", "account")].columns["email"][""] = catalog::right_select;
  const auto schema = build_schema(snapshot(blogs()), PrivilegesAccess(privileges, "api"));
  EXPECT_THAT(names(schema, "Query"), ElementsAre("node"));
}

TEST(SchemaBuilder, DoesNotWriteWhatTheDatabaseComputes) {
  auto generated = column("full", "text");
  generated.generated = true;
  auto readable = view("v", {column("id", "integer")}, "@graphql({\"primary_key_columns\": [\"id\"]})");
  readable.insertable = readable.updatable = readable.deletable = false;
  const auto schema = build(snapshot({table("a", {serial(), generated}), readable}));
  EXPECT_THAT(names(schema, "A"), ElementsAre("nodeId", "id", "full"));
  EXPECT_THAT(names(schema, "Mutation"), ElementsAre("deleteFromACollection")) << "nothing to insert or to set";
}

TEST(SchemaBuilder, ShowsVersionsToRolesThatMayReadWholeRows) {
  catalog::Privileges privileges;
  privileges.schemas["public"][""] = catalog::right_usage;
  auto& grants = privileges.relations[catalog::Privileges::key("public", "account")];
  for (const auto* column : {"id", "email"}) grants.columns[column][""] = catalog::right_select | catalog::right_update;
  const auto part = build_schema(snapshot(blogs()), PrivilegesAccess(privileges, "api"));
  EXPECT_EQ(shown(part, "Account", "_version"), "no field");
  EXPECT_THAT(shown(part, "Mutation", "updateAccountCollection"), Not(HasSubstr("ifVersion")));
  grants.whole[""] = catalog::right_select | catalog::right_update | catalog::right_delete;
  const auto whole = build_schema(snapshot(blogs()), PrivilegesAccess(privileges, "api"));
  EXPECT_EQ(shown(whole, "Account", "_version"), "String!");
  EXPECT_THAT(shown(whole, "Mutation", "updateAccountCollection"), HasSubstr("ifVersion: [String!]"));
  EXPECT_THAT(shown(whole, "Mutation", "deleteFromAccountCollection"), HasSubstr("ifVersion: [String!]"));
}

TEST(SchemaBuilder, ExtendsTheDialect) {
  const auto schema = build(snapshot(blogs()), {.extensions = true});
  EXPECT_EQ(shown(schema, "Mutation", "insertIntoAccountCollection"),
            "(objects: [AccountInsertInput!]!, onConflict: AccountOnConflict): AccountInsertResponse");
  EXPECT_EQ(shown(schema, "AccountOnConflict", "target"), "[AccountConflictColumn!]!");
  EXPECT_EQ(shown(schema, "AccountOnConflict", "update"), "[AccountConflictColumn!]");
  EXPECT_EQ(schema->type("AccountConflictColumn")->member("createdAt")->value, "created_at");
  EXPECT_EQ(shown(schema, "AccountInsertInput", "blogPostCollection"), "[BlogPostInsertInput!]");
  EXPECT_EQ(shown(schema, "BlogPostInsertInput", "owner"), "AccountInsertInput");
  EXPECT_EQ(schema->type("BlogPostInsertInput")->input("owner")->binding.relationship->target, "account");
  EXPECT_EQ(shown(schema, "BlogPostUpdateInput", "_increment"), "BlogPostIncrementInput");
  EXPECT_THAT(names(schema, "BlogPostIncrementInput"), ElementsAre("ownerId"));
  EXPECT_EQ(schema->type("AccountIncrementInput"), nullptr) << "nothing to count";
}

}  // namespace
}  // namespace ballast::graphql
