#include "storage/postgres/exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/test_support.hpp"

namespace ballast::storage::postgres {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using Fate = Burst::Fate;

/// Writes down what is sent; breaks after `limit` messages.
class Script final : public Wire {
 public:
  std::vector<std::string> sent;
  std::size_t limit = 1000;

  bool prepare(const std::string& name, const std::string& text) override { return push("P " + name + " " + text); }
  bool execute_prepared(const std::string& name, const std::vector<sql::Param>&) override { return push("E " + name); }
  bool execute(const std::string& text, const std::vector<sql::Param>&) override { return push("Q " + text); }
  bool sync() override { return push("S"); }

 private:
  bool push(std::string message) {
    if (sent.size() >= limit) return false;
    sent.push_back(std::move(message));
    return true;
  }
};

Failure refused(std::string sqlstate, bool fatal = false) {
  Failure failure;
  failure.sqlstate = std::move(sqlstate);
  failure.message = "as scripted";
  failure.fatal = fatal;
  return failure;
}

class ExchangeTest : public ::testing::Test {
 protected:
  Burst burst(std::initializer_list<const char*> texts, bool plain = false) {
    Burst made;
    for (const char* text : texts) made.steps.push_back({.known = statements_.known(text), .params = &none_});
    made.shares_sync = plain;
    return made;
  }
  std::string name(const char* text) { return Prepared::name_of(statements_.known(text).number); }
  void send(std::vector<Burst*> bursts) { exchange_.send(bursts); }
  /// The server's answers to one statement that went well: prepared before or not.
  void succeed(bool prepares) {
    if (prepares) {
      exchange_.completed("", 0);
      exchange_.ended();
    }
    exchange_.completed("INSERT 0 1", 1);
    exchange_.ended();
  }
  /// The statement "one" has been run, and is prepared now.
  void prepare_one() {
    Burst first = burst({"one"});
    send({&first});
    succeed(true);
    exchange_.synced();
    exchange_.finished().clear();
  }
  void fail(const char* sqlstate) {
    exchange_.failed(refused(sqlstate));
    exchange_.ended();
  }
  void skip() {
    exchange_.skipped();
    exchange_.ended();
  }

