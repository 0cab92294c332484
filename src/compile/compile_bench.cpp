#include <benchmark/benchmark.h>

#include "compile/test_queries.hpp"

namespace ballast::compile {
namespace {

void row_by_key(benchmark::State& state) {
  query::Read albums = testing::read("albums", {"id", "title", "artist_id", "live", "price"});
  albums.where = testing::compare(testing::column("albums", "id"), query::Op::eq, "1", 0);
  const query::Operation operation(albums);
  for (auto _ : state) benchmark::DoNotOptimize(compile(operation, testing::music(), sql::sqlite()));
}
BENCHMARK(row_by_key);

void embeds(benchmark::State& state) {
  query::Read albums = testing::read("albums", {"id", "title"});
  albums.outputs.emplace_back(testing::embed("albums", "artists", testing::read("artists", {"name"}), true));
  albums.outputs.emplace_back(testing::embed("albums", "tracks", testing::read("tracks", {"id", "name"})));
  const query::Operation operation(albums);
  for (auto _ : state) benchmark::DoNotOptimize(compile(operation, testing::music(), sql::sqlite()));
}
BENCHMARK(embeds);

void insert_one(benchmark::State& state) {
  query::Insert insert;
  insert.schema = "public";
  insert.relation = "albums";
  insert.columns = {"title", "artist_id", "price"};
  insert.payload = R"([{"title":"Back in Black","artist_id":1,"price":9.99}])";
  const query::Operation operation(insert);
  for (auto _ : state) benchmark::DoNotOptimize(compile(operation, testing::music(), sql::sqlite()));
}
BENCHMARK(insert_one);

}  // namespace
}  // namespace ballast::compile
