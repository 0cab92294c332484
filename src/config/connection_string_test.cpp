#include "config/connection_string.hpp"

#include <gtest/gtest.h>

namespace ballast::config {
namespace {

TEST(ConnectionString, TellsPostgresFromAFile) {
  for (const auto* text : {"postgres://db", "postgresql:///shop?host=/run/postgresql", "dbname=shop",
                           "user=me host = /tmp", "service=shop"}) {
    EXPECT_TRUE(is_postgres(text)) << text;
  }
  for (const auto* text : {"", "shop.db", "sqlite:host=1.db", "./ghost=1.db", "my dbname", "mysql://db/host=1"}) {
    EXPECT_FALSE(is_postgres(text)) << text;
  }
}

TEST(ConnectionString, ShowsAUriWithoutItsPasswords) {
  EXPECT_EQ(without_password("postgres://me:geheim@db:5432/shop"), "postgres://me:********@db:5432/shop");
  EXPECT_EQ(without_password("postgres://me:ge@he:im@db/shop"), "postgres://me:********@db/shop");
  EXPECT_EQ(without_password("postgres://me@db:5432/shop"), "postgres://me@db:5432/shop");
  EXPECT_EQ(without_password("postgres:///shop?password=geheim&host=/tmp"),
            "postgres:///shop?password=********&host=/tmp");
  EXPECT_EQ(without_password("postgres:///shop?host=/tmp&%70assword=geheim"),
            "postgres:///shop?host=/tmp&%70assword=********");
  EXPECT_EQ(without_password("postgres://db/shop?password=geheim&user=a:b@c"),
            "postgres://db/shop?password=********&user=a:********@c");
  EXPECT_EQ(without_password("postgres://db/shop?sslpassword=geheim"), "postgres://db/shop?sslpassword=********");
}

TEST(ConnectionString, ShowsKeywordsWithoutTheirPasswords) {
  EXPECT_EQ(without_password("host=db password=geheim dbname=shop"), "host=db password=******** dbname=shop");
  EXPECT_EQ(without_password("host=db password = 'ge \\' heim' dbname=shop"),
            "host=db password = ******** dbname=shop");
  EXPECT_EQ(without_password("host=db password=ge\\ heim sslpassword='offen"),
            "host=db password=******** sslpassword=********");
  EXPECT_EQ(without_password("host=db dbname=password"), "host=db dbname=password");
}

TEST(ConnectionString, LeavesAFilesNameAlone) { EXPECT_EQ(without_password("/srv/a:b@c.db"), "/srv/a:b@c.db"); }

}  // namespace
}  // namespace ballast::config