  Stats stats_;
  Statements statements_{10, stats_};
  std::vector<sql::Param> none_;
  Script wire_;
  Exchange exchange_{wire_, {.prepared = true, .statement_cache = 2}};
};

TEST_F(ExchangeTest, PreparesAStatementOnceAndEndsEveryWriteWithASyncOfItsOwn) {
  Burst a = burst({"one"});
  Burst b = burst({"one"});
  send({&a, &b});
  EXPECT_THAT(wire_.sent, ElementsAre("P " + name("one") + " one", "E " + name("one"), "S", "E " + name("one"), "S"));
  EXPECT_EQ(exchange_.groups(), 2U);
}

TEST_F(ExchangeTest, LetsPlainReadsShareASync) {
  Burst a = burst({"one"}, true);
  Burst b = burst({"one"}, true);
  Burst write = burst({"two"});
  send({&a, &b, &write});
  EXPECT_THAT(wire_.sent, ElementsAre("P " + name("one") + " one", "E " + name("one"), "E " + name("one"), "S",
                                      "P " + name("two") + " two", "E " + name("two"), "S"));
}

TEST_F(ExchangeTest, IsDoneOnlyAtTheSync) {
  Burst a = burst({"one"});
  send({&a});
  succeed(true);
  EXPECT_EQ(a.fate, Fate::none);
  EXPECT_TRUE(exchange_.finished().empty());
  exchange_.synced();
  EXPECT_EQ(a.fate, Fate::done);
  EXPECT_THAT(exchange_.finished(), ElementsAre(&a));
  EXPECT_EQ(a.steps[0].outcome.affected, 1);
  EXPECT_TRUE(exchange_.idle());
}

TEST_F(ExchangeTest, FailsABurstWhoseCommitFailsAtTheSync) {
  Burst a = burst({"one"});
  Burst b = burst({"one"});
  send({&a, &b});
  succeed(true);
  exchange_.failed(refused("23503"));
  exchange_.ended();
  exchange_.synced();
  EXPECT_EQ(a.fate, Fate::failed);
  EXPECT_EQ(a.failure->sqlstate, "23503");
  succeed(false);
  exchange_.synced();
  EXPECT_EQ(b.fate, Fate::done);
}

TEST_F(ExchangeTest, KeepsAFailureFromTheNextGroup) {
  Burst a = burst({"one", "two"});
  Burst b = burst({"one"});
  send({&a, &b});
  succeed(true);
  exchange_.failed(refused("42P01"));
  exchange_.ended();
  skip();
  exchange_.synced();
  EXPECT_EQ(a.fate, Fate::failed);
  EXPECT_EQ(a.completed, 1U);
  succeed(false);
  exchange_.synced();
  EXPECT_EQ(b.fate, Fate::done);
}

TEST_F(ExchangeTest, RunsTheNeighboursOfAFailedReadAgainButNotThoseInFrontOfIt) {
  Burst a = burst({"one"}, true);
  Burst bad = burst({"one"}, true);
  Burst c = burst({"one"}, true);
  send({&a, &bad, &c});
  succeed(true);
  fail("22012");
  skip();
  exchange_.synced();
  EXPECT_EQ(a.fate, Fate::done);
  EXPECT_EQ(bad.fate, Fate::failed);
  EXPECT_EQ(c.fate, Fate::again);
  EXPECT_THAT(exchange_.finished(), ElementsAre(&a, &bad, &c));
}

TEST_F(ExchangeTest, PreparesAgainWhatCouldNotBePrepared) {
  Burst a = burst({"one"});
  send({&a});
  fail("42P01");
  skip();
  exchange_.synced();
  wire_.sent.clear();
  Burst b = burst({"one"});
  send({&b});
  EXPECT_THAT(wire_.sent, ElementsAre("P " + name("one") + " one", "E " + name("one"), "S"));
}

TEST_F(ExchangeTest, PreparesAgainWhatTheServerForgot) {
  prepare_one();
  Burst b = burst({"one"});
  send({&b});
  fail("26000");
  exchange_.synced();
  EXPECT_TRUE(b.failure->stale_plan());
  wire_.sent.clear();
  Burst c = burst({"one"});
  send({&c});
  EXPECT_THAT(wire_.sent, ElementsAre("P " + name("one") + " one", "E " + name("one"), "S"));
}

TEST_F(ExchangeTest, GivesUpAPlanWhoseResultChangedItsShape) {
  prepare_one();
  Burst b = burst({"one"});
  send({&b});
  Failure stale = refused("0A000");
  stale.source_function = "RevalidateCachedQuery";
  exchange_.failed(stale);
  exchange_.ended();
  exchange_.synced();
  wire_.sent.clear();
  Burst c = burst({"one"});
  send({&c});
  EXPECT_THAT(wire_.sent,
              ElementsAre("Q DEALLOCATE " + name("one"), "P " + name("one") + " one", "E " + name("one"), "S"));
}

TEST_F(ExchangeTest, ForgetsTheStatementThatWasNotUsedForLongest) {
  Burst a = burst({"one", "two", "one", "three"});
  send({&a});
  wire_.sent.clear();
  Burst b = burst({"one"});
  send({&b});
  EXPECT_THAT(wire_.sent, ElementsAre("Q DEALLOCATE " + name("two"), "E " + name("one"), "S"));
}

/// The connection goes after each possible number of answers: nothing that may have been committed is taken for undone,
/// and nothing that was committed for sure is in doubt.
TEST_F(ExchangeTest, KnowsWhatMayHaveHappenedWhereverTheConnectionBreaks) {
  for (int answers = 0; answers <= 3; ++answers) {
    Script wire;
    Exchange exchange(wire, {});
    Burst a = burst({"one"});
    Burst b = burst({"one"});
    const std::vector<Burst*> both{&a, &b};
    exchange.send(both);
    int given = 0;
    const auto next = [&] { return given++ < answers; };
    if (next()) {
      exchange.completed("", 0);
      exchange.ended();
    }
    if (next()) {
      exchange.completed("INSERT 0 1", 1);
      exchange.ended();
    }
    if (next()) exchange.synced();
    exchange.lost({});
    EXPECT_EQ(a.fate, answers == 3 ? Fate::done : Fate::lost) << answers;
    EXPECT_EQ(b.fate, Fate::lost) << answers;
    EXPECT_THAT(exchange.finished(), ElementsAre(&a, &b)) << answers;
    EXPECT_TRUE(exchange.idle());
  }
}

TEST_F(ExchangeTest, KnowsThatAGoodbyeInMidStatementUndoesItAndLeavesTheRestUnseen) {
  Burst a = burst({"one"});
  Burst b = burst({"one"});
  send({&a, &b});
  exchange_.completed("", 0);
  exchange_.ended();
  exchange_.failed(refused("57P01", true));
  exchange_.lost({});
  EXPECT_EQ(a.fate, Fate::failed);
  EXPECT_TRUE(a.failure->fatal);
  EXPECT_EQ(b.fate, Fate::unsent);
}

TEST_F(ExchangeTest, RemembersAGoodbyeWhoseAnswerHasEnded) {
  Burst a = burst({"one", "two"});
  Burst b = burst({"three"});
  send({&a, &b});
  exchange_.failed(refused("57P01", true));
  exchange_.ended();
  exchange_.lost({});
  EXPECT_EQ(a.fate, Fate::failed);
  EXPECT_EQ(b.fate, Fate::unsent);
}

TEST_F(ExchangeTest, KnowsWhatLiesBehindAGoodbyeInsteadOfASync) {
  Burst a = burst({"one"});
  Burst b = burst({"two"});
  send({&a, &b});
  succeed(true);
  exchange_.failed(refused("57P01", true));
  exchange_.lost({});
  EXPECT_EQ(a.fate, Fate::lost);
  EXPECT_EQ(b.fate, Fate::unsent);
}

TEST_F(ExchangeTest, PreparesEverythingAgainWhenOneStatementIsUnknown) {
  Burst a = burst({"one", "two"});
  send({&a});
  succeed(true);
  succeed(true);
  exchange_.synced();
  Burst b = burst({"one", "two"});
  send({&b});
  exchange_.failed(refused("26000"));
  exchange_.ended();
  exchange_.skipped();
  exchange_.ended();
  exchange_.synced();
  wire_.sent.clear();
  Burst c = burst({"one", "two"});
  send({&c});
  EXPECT_THAT(wire_.sent, Contains("P " + name("one") + " one"));
  EXPECT_THAT(wire_.sent, Contains("P " + name("two") + " two"));
}

TEST_F(ExchangeTest, FailsAStatementThatTurnsOutToBeACopyForWhatItIs) {
  Burst a = burst({"one"});
  send({&a});
  exchange_.completed("", 0);
  exchange_.ended();
  exchange_.failed(refused("0A000"));
  exchange_.lost({});
  EXPECT_EQ(a.fate, Fate::failed);
  EXPECT_EQ(a.failure->sqlstate, "0A000");
  EXPECT_FALSE(a.failure->stale_plan());
}

TEST_F(ExchangeTest, IsInDoubtAfterAGoodbyeInsteadOfASync) {
  Burst a = burst({"one"});
  send({&a});
  succeed(true);
  exchange_.failed(refused("57P01", true));
  exchange_.lost({});
  EXPECT_EQ(a.fate, Fate::lost);
}

TEST_F(ExchangeTest, GivesEveryBurstAFateWhenTheWireBreaksWhileSending) {
  for (std::size_t limit = 0; limit < 5; ++limit) {
    Script wire;
    wire.limit = limit;
    Exchange exchange(wire, {});
    Burst a = burst({"one"});
    Burst b = burst({"two"});
    const std::vector<Burst*> both{&a, &b};
    exchange.send(both);
    exchange.lost({});
    EXPECT_THAT(exchange.finished(), ElementsAre(&a, &b)) << limit;
    EXPECT_NE(a.fate, Fate::none);
    EXPECT_NE(b.fate, Fate::done);
  }
}

TEST_F(ExchangeTest, KeepsTheFirstThingThatASinkSays) {
  testing::RowList rows;
  rows.refuse_after = 1;
  Burst a = burst({"one"});
  a.steps[0].sink = &rows;
  send({&a});
  exchange_.completed("", 0);
  exchange_.ended();
  const std::vector<sql::Cell> cells{{.kind = sql::Cell::Kind::text, .text = "x"}};
  for (int i = 0; i < 3; ++i) exchange_.row(cells);
  exchange_.completed("SELECT 3", 3);
  exchange_.ended();
  exchange_.synced();
  EXPECT_EQ(a.fate, Fate::done);
  EXPECT_EQ(a.sink_error->code, "BLST507");
  EXPECT_EQ(rows.rows.size(), 1U);
}

}  // namespace
}  // namespace ballast::storage::postgres
