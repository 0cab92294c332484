#include "rest/to_query.hpp"

#include <gtest/gtest.h>

#include "rest/test_catalog.hpp"

namespace ballast::rest {
namespace {

class ToQuery : public ::testing::Test {
 protected:
  Result<query::Read> read(std::string_view relation, std::string_view query, Page page = {}) {
    auto parameters = parse_parameters(query, settings_);
    if (!parameters) return parameters.error();
    return to_read(with(), *snapshot_->relation("public", relation), *parameters, page, query::Count::none);
  }
  query::Read made(std::string_view relation, std::string_view query) {
    auto result = read(relation, query);
    EXPECT_TRUE(result.ok()) << query << ": " << (result.ok() ? "" : result.error().message);
    return result.ok() ? std::move(result).value() : query::Read{};
  }
  Error refused(std::string_view relation, std::string_view query) {
    auto result = read(relation, query);
    EXPECT_FALSE(result.ok()) << query;
    return result.ok() ? Error{} : result.error();
  }
  Result<query::Insert> insert(std::string_view relation, std::string_view query, std::string body,
                               WriteOptions options = {}) {
    auto parameters = parse_parameters(query, settings_);
    if (!parameters) return parameters.error();
    auto payload = parse_payload(BodyType::json, std::move(body), 64);
    if (!payload) return payload.error();
    return to_insert(with(), *snapshot_->relation("public", relation), *parameters, *payload, options);
  }
  Result<query::Update> update(std::string_view relation, std::string_view query, std::string body,
                               WriteOptions options = {}) {
    auto parameters = parse_parameters(query, settings_);
    if (!parameters) return parameters.error();
    auto payload = parse_payload(BodyType::json, std::move(body), 64);
    if (!payload) return payload.error();
    return to_update(with(), *snapshot_->relation("public", relation), *parameters, *payload, options);
  }
  Resolution with() const { return {*snapshot_, settings_, true}; }

  static const query::EmbedOutput& embed(const query::Read& read, std::size_t i) {
    return std::get<query::EmbedOutput>(read.outputs.at(i));
  }
  static const query::ColumnOutput& column(const query::Read& read, std::size_t i) {
    return std::get<query::ColumnOutput>(read.outputs.at(i));
  }
  template <class T>
  static const T& condition(const query::Read& read, std::size_t i = 0) {
    return std::get<T>(std::get<query::And>(read.where.node).all.at(i).node);
  }

