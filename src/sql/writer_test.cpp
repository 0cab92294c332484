#include "sql/writer.hpp"

#include <gtest/gtest.h>

#include "base/check.hpp"

namespace ballast::sql {
namespace {

TEST(SqlWriter, QuotesNamesAndBindsValues) {
  std::vector<Param> params;
  Writer writer(postgres(), params);
  writer.text("SELECT ").name("a\"b").text(" = ").value(std::string("x' OR 1=1"));
  EXPECT_EQ(writer.view(), R"(SELECT "a""b" = $1)");
  EXPECT_EQ(params, std::vector<Param>{std::string("x' OR 1=1")});
}

TEST(SqlWriter, NumbersPlaceholdersAcrossItsPieces) {
  std::vector<Param> params;
  Writer first(sqlite(), params);
  Writer second = first.piece();
  second.value(std::int64_t{1});
  first.value(std::int64_t{2}).text(" ").append(second);
  EXPECT_EQ(first.view(), "?2 ?1");
}

TEST(SqlWriter, QuotesConstants) {
  std::vector<Param> params;
  Writer lite(sqlite(), params);
  lite.constant("it's \\ so");
  EXPECT_EQ(lite.view(), R"('it''s \ so')");
  Writer postgres_writer(postgres(), params);
  postgres_writer.constant("it's \\ so");
  EXPECT_EQ(postgres_writer.view(), R"(E'it''s \\ so')");
}

TEST(SqlWriter, NeverSplicesNul) {
  std::vector<Param> params;
  Writer writer(sqlite(), params);
  EXPECT_THROW(writer.constant(std::string_view("a\0b", 3)), Bug);
}

}  // namespace
}  // namespace ballast::sql
