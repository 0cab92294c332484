#include "storage/sqlite/ddl.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/sqlite/ddl_tokens.hpp"
#include "storage/sqlite/types.hpp"

namespace ballast::storage::sqlite {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(DdlTokens, KnowEveryWayToQuote) {
  std::vector<std::string> texts;
  for (const auto& token : tokens_of(R"(a "b ""c" [d e] `f` 'it''s' -- gone
    /* gone too */ 1.5)")) {
    texts.push_back(token.text);
  }
  EXPECT_THAT(texts, ElementsAre("a", "b \"c", "d e", "f", "it's", "1", ".", "5"));
}

TEST(DdlTokens, EndAnUnterminatedQuoteWithTheText) {
  EXPECT_EQ(tokens_of("'abc").size(), 1U);
  EXPECT_EQ(tokens_of("a /* b").size(), 1U);
  EXPECT_EQ(tokens_of("[").size(), 1U);
}

TEST(Ddl, FindsNamedAndUnnamedChecks) {
  const Ddl ddl = parse_ddl(R"(CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    balance NUMERIC(10,2) NOT NULL DEFAULT 0 CONSTRAINT positive CHECK (balance >= 0),
    kind TEXT CHECK(kind IN ('a', 'b')),
    CONSTRAINT "both" CHECK (balance > 1 OR (kind = ')')),
    CHECK (id > 0)))");
  ASSERT_EQ(ddl.checks.size(), 4U);
  EXPECT_EQ(ddl.checks[0].name, "positive");
  EXPECT_EQ(ddl.checks[0].expression, "balance >= 0");
  EXPECT_EQ(ddl.checks[1].name, "");
  EXPECT_EQ(ddl.checks[2].name, "both");
  EXPECT_EQ(ddl.checks[2].expression, "balance > 1 OR (kind = ')')");
  EXPECT_EQ(ddl.checks[3].expression, "id > 0");
}

TEST(Ddl, FindsKeys) {
  const Ddl ddl = parse_ddl(R"(CREATE TABLE IF NOT EXISTS main."t" (a INT CONSTRAINT u1 UNIQUE, b, c,
    CONSTRAINT p PRIMARY KEY (a, [b] DESC), CONSTRAINT u2 UNIQUE (b COLLATE NOCASE, "c")) WITHOUT ROWID)");
  ASSERT_EQ(ddl.keys.size(), 3U);
  EXPECT_EQ(ddl.keys[0].name, "u1");
  EXPECT_THAT(ddl.keys[0].columns, ElementsAre("a"));
  EXPECT_TRUE(ddl.keys[1].primary);
  EXPECT_THAT(ddl.keys[1].columns, ElementsAre("a", "b"));
  EXPECT_EQ(ddl.keys[2].name, "u2");
  EXPECT_THAT(ddl.keys[2].columns, ElementsAre("b", "c"));
  EXPECT_TRUE(ddl.without_rowid);
}

TEST(Ddl, FindsForeignKeysInOrder) {
  const Ddl ddl = parse_ddl(R"(CREATE TABLE t (
    a INT CONSTRAINT fa REFERENCES x (id) ON DELETE SET NULL ON UPDATE CASCADE CHECK (a > 1),
    b INT REFERENCES y DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fc FOREIGN KEY (a, b) REFERENCES z (p, q) MATCH SIMPLE CONSTRAINT later CHECK (b > 2)))");
  ASSERT_EQ(ddl.references.size(), 3U);
  EXPECT_EQ(ddl.references[0].name, "fa");
  EXPECT_EQ(ddl.references[1].name, "");
  EXPECT_THAT(ddl.references[1].columns, ElementsAre("b"));
  EXPECT_EQ(ddl.references[2].name, "fc");
  EXPECT_THAT(ddl.references[2].columns, ElementsAre("a", "b"));
  ASSERT_EQ(ddl.checks.size(), 2U);
  EXPECT_EQ(ddl.checks[0].name, "");
  EXPECT_EQ(ddl.checks[1].name, "later");
}

