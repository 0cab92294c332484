#include "rest/estimate.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

std::int64_t rows_of(std::string_view text) {
  EstimateSink sink;
  sql::Cell cell;
  cell.kind = sql::Cell::Kind::text;
  cell.text = text;
  EXPECT_TRUE(sink.row(std::span(&cell, 1)));
  return sink.rows();
}

TEST(Estimate, IsThatOfTheOutermostNode) {
  EXPECT_EQ(rows_of(R"([{"Plan": {"Node Type": "Join", "Plan Rows": 673, "Plans": [{"Plan Rows": 5}]}}])"), 673);
  EXPECT_EQ(rows_of("[]"), 0);
}

TEST(Estimate, IsTakenAsItIsForAPlannedCount) {
  EXPECT_EQ(estimated_total(query::Count::planned, std::nullopt, 8, 0), 8);
}

TEST(Estimate, IsBelievedWhereCountingGaveUp) {
  EXPECT_EQ(estimated_total(query::Count::estimated, 3, 2019, 2), 2019);
  EXPECT_EQ(estimated_total(query::Count::estimated, 2, 2019, 2), 2);
  EXPECT_EQ(estimated_total(query::Count::estimated, 3, 1, 2), 3);
  EXPECT_EQ(estimated_total(query::Count::estimated, 4, 5, 0), 5);
}

}  // namespace
}  // namespace ballast::rest