  Settings settings_;
  catalog::SnapshotPtr snapshot_ = testing::snapshot();
};

TEST_F(ToQuery, StarIsEveryColumnInOrder) {
  const auto all = made("clients", "");
  ASSERT_EQ(all.outputs.size(), 2U);
  EXPECT_EQ(column(all, 0).alias, "id");
  EXPECT_EQ(column(all, 1).alias, "name");
  EXPECT_EQ(column(all, 0).column.type.kind, catalog::Kind::integer);
}

TEST_F(ToQuery, JsonPathsAreNamedAfterTheirLastKey) {
  const auto found = made("projects", "select=meta->a->>b,meta->0->>1,m:meta->x,meta->>0::int");
  EXPECT_EQ(column(found, 0).alias, "b");
  EXPECT_EQ(column(found, 1).alias, "meta");
  EXPECT_EQ(column(found, 2).alias, "m");
  EXPECT_EQ(column(found, 3).column.cast->kind, catalog::Kind::integer);
}

TEST_F(ToQuery, EmbedsNestAndTakeTheirOwnParameters) {
  const auto found = made("clients",
                          "select=name,ps:projects!inner(id,tasks(name))&ps.id=gt.1&ps.tasks.name=like.a*"
                          "&ps.order=name.desc&ps.tasks.limit=2&ps.offset=1&projects.name=eq.x");
  const auto& projects = embed(found, 1);
  EXPECT_EQ(projects.alias, "ps");
  EXPECT_EQ(projects.join, query::Join::inner);
  EXPECT_EQ(projects.child->offset, 1U);
  EXPECT_EQ(projects.child->order.at(0).direction, query::Direction::descending);
  EXPECT_EQ(condition<query::Compare>(*projects.child).values.at(0).text, "1");
  EXPECT_EQ(condition<query::Compare>(*projects.child, 1).values.at(0).text, "x");
  const auto& tasks = embed(*projects.child, 1);
  EXPECT_EQ(tasks.child->limit, 2U);
  EXPECT_EQ(condition<query::Compare>(*tasks.child).values.at(0).text, "a%");
}

TEST_F(ToQuery, AnAliasHidesTheRelationsNameOnlyWhenToldSo) {
  constexpr std::string_view query = "select=c:clients(id)&clients.id=eq.1";
  EXPECT_EQ(made("projects", query).outputs.size(), 1U);
  settings_.legacy_target_names = false;
  EXPECT_EQ(refused("projects", query).code, "PGRST108");
  EXPECT_EQ(made("projects", "select=c:clients(id)&c.id=eq.1").outputs.size(), 1U);
}

TEST_F(ToQuery, EmptyEmbedsAreHiddenAndCanBeTested) {
  const auto found = made("projects", "select=name,clients()&clients=not.is.null&or=(clients.is.null,id.eq.1)");
  EXPECT_TRUE(embed(found, 1).hidden);
  EXPECT_EQ(condition<query::EmbedExists>(found).alias, "clients");
  const auto& any = condition<query::Or>(found, 1);
  EXPECT_TRUE(std::holds_alternative<query::Not>(any.any.at(0).node));
}

TEST_F(ToQuery, OrdersByAnEmbedsColumn) {
  const auto found = made("projects", "select=id,client:clients(label:name)&order=client(label).desc,clients(id)");
  EXPECT_EQ(found.order.at(0).embed, "client");
  EXPECT_EQ(found.order.at(0).column.column, "name");
  EXPECT_EQ(found.order.at(1).embed, "client");
}

TEST_F(ToQuery, RefusesOrdersByWhatIsNoRow) {
  EXPECT_EQ(refused("projects", "order=clients(name)").code, "PGRST108");
  EXPECT_EQ(refused("projects", "order=clients(name)").hint,
            "Verify that 'clients' is included in the 'select' query parameter.");
  const auto error = refused("clients", "select=*,projects(*)&order=projects(id)");
  EXPECT_EQ(error.code, "PGRST118");
  EXPECT_EQ(error.message, "A related order on 'projects' is not possible");
  EXPECT_EQ(error.details, "'clients' and 'projects' do not form a many-to-one or one-to-one relationship");
}

TEST_F(ToQuery, NamesUnknownColumnsAsPostgresDoes) {
  for (const auto* query : {"select=nam", "nam=eq.1", "order=nam", "or=(nam.eq.1)"}) {
    const auto error = refused("projects", query);
    EXPECT_EQ(error.status, 400) << query;
    EXPECT_EQ(error.code, "42703") << query;
    EXPECT_EQ(error.message, "column projects.nam does not exist") << query;
    EXPECT_EQ(error.hint, "Perhaps you meant to reference the column \"projects.name\".") << query;
  }
  EXPECT_EQ(refused("projects", "zzzzzz=eq.1").hint, "");
}

TEST_F(ToQuery, NamesUnknownEmbedsInPaths) { EXPECT_EQ(refused("projects", "clients.name=eq.x").code, "PGRST108"); }

TEST_F(ToQuery, NamesUnknownTypes) {
  const auto error = refused("projects", "select=id::fakecolumntype");
  EXPECT_EQ(error.code, "42704");
  EXPECT_EQ(error.message, "type \"fakecolumntype\" does not exist");
}

TEST_F(ToQuery, AllowsAggregatesOnlyBySetting) {
  EXPECT_EQ(refused("projects", "select=id.sum()").code, "PGRST123");
  settings_.aggregates = true;
  const auto found = made("projects", "select=price.sum()::text,count(),name");
  EXPECT_EQ(std::get<query::AggregateOutput>(found.outputs.at(0)).alias, "sum");
  EXPECT_EQ(std::get<query::AggregateOutput>(found.outputs.at(0)).cast->name, "text");
  EXPECT_EQ(std::get<query::AggregateOutput>(found.outputs.at(1)).column, std::nullopt);
  EXPECT_EQ(refused("projects", "select=name.sum()").code, "42883");
}

TEST_F(ToQuery, CountsRowsBySelectCount) {
  EXPECT_EQ(std::get<query::AggregateOutput>(made("projects", "select=count").outputs.at(0)).alias, "count");
}

TEST_F(ToQuery, RefusesOperatorsThatTheTypeLacks) {
  const auto error = refused("projects", "id=like.1*");
  EXPECT_EQ(error.status, 404);
  EXPECT_EQ(error.code, "42883");
  EXPECT_EQ(error.message, "operator does not exist: integer ~~ unknown");
  EXPECT_EQ(refused("projects", "name=cs.{1}").code, "42883");
  EXPECT_EQ(refused("projects", "id=fts.x").code, "42883");
  EXPECT_EQ(refused("projects", "id=is.true").code, "42804");
  EXPECT_TRUE(read("projects", "active=is.true&meta=cs.{}&meta->>a=like.b*").ok());
}

TEST_F(ToQuery, RefusesPathsIntoWhatIsNoJson) {
  for (const auto* query : {"select=name->a", "name->a=eq.1", "order=name->a"}) {
    const auto error = refused("projects", query);
    EXPECT_EQ(error.status, 404) << query;
    EXPECT_EQ(error.message, "operator does not exist: text -> unknown") << query;
  }
}

TEST_F(ToQuery, RefusesQuantifiedValuesThatAreNoArrays) {
  const auto error = refused("projects", "id=eq(any).1");
  EXPECT_EQ(error.code, "22P02");
  EXPECT_EQ(error.message, "malformed array literal: \"1\"");
  EXPECT_EQ(condition<query::Compare>(made("projects", "name=like(any).{a*,b*}")).values.at(1).text, "b%");
}

TEST_F(ToQuery, CapsRowsByTheSetting) {
  settings_.max_rows = 10;
  const auto found = made("clients", "select=*,projects(*,clients(*))&projects.limit=50");
  EXPECT_EQ(found.limit, 10U);
  EXPECT_EQ(embed(found, 2).child->limit, 10U);
  EXPECT_EQ(embed(*embed(found, 2).child, 6).child->limit, std::nullopt);
}

TEST_F(ToQuery, InsertsThePayloadsColumns) {
  const auto made = insert("clients", "", R"([{"name":"a","id":1},{"id":2,"name":"b"}])");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->columns, (std::vector<std::string>{"name", "id"}));
  EXPECT_EQ(made->payload, R"([{"name":"a","id":1},{"id":2,"name":"b"}])");
  EXPECT_EQ(made->returning, std::nullopt);
}

TEST_F(ToQuery, RefusesRowsOfDifferentKeysUnlessColumnsAreNamed) {
  EXPECT_EQ(insert("clients", "", R"([{"id":1},{"name":"b"}])").error().message, "All object keys must match");
  EXPECT_EQ(insert("clients", "columns=id,name", R"([{"id":1},{"name":"b"}])").value().columns.size(), 2U);
}

TEST_F(ToQuery, RefusesUnknownAndGeneratedColumnsInPayloads) {
  const auto error = insert("clients", "", R"({"nam":1})").error();
  EXPECT_EQ(error.code, "PGRST204");
  EXPECT_EQ(error.message, "Could not find the 'nam' column of 'clients' in the schema cache");
  EXPECT_EQ(error.hint, "Perhaps you meant the column 'name'.");
  EXPECT_EQ(insert("clients", "columns=helicopter", R"({"id":1})").error().code, "PGRST204");
  EXPECT_EQ(insert("people", "", R"({"age":1})").error().code, "428C9");
  EXPECT_EQ(update("people", "", R"({"age":1})").error().message, "column \"age\" can only be updated to DEFAULT");
}

TEST_F(ToQuery, MergesOnThePrimaryKeyOrOnConflict) {
  WriteOptions options;
  options.on_conflict = query::OnConflict::merge;
  EXPECT_EQ(insert("clients", "", R"({"id":1})", options)->conflict_columns, std::vector<std::string>{"id"});
  EXPECT_EQ(insert("clients", "on_conflict=name", R"({"id":1})", options).error().code, "42P10");
  EXPECT_EQ(insert("clients", "on_conflict=nope", R"({"id":1})", options).error().code, "42703");
}

TEST_F(ToQuery, RefusesAPageOfAWriteAndAnEmbedsConditionWithoutTheEmbed) {
  EXPECT_EQ(update("projects", "limit=1&order=id", R"({"name":"n"})", {}).error().code, "PGRST114");
  EXPECT_EQ(update("projects", "offset=1", R"({"name":"n"})", {}).error().code, "PGRST114");
  EXPECT_EQ(update("projects", "select=id,tasks()&tasks=not.is.null", R"({"name":"n"})", {}).error().code, "0A000");
}

TEST_F(ToQuery, FiltersOfAnUpdateGoToTheWriteAndThoseOfEmbedsToTheAnswer) {
  WriteOptions options;
  options.representation = true;
  const auto made = update("projects", "id=eq.1&select=id,tasks(name)&tasks.name=eq.x", R"({"name":"n"})", options);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(std::get<query::And>(made->where.node).all.size(), 1U);
  EXPECT_EQ(made->payload, R"({"name":"n"})");
  ASSERT_TRUE(made->returning);
  EXPECT_TRUE(std::get<query::And>(made->returning->where.node).all.empty());
  EXPECT_EQ(std::get<query::And>(embed(*made->returning, 1).child->where.node).all.size(), 1U);
}

TEST_F(ToQuery, AnUpdateCanSetDefaults) {
  WriteOptions options;
  options.missing_is_default = true;
  const auto made = update("projects", "columns=name,price", R"({"name":"n"})", options);
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(made->missing_is_default);
  EXPECT_EQ(made->columns, (std::vector<std::string>{"name", "price"}));
}

TEST_F(ToQuery, AnUpdateAddsToNumericColumns) {
  const auto made =
      update("projects", "id=eq.1", R"({"price": {"$increment": -1.50}, "name": "x", "meta": {"$increment": 2}})");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->increments, std::vector<std::string>{"price"});
  EXPECT_EQ(made->payload, R"({"price": -1.50, "name": "x", "meta": {"$increment": 2}})");
}

