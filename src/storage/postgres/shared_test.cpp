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
      EXPECT_LE(loops * (shares.pipelines + shares.write_pipelines + shares.exclusive) + 2, connections)
          << loops << " loops";
      EXPECT_GE(shares.pipelines, 1U);
      EXPECT_GE(shares.exclusive, 1U);
    }
  }
}

TEST(Shares, LeaveALoopOneConnectionOfEachKind) {
  const Shares shares = shares_of(settings(4, 1), 100);
  EXPECT_EQ(shares.pipelines, 1U);
  EXPECT_EQ(shares.write_pipelines, 0U);
  EXPECT_EQ(shares.exclusive, 1U);
}

TEST(Shares, SetWritesApartAsSoonAsThereIsAThirdConnection) {
  const Shares three = shares_of(settings(2, 2 + 2 * 3), 100);
  EXPECT_EQ(three.pipelines, 1U);
  EXPECT_EQ(three.write_pipelines, 1U);
  EXPECT_EQ(three.exclusive, 1U);
  const Shares ten = shares_of(settings(2, 2 + 2 * 10), 100);
  EXPECT_EQ(ten.pipelines, 2U);
  EXPECT_EQ(ten.write_pipelines, 4U);
  EXPECT_EQ(ten.exclusive, 4U);
}

TEST(Shares, LeaveWritesWithReadsWhereTheyAreToldTo) {
  PostgresSettings together = settings(2, 0);
  together.write_pipelines = 0;
  const Shares shares = shares_of(together, 100);  // 39 for each loop
  EXPECT_EQ(shares.pipelines, 2U);
  EXPECT_EQ(shares.write_pipelines, 0U);
  EXPECT_EQ(shares.exclusive, 32U);
}

TEST(Shares, OpenNoneForWritesBeforeTheServersLimitIsKnown) {
  const Shares shares = shares_of(settings(2, 0), 0);
  EXPECT_EQ(shares.pipelines, 2U);
  EXPECT_EQ(shares.write_pipelines, 0U);
}

TEST(Shares, TakeFourFifthsOfTheServersConnectionsTogetherWithTheOtherNodes) {
  PostgresSettings two_nodes = settings(2, 0);
  two_nodes.nodes = 2;
  const Shares shares = shares_of(two_nodes, 100);  // 40 for this node, 19 for each loop
  EXPECT_EQ(shares.pipelines, 2U);
  EXPECT_EQ(shares.write_pipelines, 4U);
  EXPECT_EQ(shares.exclusive, 13U);
}

}  // namespace
}  // namespace ballast::storage::postgres
