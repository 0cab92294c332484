#include "rest/select.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

Select parsed(std::string_view text) {
  auto select = parse_select(text, Settings{});
  EXPECT_TRUE(select.ok()) << text << ": "
                           << (select.ok() ? "" : select.error().message + " " + select.error().details);
  return select.ok() ? std::move(select).value() : Select{};
}

const SelectField& field_at(const Select& select, std::size_t i) { return std::get<SelectField>(select.at(i).node); }
const SelectEmbed& embed_at(const Select& select, std::size_t i) { return std::get<SelectEmbed>(select.at(i).node); }

Error refused(std::string_view text, const Settings& settings = {}) {
  auto select = parse_select(text, settings);
  EXPECT_FALSE(select.ok()) << text;
  return select.ok() ? Error{} : select.error();
}

TEST(Select, MeansEverythingWhenEmpty) {
  EXPECT_EQ(parsed("").size(), 1U);
  EXPECT_TRUE(std::holds_alternative<SelectStar>(parsed("").front().node));
  EXPECT_TRUE(std::holds_alternative<SelectStar>(parsed(" * ").front().node));
}

TEST(Select, TakesColumnsWithAliasesAndCasts) {
  const auto select = parsed("id,my_id:id::text, full name ,field-with_sep");
  EXPECT_EQ(field_at(select, 0).field.name, "id");
  EXPECT_EQ(field_at(select, 1).alias, "my_id");
  EXPECT_EQ(field_at(select, 1).cast, "text");
  EXPECT_EQ(field_at(select, 2).field.name, "full name");
  EXPECT_EQ(field_at(select, 3).field.name, "field-with_sep");
}

TEST(Select, TakesTypesWithPrecision) {
  EXPECT_EQ(field_at(parsed("price::numeric(10,2)"), 0).cast, "numeric(10,2)");
  EXPECT_EQ(field_at(parsed("ids::int[]"), 0).cast, "int[]");
}

TEST(Select, TakesQuotedNamesVerbatim) {
  const auto select = parsed(R"x(":arr->ow::cast","(inside,parens)","a.dotted.column","say \"hi\"")x");
  EXPECT_EQ(field_at(select, 0).field.name, ":arr->ow::cast");
  EXPECT_EQ(field_at(select, 1).field.name, "(inside,parens)");
  EXPECT_EQ(field_at(select, 2).field.name, "a.dotted.column");
  EXPECT_EQ(field_at(select, 3).field.name, "say \"hi\"");
}

TEST(Select, TakesJsonPaths) {
  const auto select = parsed("data->a->>b,data->0->>-2::int,x:data->!@#$%^&*_d");
  EXPECT_EQ(field_at(select, 0).field.path, (std::vector<query::JsonStep>{{"a", false}, {"b", true}}));
  EXPECT_EQ(field_at(select, 1).field.path,
            (std::vector<query::JsonStep>{{std::int64_t{0}, false}, {std::int64_t{-2}, true}}));
  EXPECT_EQ(field_at(select, 1).cast, "int");
  EXPECT_EQ(std::get<std::string>(field_at(select, 2).field.path[0].key), "!@#$%^&*_d");
}

TEST(Select, TakesEmbedsNestedHintedAndSpread) {
  const auto select = parsed("id,client:clients!projects_client_id_fkey!inner(name,...tasks(id)),users!left()");
  const auto& client = embed_at(select, 1);
  EXPECT_EQ(client.alias, "client");
  EXPECT_EQ(client.target, "clients");
  EXPECT_EQ(client.hint, "projects_client_id_fkey");
  EXPECT_EQ(client.join, query::Join::inner);
  EXPECT_TRUE(embed_at(client.items, 1).spread);
  EXPECT_TRUE(embed_at(select, 2).items.empty());
  EXPECT_EQ(embed_at(select, 2).join, query::Join::left);
}

TEST(Select, TakesAggregates) {
  const auto select = parsed("count(),n:count()::text,total:price.sum()::int,data->>k::integer.avg()");
  EXPECT_EQ(field_at(select, 0).aggregate, query::Aggregate::count);
  EXPECT_TRUE(field_at(select, 0).field.name.empty());
  EXPECT_EQ(field_at(select, 1).aggregate_cast, "text");
  EXPECT_EQ(field_at(select, 2).alias, "total");
  EXPECT_EQ(field_at(select, 2).aggregate, query::Aggregate::sum);
  EXPECT_EQ(field_at(select, 2).aggregate_cast, "int");
  EXPECT_EQ(field_at(select, 3).cast, "integer");
  EXPECT_EQ(field_at(select, 3).aggregate, query::Aggregate::avg);
}

TEST(Select, RefusesWhatDoesNotParseWithThePlace) {
  const auto error = refused("id,(");
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(error.code, "PGRST100");
  EXPECT_EQ(error.message, "\"failed to parse select parameter (id,()\" (line 1, column 4)");
  EXPECT_EQ(error.details, "unexpected \"(\" expecting field name (* or [a..z0..9_$])");
  for (const auto* text : {",", "id,", "a:", "a(b", "a->", "a::", "a.median()", "\"open", "...", "a!(b)"}) {
    EXPECT_EQ(refused(text).code, "PGRST100") << text;
  }
}

TEST(Select, RefusesEmbedsNestedTooDeeply) {
  Settings settings;
  settings.select_depth = 3;
  EXPECT_TRUE(parse_select("a(b(c))", settings).ok());
  EXPECT_EQ(refused("a(b(c(d)))", settings).code, "PGRST100");
}

TEST(Select, RefusesTooManyItems) {
  Settings settings;
  settings.select_items = 2;
  EXPECT_TRUE(parse_select("a,b", settings).ok());
  EXPECT_EQ(refused("a,b,c", settings).code, "PGRST100");
}

}  // namespace
}  // namespace ballast::rest
