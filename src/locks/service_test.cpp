#include "locks/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "locks/memory_lease_repository.hpp"
#include "locks/test_tell.hpp"
#include "storage/test_support.hpp"

namespace ballast::locks {
namespace {

using locks::testing::tell;

using namespace std::chrono_literals;
using storage::testing::Loop;
using ::testing::ElementsAre;

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    settings_.poll_interval = 1h;  // whoever gets on was woken
    settings_.max_waiting = 3;
    service_ = std::make_unique<Service>(repository_, settings_);
  }
  void poll_each(std::chrono::milliseconds interval) {
    settings_.poll_interval = interval;
    service_ = std::make_unique<Service>(repository_, settings_);
  }

  static Patience patient() { return {std::chrono::steady_clock::now() + 1h, {}}; }
  static Patience none() { return {TimePoint(), {}}; }

  /// Notes in `events` how it ends.
  void begin(const std::string& owner, Patience patience, const std::string& name = "seat") {
    const std::function take = [this, owner](Result<Attempt> attempt) {
      if (!attempt) return events_.push_back(owner + " " + attempt.error().code);
      const bool has_it = attempt->outcome == Attempt::Outcome::granted;
      events_.push_back(owner + (has_it ? " has it" : " has it not"));
      if (has_it) token_ = attempt->lease.token;
    };
    auto acquiring = service_->acquire({name, owner, 30s, 10}, std::move(patience), Loop::soon());
    boost::asio::co_spawn(loop_->context, tell(std::move(acquiring), take), boost::asio::detached);
    settle();
  }
  /// Runs what is ready, and waits for nothing.
  void settle() {
    loop_->context.restart();
    loop_->context.poll();
  }
  void release(const std::string& owner) {
    const std::function take = [](const Result<bool>& released) { EXPECT_TRUE(released && *released); };
    auto releasing = service_->release({"seat", token_, owner}, Loop::soon());
    boost::asio::co_spawn(loop_->context, tell<bool>(std::move(releasing), take), boost::asio::detached);
    settle();
  }

  FakeClock clock_;
  MemoryLeaseRepository repository_{clock_};
  Settings settings_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Loop> loop_ = std::make_unique<Loop>();
  std::vector<std::string> events_;
  std::int64_t token_ = 0;
};

TEST_F(ServiceTest, ServesThoseWhoWaitInTheOrderInWhichTheyCame) {
  begin("ann", patient());
  begin("bob", patient());
  begin("cid", patient());
  begin("dan", patient());
  EXPECT_THAT(events_, ElementsAre("ann has it"));
  release("ann");
  EXPECT_THAT(events_, ElementsAre("ann has it", "bob has it"));
  release("bob");
  release("cid");
  EXPECT_THAT(events_, ElementsAre("ann has it", "bob has it", "cid has it", "dan has it"));
}

TEST_F(ServiceTest, LetsNobodyOvertakeThoseWhoWait) {
  begin("ann", patient());
  begin("bob", patient());
  clock_.advance(31s);  // ann's lease is over, and bob does not know it yet
  begin("eve", none());
  EXPECT_THAT(events_, ElementsAre("ann has it", "eve has it not"));
}

TEST_F(ServiceTest, AnswersAtOnceWhoDoesNotWait) {
  begin("ann", none());
  begin("bob", none());
  EXPECT_THAT(events_, ElementsAre("ann has it", "bob has it not"));
}

TEST_F(ServiceTest, KeepsTheLinesOfDifferentNamesApart) {
  begin("ann", patient());
  begin("bob", patient());
  begin("cid", none(), "other");
  EXPECT_THAT(events_, ElementsAre("ann has it", "cid has it"));
}

TEST_F(ServiceTest, EndsAWaitWhenPatienceDoes) {
  begin("ann", patient());
  begin("bob", {std::chrono::steady_clock::now() + 1ms, {}});
  begin("cid", {std::chrono::steady_clock::now() + 1ms, {}});
  loop_->context.restart();
  loop_->context.run();
  EXPECT_THAT(events_, ::testing::UnorderedElementsAre("ann has it", "bob has it not", "cid has it not"));
  release("ann");
  begin("dan", none());
  EXPECT_EQ(events_.back(), "dan has it");
}

TEST_F(ServiceTest, LooksAgainForLeasesThatEndElsewhere) {
  poll_each(1ms);
  begin("ann", patient());
  begin("bob", patient());
  clock_.advance(31s);
  loop_->context.restart();
  loop_->context.run();
  EXPECT_THAT(events_, ElementsAre("ann has it", "bob has it"));
}

TEST_F(ServiceTest, GivesNothingToAClientThatIsGone) {
  begin("ann", patient());
  bool gone = false;
  begin("bob", {std::chrono::steady_clock::now() + 1h, [&gone] { return gone; }});
  begin("cid", patient());
  gone = true;
  release("ann");
  EXPECT_THAT(events_, ElementsAre("ann has it", "bob has it not", "cid has it"));
}

TEST_F(ServiceTest, NoticesThatAClientIsGoneWithoutARelease) {
  poll_each(1ms);
  begin("ann", patient());
  bool gone = false;
  begin("bob", {std::chrono::steady_clock::now() + 1h, [&gone] { return gone; }});
  begin("cid", {std::chrono::steady_clock::now() + 1h, [&gone] { return gone; }});
  gone = true;
  loop_->context.restart();
  loop_->context.run();
  EXPECT_THAT(events_, ::testing::UnorderedElementsAre("ann has it", "bob has it not", "cid has it not"));
}

TEST_F(ServiceTest, BoundsHowManyWait) {
  begin("ann", patient());
  for (const auto* owner : {"bob", "cid", "dan"}) begin(owner, patient());
  begin("eve", patient());
  EXPECT_THAT(events_, ElementsAre("ann has it", "eve BLST818"));
}

TEST_F(ServiceTest, EndsEveryWaitAtShutdown) {
  begin("ann", patient());
  begin("bob", patient());
  begin("cid", patient());
  service_->stop_waiting();
  settle();
  EXPECT_THAT(events_, ::testing::UnorderedElementsAre("ann has it", "bob BLST818", "cid BLST818"));
  begin("dan", patient());
  EXPECT_EQ(events_.back(), "dan BLST818");
}

TEST_F(ServiceTest, LetsLoopsEndWithThoseWhoStillWait) {
  begin("ann", patient());
  begin("bob", patient());
  begin("cid", patient());
  service_->stop_waiting();
  loop_.reset();
  EXPECT_THAT(events_, ElementsAre("ann has it"));
}

}  // namespace
}  // namespace ballast::locks
