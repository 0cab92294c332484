#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "locks/lease_repository.hpp"
#include "locks/test_tell.hpp"
#include "storage/test_support.hpp"

/// What any repository of leases must do. An implementation's test instantiates it:
///
///     INSTANTIATE_TEST_SUITE_P(Memory, LeaseContract, testing::Values(make_place));
namespace ballast::locks::testing {

using namespace std::chrono_literals;
using storage::testing::Loop;
using Outcome = Attempt::Outcome;

/// An empty repository for one test.
struct Place {
  std::unique_ptr<LeaseRepository> repository;
  /// Moves the repository's clock forwards.
  std::function<void(std::chrono::milliseconds)> pass;
  /// How many leases are kept, those that are over included.
  std::function<std::size_t()> kept;
  std::vector<std::shared_ptr<void>> resources;  ///< the last one goes first
  ~Place() {
    repository.reset();
    while (!resources.empty()) resources.pop_back();
  }
};

/// All at once.
inline std::vector<Outcome> acquire_all(Loop& loop, LeaseRepository& leases, const std::vector<Claim>& claims) {
  std::vector<Outcome> outcomes;
  const std::function take = [&outcomes](Result<Attempt> attempt) {
    ASSERT_TRUE(attempt) << attempt.error().code << ' ' << attempt.error().message;
    outcomes.push_back(attempt->outcome);
  };
  for (const auto& claim : claims) {
    boost::asio::co_spawn(loop.context, tell(leases.acquire(claim, Loop::soon()), take), boost::asio::detached);
  }
  loop.context.restart();
  loop.context.run();
  return outcomes;
}

class LeaseContract : public ::testing::TestWithParam<std::function<std::unique_ptr<Place>(Loop&)>> {
 protected:
  LeaseContract() : place_(GetParam()(loop_)) {}

  template <class T>
  T wait(boost::asio::awaitable<Result<T>> awaitable) {
    auto result = loop_.wait(std::move(awaitable));
    EXPECT_TRUE(result) << result.error().code << ' ' << result.error().message;
    return std::move(result).value();
  }
  Attempt acquire(const std::string& name, const std::string& owner = "a", std::chrono::milliseconds ttl = 30s,
                  std::size_t most = 100) {
    return wait(leases().acquire({name, owner, ttl, most}, Loop::soon()));
  }
  std::int64_t granted(const std::string& name, const std::string& owner = "a") {
    const Attempt attempt = acquire(name, owner);
    EXPECT_EQ(attempt.outcome, Outcome::granted);
    return attempt.lease.token;
  }
  std::optional<Lease> renew(const std::string& name, std::int64_t token, const std::string& owner = "a",
                             std::chrono::milliseconds ttl = 30s) {
    return wait(leases().renew({name, token, owner}, ttl, Loop::soon()));
  }
  bool release(const std::string& name, std::int64_t token, const std::string& owner = "a") {
    return wait(leases().release({name, token, owner}, Loop::soon()));
  }
  std::optional<Lease> find(const std::string& name) { return wait(leases().find(name, Loop::soon())); }
  bool check_fence(const std::string& name, std::int64_t token) {
    return wait(leases().check_fence(name, token, Loop::soon()));
  }
  std::vector<Outcome> acquire_all(const std::vector<Claim>& claims) {
    return testing::acquire_all(loop_, leases(), claims);
  }
  void pass(std::chrono::milliseconds time) { place_->pass(time); }
  LeaseRepository& leases() { return *place_->repository; }

  Loop loop_;
  std::unique_ptr<Place> place_;
};

TEST_P(LeaseContract, GivesALeaseThatLastsAsLongAsAsked) {
  const Attempt attempt = acquire("seat", "ann", 30s);
  EXPECT_EQ(attempt.outcome, Outcome::granted);
  EXPECT_EQ(attempt.lease.name, "seat");
  EXPECT_EQ(attempt.lease.owner, "ann");
  EXPECT_GE(attempt.lease.token, 1);
  EXPECT_GT(attempt.lease.left, 20s);
  EXPECT_LE(attempt.lease.left, 30s);
}

TEST_P(LeaseContract, TellsWhoHoldsANameAndForHowLong) {
  const std::int64_t token = granted("seat", "ann");
  const Attempt attempt = acquire("seat", "bob");
  EXPECT_EQ(attempt.outcome, Outcome::held);
  EXPECT_EQ(attempt.lease.owner, "ann");
  EXPECT_EQ(attempt.lease.token, token);
  EXPECT_GT(attempt.lease.left, 20s);
  EXPECT_LE(attempt.lease.left, 30s);
}

TEST_P(LeaseContract, RefusesTheOwnerASecondLeaseOfTheName) {
  granted("seat", "ann");
  EXPECT_EQ(acquire("seat", "ann").outcome, Outcome::held);
}

TEST_P(LeaseContract, GivesDifferentNamesToWhoeverAsks) {
  granted("seat 1", "ann");
  granted("seat 2", "bob");
}

TEST_P(LeaseContract, GivesANameAgainOnceItsLeaseIsOver) {
  const std::int64_t first = granted("seat", "ann");
  pass(31s);
  EXPECT_GT(granted("seat", "bob"), first);
}

TEST_P(LeaseContract, GivesANameAgainOnceItIsReleased) {
  const std::int64_t first = granted("seat", "ann");
  EXPECT_TRUE(release("seat", first, "ann"));
  EXPECT_FALSE(find("seat"));
  EXPECT_GT(granted("seat", "bob"), first);
}

TEST_P(LeaseContract, NeverUsesATokenAgain) {
  std::int64_t last = 0;
  for (int round = 0; round < 5; ++round) {
    const std::int64_t token = granted("seat");
    EXPECT_GT(token, last);
    last = token;
    if (round % 2 == 0) {
      EXPECT_TRUE(release("seat", token));
    } else {
      pass(31s);
      granted("other " + std::to_string(round));  // sweeps
    }
  }
}

TEST_P(LeaseContract, ShowsTheCurrentLease) {
  EXPECT_FALSE(find("seat"));
  const Attempt attempt = acquire("seat", "ann");
  const auto found = find("seat");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->token, attempt.lease.token);
  EXPECT_EQ(found->owner, "ann");
  EXPECT_EQ(found->expires_at, attempt.lease.expires_at);
  pass(31s);
  EXPECT_FALSE(find("seat"));
}

