#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/demo.hpp"
#include "storage/postgres/test_cluster.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/test_support.hpp"

namespace ballast::cli {
namespace {

using storage::postgres::testing::TestCluster;
using testing::HasSubstr;

/// The demo in both engines.
class BothDemos : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<storage::testing::TemporaryFolder>();
    postgres_ = TestCluster::shared().create_database();
    for (const auto& database : {folder_->file("demo.db"), postgres_}) {
      const auto made = create_demo(database, 1, [](double) {});
      ASSERT_TRUE(made) << made.error().message;
    }
    loop_ = std::make_unique<storage::testing::Loop>();
    auto opened = storage::open_sqlite(folder_->file("demo.db"));
    ASSERT_TRUE(opened);
    sqlite_ = std::move(*opened);
  }
  static void TearDownTestSuite() {
    sqlite_.reset();
    loop_.reset();
    folder_.reset();
  }

  static std::unique_ptr<storage::testing::TemporaryFolder> folder_;
  static std::unique_ptr<storage::testing::Loop> loop_;  // outlives the storage
  static std::unique_ptr<storage::Storage> sqlite_;
  static std::string postgres_;
};
std::unique_ptr<storage::testing::TemporaryFolder> BothDemos::folder_;
std::unique_ptr<storage::testing::Loop> BothDemos::loop_;
std::unique_ptr<storage::Storage> BothDemos::sqlite_;
std::string BothDemos::postgres_;

TEST_F(BothDemos, HoldTheSameRows) {
  for (const std::string sql :
       {"SELECT count(*) || '/' || sum(id * length(name || email)) FROM users WHERE active",
        "SELECT count(*) || '/' || sum(id * user_id + length(title || body)) FROM posts WHERE published",
        "SELECT count(*) || '/' || sum(id * post_id + user_id) FROM comments",
        "SELECT count(*) || '/' || sum(post_id * tag_id) FROM post_tags",
        "SELECT count(*) || '/' || sum(id) FROM customers WHERE city = 'Oslo' AND born < '1970-01-01'",
        "SELECT count(*) || '/' || sum(id * stock) FROM products WHERE price < 50",
        "SELECT count(*) || '/' || sum(id * customer_id) FROM orders WHERE placed_at < '2024-06-01 00:00:00'",
        "SELECT count(*) || '/' || sum(order_id * product_id + quantity) FROM order_items",
        "SELECT count(*) || '/' || sum(id * balance) FROM accounts",
        "SELECT count(*) || '/' || sum(id * debit_id + credit_id * amount) FROM transfers",
        "SELECT count(*) || '/' || sum(flight_id * length(name)) FROM seats",
        "SELECT count(*) || '/' || sum(seat_id) FROM bookings", "SELECT count(*) || '/' || sum(seconds) FROM videos",
        "SELECT count(*) || '/' || sum(id) FROM published_posts"}) {
    EXPECT_EQ(loop_->rows(*sqlite_, sql), TestCluster::query(postgres_, sql)) << sql;
  }
}

TEST_F(BothDemos, GoOnCountingBehindTheirRows) {
  EXPECT_EQ(TestCluster::query(postgres_, "INSERT INTO tags (name) VALUES ('demo') RETURNING id"), "9");
  TestCluster::query(postgres_, "DELETE FROM tags WHERE name = 'demo'");
}

TEST_F(BothDemos, LeaveADatabaseAloneThatHasSomeOfTheTables) {
  const auto database = TestCluster::shared().create_database("CREATE TABLE orders (id int)");
  const auto refused = create_demo(database, 1, [](double) {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("orders"));
  EXPECT_EQ(TestCluster::query(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "1");
}

}  // namespace
}  // namespace ballast::cli
