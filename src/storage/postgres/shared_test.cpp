#include "storage/postgres/shared.hpp"

#include <gtest/gtest.h>

namespace ballast::storage::postgres {
namespace {

PostgresSettings settings(std::size_t loops, std::size_t connections) {
  PostgresSettings made;
  made.loops = loops;
  made.connections = connections;
  return made;
}

TEST(Shares, OpenNoMoreConnectionsThanTheyMay) {
  for (std::size_t loops = 1; loops <= 8; ++loops) {
    for (std::size_t connections = 2 * loops + 2; connections <= 400; ++connections) {
      const Shares shares = shares_of(settings(loops, connections), 100);
      EXPECT_LE(loops * (shares.pipelines + shares.exclusive) + 2, connections) << loops << " loops";
      EXPECT_GE(shares.pipelines, 1U);
      EXPECT_GE(shares.exclusive, 1U);
    }
  }
}

TEST(Shares, LeaveALoopOneConnectionOfEachKind) {
  const Shares shares = shares_of(settings(4, 1), 100);
  EXPECT_EQ(shares.pipelines, 1U);
  EXPECT_EQ(shares.exclusive, 1U);
}

TEST(Shares, TakeFourFifthsOfTheServersConnectionsTogetherWithTheOtherNodes) {
  PostgresSettings two_nodes = settings(2, 0);
  two_nodes.nodes = 2;
  const Shares shares = shares_of(two_nodes, 100);  // 40 for this node, 19 for each loop
  EXPECT_EQ(shares.pipelines, 2U);
  EXPECT_EQ(shares.exclusive, 17U);
}

}  // namespace
}  // namespace ballast::storage::postgres
