#include "graphql/document_source.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ballast::graphql {
namespace {

constexpr std::string_view text = "{ __typename }";
constexpr std::string_view hash = "7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b";

HttpOperation sent(std::string_view query) {
  HttpOperation operation;
  operation.query = std::string(query);
  return operation;
}
HttpOperation named(std::string_view query) {
  HttpOperation operation;
  operation.document = auth::sha256(query);
  return operation;
}
HttpOperation both(std::string_view query) {
  HttpOperation operation = sent(query);
  operation.document = auth::sha256(query);
  return operation;
}

RegisteredDocuments one() { return RegisteredDocuments::parse(fmt::format("{{\"{}\": \"{}\"}}", hash, text)).value(); }

std::string code(DocumentSource& source, HttpOperation operation) {
  const auto found = source.find(operation);
  return found ? "" : found.error().code;
}

TEST(RegisteredDocuments, AreReadWithTheirHashesChecked) {
  EXPECT_EQ(one().size(), 1U);
  EXPECT_EQ(*one().find(auth::sha256(text)), text);
  EXPECT_EQ(one().find(auth::sha256("{ a }")), nullptr);
  EXPECT_TRUE(RegisteredDocuments::parse(fmt::format("{{\"sha256:{}\": \"{}\"}}", hash, text)));
  EXPECT_TRUE(RegisteredDocuments::parse("{}"));
}

TEST(RegisteredDocuments, RefuseWhatIsNone) {
  for (const std::string& json :
       {std::string("["), std::string("[]"), std::string(R"({"abc": "{ a }"})"), fmt::format("{{\"{}\": 1}}", hash),
        fmt::format("{{\"{}\": \"{{ other }}\"}}", hash)}) {
    EXPECT_FALSE(RegisteredDocuments::parse(json)) << json;
  }
}

TEST(DocumentSource, TakesWhatWasSent) {
  DocumentSource source(Settings{}, {});
  auto operation = sent(text);
  const auto found = source.find(operation);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found->text, text);
  EXPECT_FALSE(found->proves);
}

TEST(DocumentSource, RemembersWhatProvedValid) {
  DocumentSource source(Settings{}, {});
  EXPECT_EQ(code(source, named(text)), "PERSISTED_QUERY_NOT_FOUND");
  auto operation = both(text);
  const auto found = source.find(operation);
  ASSERT_TRUE(found);
  EXPECT_EQ(code(source, named(text)), "PERSISTED_QUERY_NOT_FOUND") << "before it proved valid";
  source.remember(*found);
  EXPECT_EQ(code(source, named(text)), "");
}

TEST(DocumentSource, RefusesAForeignHash) {
  DocumentSource source(Settings{}, {});
  auto operation = both(text);
  operation.query = "{ other }";
  EXPECT_EQ(code(source, operation), "PERSISTED_QUERY_HASH_MISMATCH");
}

TEST(DocumentSource, SaysWhenItRemembersNothing) {
  Settings settings;
  settings.persisted_cache = 0;
  DocumentSource source(settings, one());
  EXPECT_EQ(code(source, named("{ a }")), "PERSISTED_QUERY_NOT_SUPPORTED");
  EXPECT_EQ(code(source, named(text)), "") << "registered ones are there all the same";
}

TEST(DocumentSource, RunsRegisteredOnesAloneWhereToldSo) {
  Settings settings;
  settings.persisted_only = true;
  DocumentSource source(settings, one());
  EXPECT_EQ(code(source, named(text)), "");
  EXPECT_EQ(code(source, sent(text)), "");
  EXPECT_EQ(code(source, both(text)), "");
  for (const auto& operation : {sent("{  __typename }"), named("{ a }"), both("{ a }")}) {
    EXPECT_EQ(code(source, operation), "PERSISTED_QUERY_NOT_IN_LIST");
  }
  source.set_registered({});
  EXPECT_EQ(code(source, named(text)), "PERSISTED_QUERY_NOT_IN_LIST");
}

TEST(RememberedDocuments, ForgetThoseNotUsedForLongest) {
  RememberedDocuments documents(2);
  const auto insert = [&](std::string_view query) {
    documents.insert(auth::sha256(query), std::make_shared<const std::string>(query));
  };
  insert("a");
  insert("b");
  EXPECT_NE(documents.find(auth::sha256("a")), nullptr);
  insert("c");
  EXPECT_NE(documents.find(auth::sha256("a")), nullptr);
  EXPECT_EQ(documents.find(auth::sha256("b")), nullptr);
  EXPECT_NE(documents.find(auth::sha256("c")), nullptr);
}

TEST(RememberedDocuments, AreBoundedInBytesToo) {
  RememberedDocuments documents(2);
  const std::string most(2 * RememberedDocuments::average_size, 'x');
  documents.insert(auth::sha256("a"), std::make_shared<const std::string>("a"));
  documents.insert(auth::sha256(most), std::make_shared<const std::string>(most));
  EXPECT_EQ(documents.find(auth::sha256("a")), nullptr);
  EXPECT_NE(documents.find(auth::sha256(most)), nullptr);
  documents.insert(auth::sha256(most + "x"), std::make_shared<const std::string>(most + "x"));
  EXPECT_EQ(documents.find(auth::sha256(most + "x")), nullptr);
}

}  // namespace
}  // namespace ballast::graphql
