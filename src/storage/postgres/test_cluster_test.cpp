#include "storage/postgres/test_cluster.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace ballast::storage::postgres::testing {
namespace {

TEST(TestCluster, AnswersAndKeepsDatabasesApart) {
  auto& cluster = TestCluster::shared();
  const auto one = cluster.create_database("create table t (a int); insert into t values (1), (2);");
  const auto other = cluster.create_database();
  EXPECT_EQ(TestCluster::query(one, "select sum(a) from t"), "3");
  EXPECT_THROW(TestCluster::query(other, "select sum(a) from t"), std::runtime_error);
}

TEST(TestCluster, KeepsWhatWasCommittedWhenKilledAndStartedAgain) {
  TestCluster cluster;
  const auto database = cluster.create_database("create table t (a int); insert into t values (7);");
  cluster.kill9();
  EXPECT_FALSE(cluster.running());
  EXPECT_THROW(TestCluster::query(database, "select 1"), std::runtime_error);
  cluster.start();
  EXPECT_EQ(TestCluster::query(database, "select a from t"), "7");
  cluster.stop(TestCluster::Stop::immediate);
  cluster.start();
  cluster.stop(TestCluster::Stop::fast);
  EXPECT_FALSE(cluster.running());
  cluster.start();
  EXPECT_EQ(TestCluster::query(database, "select a from t"), "7");
}

TEST(TestCluster, IsGoneWithTheObject) {
  std::string folder;
  pid_t postmaster = 0;
  {
    TestCluster cluster({"max_connections=20"});
    EXPECT_EQ(TestCluster::query(cluster.connection("postgres"), "show max_connections"), "20");
    folder = cluster.folder();
    postmaster = cluster.postmaster();
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_NE(kill(postmaster, 0), 0);
}

}  // namespace
}  // namespace ballast::storage::postgres::testing