TEST_F(ToQuery, LeavesWhatOnlyLooksLikeAnIncrementAsItIs) {
  for (const auto* body : {R"({"price":{"$increment":"1"}})", R"({"price":{"$increment":1,"x":2}})",
                           R"({"price":{"increment":1}})", R"({"price":[{"$increment":1}]})"}) {
    const auto made = update("projects", "", body);
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(made->increments, std::vector<std::string>{}) << body;
    EXPECT_EQ(made->payload, body);
  }
}

TEST_F(ToQuery, RefusesWritesToViewsThatCannotTakeThem) {
  EXPECT_EQ(insert("project_names", "", R"({"name":"x"})").error().status, 405);
  EXPECT_EQ(update("project_names", "", R"({"name":"x"})").error().message, "cannot update view \"project_names\"");
}

TEST_F(ToQuery, APutNamesItsWholeKeyAndNothingElse) {
  const auto key = [&](std::string_view relation, std::string_view query) {
    return put_key(*snapshot_->relation("public", relation), parse_parameters(query, settings_).value());
  };
  EXPECT_EQ(key("users_tasks", "task_id=eq.2&user_id=eq.1").value().size(), 2U);
  for (const auto* query :
       {"", "user_id=eq.1", "user_id=eq.1&task_id=gt.2", "user_id=eq.1&task_id=not.eq.2", "user_id=eq.1&task_id=in.(2)",
        "and=(user_id.eq.1,task_id.eq.2)", "user_id=eq.1&task_id=eq.2&name=eq.x"}) {
    EXPECT_EQ(key("users_tasks", query).error().status, 405) << query;
    EXPECT_EQ(key("users_tasks", query).error().code, "PGRST105") << query;
  }
  EXPECT_EQ(key("users_tasks", "user_id=eq.1&task_id=eq.2&limit=1").error().code, "PGRST114");
  EXPECT_EQ(key("project_names", "name=eq.x").error().code, "PGRST105");
}

TEST_F(ToQuery, TellsOfARelationshipThatIsNoneBeforeAColumnThatIsNone) {
  EXPECT_EQ(refused("projects", "select=nope,planets(id)").code, "PGRST200");
  EXPECT_EQ(refused("projects", "select=nope,clients(id)").code, "42703");
}

}  // namespace
}  // namespace ballast::rest
