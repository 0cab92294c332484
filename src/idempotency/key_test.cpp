#include "idempotency/key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::idempotency {
namespace {

using testing::HasSubstr;

std::string parsed(std::string_view field) {
  const auto key = parse_key(field);
  return key ? *key : key.error().code + ": " + key.error().message;
}

TEST(IdempotencyKey, IsAStructuredStringOrABareToken) {
  EXPECT_EQ(parsed("\"8e03978e-40d5-43dd-bc93-6894a57f9324\""), "8e03978e-40d5-43dd-bc93-6894a57f9324");
  EXPECT_EQ(parsed("8e03978e-40d5-43dd-bc93-6894a57f9324"), "8e03978e-40d5-43dd-bc93-6894a57f9324");
  EXPECT_EQ(parsed("  \"a b\"  "), "a b");
  EXPECT_EQ(parsed(R"("a\"b\\c")"), R"(a"b\c)");
  EXPECT_EQ(parsed(std::string(255, 'k')), std::string(255, 'k'));
}

TEST(IdempotencyKey, RefusesWhatIsNeither) {
  for (const std::string field :
       {"", "\"\"", "\"a", "\"a\"b", "a\"", "\"a\\n\"", "a b", "a\tb", "\"a\x01\"", "\x7f", "\xC3\xA9"}) {
    EXPECT_THAT(parsed(field), HasSubstr("BLST820")) << field;
  }
  EXPECT_THAT(parsed(std::string(256, 'k')), HasSubstr("255"));
  EXPECT_THAT(parsed('"' + std::string(256, 'k') + '"'), HasSubstr("255"));
}

TEST(IdempotencyKey, IsSentOnceOrNotAtAll) {
  http::Headers headers;
  EXPECT_EQ(*parse_key(headers), std::nullopt);
  headers.add("Idempotency-Key", "a");
  EXPECT_EQ(*parse_key(headers), "a");
  headers.add("idempotency-key", "a");
  EXPECT_EQ(parse_key(headers).error().code, "BLST820");
}

TEST(IdempotencyKey, HasANumberOfItsOwnInEachScope) {
  const Key key{"user:a", "k"};
  EXPECT_EQ(key.number(), (Key{"user:a", "k"}.number()));
  EXPECT_NE(key.number(), (Key{"user:b", "k"}.number()));
  EXPECT_NE(key.number(), (Key{"user:a", "l"}.number()));
}

}  // namespace
}  // namespace ballast::idempotency
