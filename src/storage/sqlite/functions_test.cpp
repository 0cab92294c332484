#include "storage/sqlite/functions.hpp"

#include <gtest/gtest.h>

#include "encode/descriptor.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/test_support.hpp"

namespace ballast::storage::sqlite {
namespace {

TEST(Like, MatchesTheWholeValue) {
  EXPECT_TRUE(like("abc", "abc", false));
  EXPECT_FALSE(like("abc", "abcd", false));
  EXPECT_FALSE(like("abcd", "abc", false));
  EXPECT_TRUE(like("", "", false));
  EXPECT_FALSE(like("", "a", false));
}

TEST(Like, TakesPercentForAnyText) {
  EXPECT_TRUE(like("%", "", false));
  EXPECT_TRUE(like("a%c", "abbbc", false));
  EXPECT_TRUE(like("%b%d%", "abcde", false));
  EXPECT_FALSE(like("a%d", "abc", false));
  EXPECT_TRUE(like("%ab", "aaab", false));
}

TEST(Like, TakesUnderscoreForOneCharacterNotOneByte) {
  EXPECT_TRUE(like("_", "\xC3\xA9", false));
  EXPECT_TRUE(like("a_c",
                   "a\xE2\x82\xAC"
                   "c",
                   false));
  EXPECT_FALSE(like("__", "\xC3\xA9", false));
  EXPECT_TRUE(like("%_", "\xC3\xA9", false));
}

TEST(Like, TakesWhatFollowsABackslashLiterally) {
  EXPECT_TRUE(like("100\\%", "100%", false));
  EXPECT_FALSE(like("100\\%", "1000", false));
  EXPECT_TRUE(like("a\\_b", "a_b", false));
  EXPECT_TRUE(like("a\\\\b", "a\\b", false));
  EXPECT_FALSE(like("a\\", "a\\", false));
}

TEST(Like, FoldsCaseOnlyWhenAsked) {
  EXPECT_FALSE(like("ABC", "abc", false));
  EXPECT_TRUE(like("ABC", "abc", true));
}

TEST(Like, IsNotSlowedDownByManyPercents) {
  const std::string value(20'000, 'a');
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a%";
  EXPECT_FALSE(like(pattern + "b", value, false));
}

class SqlFunctions : public ::testing::Test {
 protected:
  SqlFunctions() : connection_(std::move(*Connection::open(folder_.file("f.db"), {}, Role::writer))) {}

  std::string run(const std::string& text, std::vector<sql::Param> params = {}) {
    storage::testing::RowList list;
    const sql::Statement statement{text, std::move(params)};
    const Ran ran = connection_->run(statement, &list, {});
    if (ran.error) return ran.error->code;
    if (!ran.ok()) return "error " + ran.message;
    return list.text();
  }
  static std::string descriptor() {
    encode::Object object;
    object.members.emplace_back(encode::Field{"id", 0, catalog::Kind::integer});
    object.members.emplace_back(encode::Field{"ok", 1, catalog::Kind::boolean});
    return encode::object_descriptor(object);
  }

  storage::testing::TemporaryFolder folder_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(SqlFunctions, GiveNullForNull) {
  EXPECT_EQ(run("SELECT ballast_like(NULL, 'a')"), "null");
  EXPECT_EQ(run("SELECT ballast_ilike('a', NULL)"), "null");
  EXPECT_EQ(run("SELECT ballast_match(NULL, 'a')"), "null");
}

TEST_F(SqlFunctions, TellVersionsOfRowsApart) {
  EXPECT_EQ(run("SELECT ballast_row_version(1, 'a', NULL) = ballast_row_version(1, 'a', NULL)"), "1");
  EXPECT_EQ(
      run("SELECT count(DISTINCT v) FROM (SELECT ballast_row_version(1, 'ab', 'c') AS v "
          "UNION ALL SELECT ballast_row_version(1, 'a', 'bc') UNION ALL SELECT ballast_row_version('1', 'ab', 'c') "
          "UNION ALL SELECT ballast_row_version(1.0, 'ab', 'c') UNION ALL SELECT ballast_row_version(1, x'6162', 'c') "
          "UNION ALL SELECT ballast_row_version(1, 'ab', NULL) UNION ALL SELECT ballast_row_version(1, 'ab', ''))"),
      "7");
}

TEST_F(SqlFunctions, FoldCaseBeyondAscii) {
  EXPECT_EQ(run("SELECT ballast_ilike('\xC3\x89T\xC3\x89', '\xC3\xA9_\xC3\xA9')"), "1");
  EXPECT_EQ(run("SELECT ballast_like('\xC3\x89T\xC3\x89', '\xC3\xA9t\xC3\xA9')"), "0");
  EXPECT_EQ(run("SELECT ballast_ilike('\xC3\x89.', '\xC3\xA9x')"), "0");
}

TEST_F(SqlFunctions, MatchExpressionsAnywhereAndSafely) {
  EXPECT_EQ(run("SELECT ballast_match('abc', '^a.c$')"), "1");
  EXPECT_EQ(run("SELECT ballast_match('xabcx', 'B')"), "0");
  EXPECT_EQ(run("SELECT ballast_imatch('xabcx', 'B')"), "1");
  EXPECT_EQ(run("SELECT ballast_match(?1, '(a*)*b')", {std::string(50'000, 'a')}), "0");
}

TEST_F(SqlFunctions, RefuseABadExpressionAsPostgresDoes) {
  EXPECT_EQ(run("SELECT ballast_match('a', '(')"), "2201B");
  EXPECT_EQ(run("SELECT ballast_match('a', '(')"), "2201B") << "from the cache, too";
  EXPECT_EQ(run("SELECT ballast_match('a', 'a')"), "1");
}

TEST_F(SqlFunctions, MakeAnArrayOfObjects) {
  EXPECT_EQ(run("SELECT ballast_array(?1, x, x > 1) FROM (SELECT 1 AS x UNION ALL SELECT 2)", {descriptor()}),
            R"([{"id":1,"ok":false},{"id":2,"ok":true}])");
}

TEST_F(SqlFunctions, MakeAnEmptyArrayOfNoRows) {
  EXPECT_EQ(run("SELECT ballast_array(?1, 1, 1) WHERE 0", {descriptor()}), "[]");
}

TEST_F(SqlFunctions, MakeOneObject) {
  EXPECT_EQ(run("SELECT ballast_object(?1, 7, 0)", {descriptor()}), R"({"id":7,"ok":false})");
}

TEST_F(SqlFunctions, RefuseADescriptorThatNamesMoreValuesThanThereAre) {
  EXPECT_TRUE(run("SELECT ballast_object(?1, 7)", {descriptor()}).starts_with("error"));
  EXPECT_NE(run("SELECT ballast_array('nonsense', 7)"), "[]");
  EXPECT_TRUE(run("SELECT ballast_object()").starts_with("error"));
}

TEST_F(SqlFunctions, AreAllowedInTheSchemasViews) {
  ASSERT_EQ(run("CREATE VIEW v AS SELECT ballast_like('a', '_') AS x"), "");
  EXPECT_EQ(run("SELECT x FROM v"), "1");
}

}  // namespace
}  // namespace ballast::storage::sqlite
