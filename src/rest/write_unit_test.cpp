#include "rest/write_unit.hpp"

#include <gtest/gtest.h>

#include "encode/count_rows.hpp"

namespace ballast::rest {
namespace {

using Unit = storage::UnitOfWork;

class WriteUnitTest : public ::testing::Test {
 protected:
  WriteUnitTest() {
    plan_.statements.resize(2);
    plan_.returns_rows = true;
  }
  /// Runs both statements, each affecting `affected` rows, and gives the decision.
  Unit::Next decide(WriteTerms terms, std::int64_t affected) {
    WriteUnit unit(plan_, rows_, terms, nullptr, nullptr);
    const Result<storage::Outcome> outcome(storage::Outcome{affected, affected});
    EXPECT_TRUE(std::holds_alternative<Unit::Run>(unit.next(nullptr)));
    EXPECT_TRUE(std::holds_alternative<Unit::Run>(unit.next(&outcome)));
    return unit.next(&outcome);
  }
  compile::Plan plan_;
  encode::CountRows rows_{plan_.shape};
};

TEST_F(WriteUnitTest, RunsEveryStatementThenCommits) {
  WriteUnit unit(plan_, rows_, {}, nullptr, nullptr);
  const Result<storage::Outcome> outcome(storage::Outcome{1, 1});
  EXPECT_EQ(std::get<Unit::Run>(unit.next(nullptr)).statement, &plan_.statements[0]);
  EXPECT_EQ(std::get<Unit::Run>(unit.next(&outcome)).statement, &plan_.statements[1]);
  EXPECT_TRUE(std::holds_alternative<Unit::Commit>(unit.next(&outcome)));
  EXPECT_EQ(unit.affected(), 2);
}

TEST_F(WriteUnitTest, RollsBackMoreThanTheMaximum) {
  const auto next = decide({1, false, false}, 1);
  ASSERT_TRUE(std::holds_alternative<Unit::Rollback>(next));
  EXPECT_EQ(std::get<Unit::Rollback>(next).error->code, "PGRST124");
  EXPECT_EQ(std::get<Unit::Rollback>(next).error->details, "The query affects 2 rows");
  EXPECT_TRUE(std::holds_alternative<Unit::Commit>(decide({2, false, false}, 1)));
}

TEST_F(WriteUnitTest, RollsBackWhatIsNotOneRowWhenOneIsWanted) {
  EXPECT_EQ(std::get<Unit::Rollback>(decide({std::nullopt, true, false}, 0)).error->code, "PGRST116");
  EXPECT_EQ(std::get<Unit::Rollback>(decide({std::nullopt, true, false}, 1)).error->details,
            "The result contains 2 rows");
}

TEST_F(WriteUnitTest, CountsTheRowsItWasGivenWhereATriggerDoesTheWriting) {
  WriteUnit unit(plan_, rows_, {std::nullopt, true, false}, nullptr, nullptr);
  const Result<storage::Outcome> written(storage::Outcome{1, 0});
  const Result<storage::Outcome> nothing(storage::Outcome{0, 0});
  EXPECT_TRUE(std::holds_alternative<Unit::Run>(unit.next(nullptr)));
  EXPECT_TRUE(std::holds_alternative<Unit::Run>(unit.next(&written)));
  EXPECT_TRUE(std::holds_alternative<Unit::Commit>(unit.next(&nothing)));
}

TEST_F(WriteUnitTest, UndoesEverythingWithoutAnErrorWhenAskedTo) {
  const auto next = decide({std::nullopt, false, true}, 1);
  ASSERT_TRUE(std::holds_alternative<Unit::Rollback>(next));
  EXPECT_EQ(std::get<Unit::Rollback>(next).error, std::nullopt);
}

TEST_F(WriteUnitTest, EndsWithTheErrorOfAFailedStatement) {
  WriteUnit unit(plan_, rows_, {}, nullptr, nullptr);
  EXPECT_TRUE(std::holds_alternative<Unit::Run>(unit.next(nullptr)));
  const Result<storage::Outcome> failed(make_error(409, "23505", "m"));
  const auto next = unit.next(&failed);
  ASSERT_TRUE(std::holds_alternative<Unit::Rollback>(next));
  EXPECT_EQ(std::get<Unit::Rollback>(next).error->code, "23505");
}

TEST_F(WriteUnitTest, CountsBeforeItWritesAndDoesNotCountThatAsAffected) {
  sql::Statement before;
  CountSink existing;
  WriteUnit unit(plan_, rows_, {}, &before, &existing);
  EXPECT_EQ(std::get<Unit::Run>(unit.next(nullptr)).sink, &existing);
  const Result<storage::Outcome> outcome(storage::Outcome{1, 7});
  EXPECT_EQ(std::get<Unit::Run>(unit.next(&outcome)).statement, &plan_.statements[0]);
  EXPECT_EQ(unit.affected(), 0);
}

TEST_F(WriteUnitTest, StartsAfreshWhenItIsRunAgain) {
  WriteUnit unit(plan_, rows_, {1, false, false}, nullptr, nullptr);
  const Result<storage::Outcome> outcome(storage::Outcome{1, 1});
  unit.next(nullptr);
  unit.next(&outcome);
  unit.restart();
  EXPECT_EQ(std::get<Unit::Run>(unit.next(nullptr)).statement, &plan_.statements[0]);
  EXPECT_EQ(unit.affected(), 0);
}

TEST_F(WriteUnitTest, ChecksDeferredConstraintsBeforeItIsUndone) {
  WriteTerms terms;
  terms.roll_back = true;
  terms.defers = true;
  WriteUnit unit(plan_, rows_, terms, nullptr, nullptr);
  EXPECT_EQ(unit.after_first(), Unit::Ending::ask);
  const Result<storage::Outcome> outcome(storage::Outcome{1, 1});
  unit.next(nullptr);
  unit.next(&outcome);
  const auto settle = unit.next(&outcome);
  ASSERT_TRUE(std::holds_alternative<Unit::Run>(settle));
  EXPECT_EQ(std::get<Unit::Run>(settle).statement->text, "SET CONSTRAINTS ALL IMMEDIATE");
  const auto end = unit.next(&outcome);
  ASSERT_TRUE(std::holds_alternative<Unit::Rollback>(end));
  EXPECT_FALSE(std::get<Unit::Rollback>(end).error);
  EXPECT_EQ(unit.affected(), 2);
}

}  // namespace
}  // namespace ballast::rest