TEST_P(LeaseContract, RenewsALease) {
  const std::int64_t token = granted("seat");
  pass(20s);
  const auto renewed = renew("seat", token);
  ASSERT_TRUE(renewed);
  EXPECT_EQ(renewed->token, token);
  EXPECT_EQ(renewed->name, "seat");
  pass(20s);
  EXPECT_TRUE(find("seat"));
}

TEST_P(LeaseContract, RenewsNothingThatIsNotCurrentAndTheOwners) {
  const std::int64_t token = granted("seat", "ann");
  EXPECT_FALSE(renew("seat", token + 1, "ann"));
  EXPECT_FALSE(renew("seat", token, "bob"));
  EXPECT_FALSE(renew("other", token, "ann"));
  pass(31s);
  EXPECT_FALSE(renew("seat", token, "ann"));
}

TEST_P(LeaseContract, ReleasesNothingThatIsNotCurrentAndTheOwners) {
  const std::int64_t token = granted("seat", "ann");
  EXPECT_FALSE(release("seat", token + 1, "ann"));
  EXPECT_FALSE(release("seat", token, "bob"));
  EXPECT_FALSE(release("other", token, "ann"));
  EXPECT_TRUE(find("seat"));
  EXPECT_TRUE(release("seat", token, "ann"));
  EXPECT_FALSE(release("seat", token, "ann"));
}

TEST_P(LeaseContract, TellsALateHolderThatItsLeaseIsOver) {
  const std::int64_t late = granted("seat", "ann");
  pass(31s);
  const std::int64_t next = granted("seat", "bob");
  EXPECT_FALSE(renew("seat", late, "ann"));
  EXPECT_FALSE(release("seat", late, "ann"));
  EXPECT_FALSE(check_fence("seat", late));
  EXPECT_TRUE(check_fence("seat", next));
}

TEST_P(LeaseContract, LetsTheCurrentTokenAlonePassAFence) {
  ASSERT_TRUE(loop_.wait(place_->repository->prepare(Loop::soon())));
  EXPECT_FALSE(check_fence("seat", 1));
  const std::int64_t token = granted("seat");
  EXPECT_TRUE(check_fence("seat", token));
  EXPECT_FALSE(check_fence("seat", token - 1));
  EXPECT_FALSE(check_fence("seat", token + 1));
  EXPECT_FALSE(check_fence("other", token));
  pass(31s);
  EXPECT_FALSE(check_fence("seat", token));
}

TEST_P(LeaseContract, BoundsWhatOneOwnerHolds) {
  acquire("seat 1", "ann", 30s, 2);
  acquire("seat 2", "ann", 30s, 2);
  EXPECT_EQ(acquire("seat 3", "ann", 30s, 2).outcome, Outcome::too_many);
  EXPECT_EQ(acquire("seat 3", "bob", 30s, 2).outcome, Outcome::granted);
  EXPECT_EQ(acquire("seat 3", "ann", 30s, 2).outcome, Outcome::held);
  pass(31s);
  EXPECT_EQ(acquire("seat 4", "ann", 30s, 2).outcome, Outcome::granted);
}

TEST_P(LeaseContract, TakesNamesAndOwnersAsTheyAre) {
  const std::string odd = R"(o'brien";--\%_)";
  const std::int64_t token = granted(odd, odd);
  const auto found = find(odd);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->owner, odd);
  EXPECT_TRUE(renew(odd, token, odd));
  EXPECT_TRUE(release(odd, token, odd));
}

TEST_P(LeaseContract, KeepsNoMoreThanAFewLeasesThatAreOver) {
  for (int i = 0; i < 20; ++i) granted("old " + std::to_string(i));
  pass(31s);
  for (int i = 0; i < 4; ++i) granted("new " + std::to_string(i));
  EXPECT_LE(place_->kept(), 4U);
}

TEST_P(LeaseContract, GivesANameToOneOfManyWhoAskAtOnce) {
  const auto outcomes = acquire_all(std::vector<Claim>(20, Claim{"seat", "a", 30s, 100}));
  EXPECT_EQ(outcomes.size(), 20U);
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::granted), 1);
}

TEST_P(LeaseContract, BoundsWhatOneOwnerIsGivenAtOnce) {
  std::vector<Claim> claims;
  for (int i = 0; i < 12; ++i) claims.push_back({"seat " + std::to_string(i), "a", 30s, 3});
  const auto outcomes = acquire_all(claims);
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::granted), 3);
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::too_many), 9);
}

}  // namespace ballast::locks::testing
