#include "query/print.hpp"

#include <gtest/gtest.h>

namespace ballast::query {
namespace {

ColumnPath column(std::string name) { return {std::move(name), {}, {}, {}}; }

TEST(Print, ShowsAReadWithEverything) {
  EmbedOutput artist;
  artist.alias = "artist";
  artist.join = Join::inner;
  artist.relationship.cardinality = catalog::Cardinality::many_to_one;
  artist.relationship.target_schema = "public";
  artist.relationship.target = "artists";
  artist.relationship.constraint = "albums_artist_id_fkey";
  artist.child->outputs = {ColumnOutput{"name", column("name")}};
  artist.child->limit = 3;
  Read read;
  read.schema = "public";
  read.relation = "albums";
  ColumnPath path = column("data");
  path.path = {{std::string("a"), false}, {std::int64_t{0}, true}};
  path.cast = catalog::Type{catalog::Kind::integer, "integer"};
  read.outputs = {ColumnOutput{"id", column("id")}, ColumnOutput{"a", path},
                  AggregateOutput{"count", Aggregate::count, {}, {}}, artist};
  read.where.node = And{{Predicate{Compare{column("id"), Op::gt, Quantifier::one, {{"5", 0}}}},
                         Predicate{Not{Predicate{In{column("title"), {{"a", -1}, {"b", -1}}}}}},
                         Predicate{Or{{Predicate{IsTest{column("x"), Is::null}}, Predicate{EmbedExists{"artist"}}}}},
                         Predicate{FullText{column("t"), FullTextMode::web, "english", {"cat", -1}}}}};
  read.order = {{"artist", column("name"), Direction::descending, Nulls::last}};
  read.limit = 10;
  read.offset = 20;
  read.count = Count::exact;
  read.lock = Lock{Lock::Strength::share, Lock::Wait::skip};
  read.fold = Fold{"public", "as_html", true, false};
  EXPECT_EQ(print(read), R"(read public.albums
  id: id
  a: data->a->>0::integer
  count: count()
  artist: inner many-to-one public.artists by albums_artist_id_fkey
    name: name
    limit 3
  where
    and
      id gt "5"@0
      not
        title in "a" "b"
      or
        x is null
        exists artist
      t web(english) "cat"
  order artist.name desc nulls last
  limit 10
  offset 20
  count exact
  lock share skip
  fold public.as_html of whole rows
)");
}

TEST(Print, ShowsACall) {
  catalog::Function function;
  function.schema = "public";
  function.name = "top_albums";
  Call call;
  call.function = &function;
  call.read_only = true;
  call.arguments = {{"most", {catalog::Kind::integer, "integer"}, false, {"3", -1}},
                    {"tags", {catalog::Kind::array, "text[]"}, true, {"{\"a\"}", -1}}};
  ColumnPath computed = column("full_name");
  computed.function_schema = "api";
  call.result.outputs = {ColumnOutput{"name", computed}};
  call.result.limit = 2;
  EXPECT_EQ(print(call), R"(call read only public.top_albums
  argument most: integer "3"
  argument tags: text[] variadic "{"a"}"
  name: api.full_name()
  limit 2
)");
}

TEST(Print, ShowsACallWhoseArgumentsAreOneObject) {
  catalog::Function function;
  function.schema = "public";
  function.name = "add";
  Call call;
  call.function = &function;
  call.arguments = {{"a", {catalog::Kind::integer, "integer"}, false, {}}};
  call.payload = R"({"a":1})";
  EXPECT_EQ(print(call), R"(call public.add
  argument a: integer
  payload {"a":1}
)");
}

TEST(Print, ShowsWrites) {
  Insert insert;
  insert.schema = "public";
  insert.relation = "t";
  insert.columns = {"a", "b"};
  insert.payload = R"([{"a":1}])";
  insert.on_conflict = OnConflict::merge;
  insert.conflict_columns = {"a"};
  insert.returning = Read{};
  insert.returning->outputs = {ColumnOutput{"a", column("a")}};
  EXPECT_EQ(print(insert), R"(insert public.t
  columns a b
  payload [{"a":1}]
  on conflict merge
  conflict columns a
  returning
    a: a
)");
  Delete remove;
  remove.schema = "public";
  remove.relation = "t";
  remove.where.node = IsTest{column("a"), Is::null};
  EXPECT_EQ(print(remove), "delete public.t\n  where\n    a is null\n");
}

}  // namespace
}  // namespace ballast::query
