#include "storage/postgres/failure.hpp"

#include <gtest/gtest.h>

#include "storage/postgres/raised_answer.hpp"
#include "storage/postgres/view_columns.hpp"

namespace ballast::storage::postgres {
namespace {

Error mapped(const char* sqlstate, const char* message = "m") {
  Failure failure;
  failure.sqlstate = sqlstate;
  failure.message = message;
  return map_failure(failure);
}

TEST(Failure, BecomesTheStatusThatItsCodeStandsFor) {
  EXPECT_EQ(mapped("23505").status, 409);
  EXPECT_EQ(mapped("23514").status, 400);
  EXPECT_EQ(mapped("42501").status, 403);
  EXPECT_EQ(mapped("42883").status, 404);
  EXPECT_EQ(mapped("25006").status, 405);
  EXPECT_EQ(mapped("P0001").status, 400);
  EXPECT_EQ(mapped("XX000").status, 500);
  EXPECT_EQ(mapped("PT418").status, 418);
  EXPECT_EQ(mapped("PT40A").status, 500);
  EXPECT_EQ(mapped("22023", "role \"x\" does not exist").status, 401);
  EXPECT_EQ(mapped("22023", "invalid value").status, 400);
}

TEST(Failure, ThatPassesSaysWhenToComeBack) {
  for (const char* sqlstate : {"53100", "53300", "40001", "57P01", "08006"}) {
    const Error error = mapped(sqlstate);
    EXPECT_EQ(error.status, 503) << sqlstate;
    ASSERT_EQ(error.headers.size(), 1U) << sqlstate;
    EXPECT_EQ(error.headers[0].first, "Retry-After");
  }
}

TEST(RaisedAnswer, IsTheOneTheFunctionMade) {
  Failure failure;
  failure.sqlstate = "PGRST";
  failure.message = R"({"code":"123","message":"ABC","details":"DEF","hint":"XYZ"})";
  failure.details = R"({"status":332,"headers":{"X-Header":"str"}})";
  const Error error = raised_answer(failure);
  EXPECT_EQ(error.status, 332);
  EXPECT_EQ(error.code, "123");
  EXPECT_EQ(error.hint, "XYZ");
  ASSERT_EQ(error.headers.size(), 1U);
  EXPECT_EQ(error.headers[0].second, "str");
}

TEST(RaisedAnswer, CannotSmuggleAField) {
  Failure failure;
  failure.message = R"({"code":"123","message":"ABC"})";
  failure.details = R"({"status":332,"headers":{"X":"a\r\nY: b"}})";
  EXPECT_EQ(raised_answer(failure).code, "PGRST121");
}

TEST(ViewColumns, AreThoseWithAnOriginInTheOuterQueryAlone) {
  const auto columns = view_columns(
      "({QUERY :rtable ({RTE :subquery {QUERY :targetList ({TARGETENTRY :expr {VAR} :resno 9 :resname x :resorigtbl 5 "
      ":resorigcol 1 :resjunk false})}}) :targetList ({TARGETENTRY :expr {VAR :varno 1} :resno 1 :resname a\\{ "
      ":ressortgroupref 0 :resorigtbl 16400 :resorigcol 3 :resjunk false} {TARGETENTRY :expr {OPEXPR} :resno 2 "
      ":resname b :resorigtbl 0 :resorigcol 0 :resjunk false} {TARGETENTRY :expr {VAR} :resno 3 :resname c :resorigtbl "
      "16400 :resorigcol 1 :resjunk true}) :override 0})");
  ASSERT_EQ(columns.size(), 1U);
  EXPECT_EQ(columns[0].column, 1);
  EXPECT_EQ(columns[0].origin, 16400U);
  EXPECT_EQ(columns[0].origin_column, 3);
  EXPECT_TRUE(view_columns("").empty());
  EXPECT_TRUE(view_columns("}}}} :targetList (").empty());
}

}  // namespace
}  // namespace ballast::storage::postgres