TEST(Ddl, IsNotConfusedByDefaultsAndGeneratedColumns) {
  const Ddl ddl = parse_ddl(R"(CREATE TABLE t (a DEFAULT (CHECK), b TEXT DEFAULT 'CHECK (x)' CONSTRAINT nn NOT NULL,
    c INT GENERATED ALWAYS AS (a + (1)) STORED UNIQUE, d AS (lower(b)) VIRTUAL, e DEFAULT -5 UNIQUE))");
  EXPECT_THAT(ddl.checks, IsEmpty());
  ASSERT_EQ(ddl.keys.size(), 2U);
  EXPECT_THAT(ddl.keys[0].columns, ElementsAre("c"));
  EXPECT_EQ(ddl.keys[0].name, "");
  EXPECT_THAT(ddl.keys[1].columns, ElementsAre("e"));
}

TEST(Ddl, ReadsVirtualTableArguments) {
  const Ddl ddl =
      parse_ddl("CREATE VIRTUAL TABLE s USING FTS5(title, body UNINDEXED, content='articles', content_rowid=\"id\")");
  EXPECT_EQ(ddl.module, "fts5");
  EXPECT_EQ(ddl.arguments.size(), 4U);
  EXPECT_EQ(option(ddl, "content"), "articles");
  EXPECT_EQ(option(ddl, "content_rowid"), "id");
  EXPECT_EQ(option(ddl, "tokenize"), "");
}

TEST(Ddl, ReadsWhatAnInsteadOfTriggerStandsInFor) {
  EXPECT_EQ(parse_ddl("CREATE TRIGGER x INSTEAD OF UPDATE OF a ON v BEGIN SELECT 1; END").instead_of,
            Ddl::Instead::update);
  EXPECT_EQ(parse_ddl("CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END").instead_of, Ddl::Instead::none);
}

TEST(Ddl, SurvivesTextThatEndsAnywhere) {
  const std::string sql = "CREATE TABLE t (a INT CONSTRAINT c CHECK (a IN ('x')) REFERENCES p (q), UNIQUE (a))";
  for (std::size_t n = 0; n < sql.size(); ++n) parse_ddl(std::string_view(sql).substr(0, n));
}

TEST(Enumerated, TakesOnlyAPlainList) {
  EXPECT_THAT(enumerated("kind IN ('a','b c')", "kind"), ElementsAre("a", "b c"));
  EXPECT_THAT(enumerated("\"Kind\" in ('a')", "kind"), ElementsAre("a"));
  EXPECT_THAT(enumerated("kind IN ('a', 1)", "kind"), IsEmpty());
  EXPECT_THAT(enumerated("kind NOT IN ('a')", "kind"), IsEmpty());
  EXPECT_THAT(enumerated("kind IN ('a') OR x", "kind"), IsEmpty());
  EXPECT_THAT(enumerated("kind IN ()", "kind"), IsEmpty());
}

TEST(TypeOf, MapsDeclaredTypesToPostgresNames) {
  EXPECT_EQ(type_of("INTEGER").name, "integer");
  EXPECT_EQ(type_of("int(11)").name, "integer");
  EXPECT_EQ(type_of("int(11)").precision, 0);
  EXPECT_EQ(type_of("BIGINT").name, "bigint");
  EXPECT_EQ(type_of("BOOLEAN").kind, catalog::Kind::boolean);
  EXPECT_EQ(type_of("REAL").name, "double precision");
  EXPECT_EQ(type_of("NUMERIC(10,2)").scale, 2);
  EXPECT_EQ(type_of("NVARCHAR(160)").name, "character varying");
  EXPECT_EQ(type_of("NVARCHAR(160)").precision, 160);
  EXPECT_EQ(type_of("CHAR (3)").name, "character");
  EXPECT_EQ(type_of("BLOB").kind, catalog::Kind::bytea);
  EXPECT_EQ(type_of("DATETIME").name, "timestamp without time zone");
  EXPECT_EQ(type_of("TIMESTAMP WITH TIME ZONE").kind, catalog::Kind::timestamptz);
  EXPECT_EQ(type_of("JSONB").name, "jsonb");
  EXPECT_EQ(type_of("UUID").kind, catalog::Kind::uuid);
  EXPECT_EQ(type_of("").name, "text");
  EXPECT_EQ(type_of("gibberish").name, "text");
}

}  // namespace
}  // namespace ballast::storage::sqlite
