#include <benchmark/benchmark.h>

#include "encode/json_rows.hpp"

namespace ballast::encode {
namespace {

/// A thousand rows of five columns, as SQLite and as PostgreSQL deliver them.
void thousand_rows(benchmark::State& state, bool text_only) {
  using sql::Cell;
  Shape shape;
  shape.root.members = {Field{"id", 0, catalog::Kind::integer, -1}, Field{"name", 1, catalog::Kind::text, -1},
                        Field{"price", 2, catalog::Kind::numeric, 2}, Field{"live", 3, catalog::Kind::boolean, -1},
                        Field{"created_at", 4, catalog::Kind::timestamp, -1}};
  for (auto& member : shape.root.members) std::get<Field>(member).canonical = text_only;
  std::vector<Cell> cells(5);
  cells[0] = text_only ? Cell{Cell::Kind::text, 0, 0, "123456"} : Cell{Cell::Kind::integer, 123456, 0, {}};
  cells[1] = {Cell::Kind::text, 0, 0, "For Those About To Rock (We Salute You)"};
  cells[2] = text_only ? Cell{Cell::Kind::text, 0, 0, "9.99"} : Cell{Cell::Kind::real, 0, 9.99, {}};
  cells[3] = text_only ? Cell{Cell::Kind::text, 0, 0, "t"} : Cell{Cell::Kind::integer, 1, 0, {}};
  cells[4] = {Cell::Kind::text, 0, 0, "2024-01-31 12:30:15"};
  for (auto _ : state) {
    JsonRows rows(shape);
    for (int i = 0; i < 1000; ++i) benchmark::DoNotOptimize(rows.row(cells));
    benchmark::DoNotOptimize(rows.finish());
    state.SetBytesProcessed(state.bytes_processed() + static_cast<std::int64_t>(rows.bytes()));
  }
}
BENCHMARK_CAPTURE(thousand_rows, sqlite, false);
BENCHMARK_CAPTURE(thousand_rows, postgres, true);

}  // namespace
}  // namespace ballast::encode
