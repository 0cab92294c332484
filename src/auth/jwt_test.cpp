#include "auth/jwt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/test_tokens.hpp"

namespace ballast::auth {
namespace {

using testing::HasSubstr;

constexpr std::string_view author = R"({"role":"author"})";

Result<Token> verify(std::string_view token, std::string_view jwks) {
  Settings settings;
  settings.jwt_secret = jwks;
  auto keys = KeySet::load(settings);
  EXPECT_TRUE(keys) << keys.error().message;
  const auto role = RoleClaim::parse(settings.jwt_role_claim);
  return verify_token(token, *keys, *role, settings);
}
std::string set_of(std::initializer_list<std::string> keys) {
  std::string set = "{\"keys\":[";
  for (const auto& key : keys) set += (set.ends_with('[') ? "" : ",") + key;
  return set + "]}";
}
/// "code message|details"
std::string refusal(const Result<Token>& result) {
  return result.ok() ? "accepted" : result.error().code + " " + result.error().message + "|" + result.error().details;
}
const char* const bad_signature =
    "PGRST301 No suitable key or wrong key type|None of the keys was able to decode the JWT";
const char* const no_key = "PGRST301 No suitable key or wrong key type|No suitable key was found to decode the JWT";
const char* const no_base64 = "PGRST301 JWT cryptographic operation failed|";
const char* const undecodable = "PGRST301 JWT couldn't be decoded|";

TEST(Jwt, AcceptsEveryHmacSize) {
  for (const auto& [name, hash] :
       {std::pair{"HS256", EVP_sha256()}, {"HS384", EVP_sha384()}, {"HS512", EVP_sha512()}}) {
    const std::string header = std::string(R"({"alg":")") + name + "\"}";
    EXPECT_EQ(refusal(verify(hmac_token(author, test_secret, header, hash), test_secret)), "accepted") << name;
  }
}

TEST(Jwt, AcceptsEveryRsaAlgorithm) {
  const TestKey key = TestKey::rsa();
  for (const char* name : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) {
    EXPECT_EQ(refusal(verify(key.token(name, author), key.jwk())), "accepted") << name;
  }
}

TEST(Jwt, AcceptsEveryCurve) {
  for (const auto& [name, curve] : {std::pair{"ES256", "P-256"}, {"ES384", "P-384"}, {"ES512", "P-521"}}) {
    const TestKey key = TestKey::ec(curve);
    EXPECT_EQ(refusal(verify(key.token(name, author), key.jwk())), "accepted") << name;
  }
}

TEST(Jwt, AcceptsEd25519) {
  const TestKey key = TestKey::ed25519();
  EXPECT_EQ(refusal(verify(key.token("EdDSA", author), key.jwk())), "accepted");
}

TEST(Jwt, FindsTheRole) {
  const auto token = verify(hmac_token(author), test_secret);
  EXPECT_EQ(token->role, "author");
}

TEST(Jwt, AcceptsTheRfc7515ExampleForEs256) {
  EXPECT_EQ(
      refusal(verify("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"
                     "NvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxf"
                     "KTUJqPP3-Kg6NU1Q",
                     R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                     R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})")),
      "accepted");
}

TEST(Jwt, RefusesAnotherSecret) {
  EXPECT_EQ(refusal(verify(hmac_token(author, "anotheranotheranotheranothersafe"), test_secret)), bad_signature);
}

TEST(Jwt, RefusesASignatureOverOtherClaims) {
  const std::string mine = hmac_token(author);
  const std::string forged =
      unsigned_token(R"({"alg":"HS256","typ":"JWT"})", R"({"role":"admin"})") + mine.substr(mine.rfind('.'));
  EXPECT_EQ(refusal(verify(forged, test_secret)), bad_signature);
}

TEST(Jwt, RefusesUnsignedTokens) {
  EXPECT_EQ(refusal(verify(unsigned_token(R"({"alg":"none"})", author) + ".", test_secret)),
            "PGRST301 Wrong or unsupported encoding algorithm|JWT is unsecured but expected 'alg' was not 'none'");
  EXPECT_EQ(refusal(verify(unsigned_token(R"({"alg":"NONE"})", author) + ".", test_secret)), undecodable);
}

TEST(Jwt, RefusesHmacWithAPublicKeyAsTheSecret) {
  const TestKey key = TestKey::rsa();
  EXPECT_EQ(refusal(verify(hmac_token(author, key.jwk()), key.jwk())), no_key);
}

TEST(Jwt, BindsAKeyToTheAlgorithmItNames) {
  const TestKey key = TestKey::rsa();
  EXPECT_EQ(refusal(verify(key.token("RS512", author), key.jwk(R"(,"alg":"RS256")"))), no_key);
}

TEST(Jwt, RefusesCriticalHeaders) {
  const auto result = verify(hmac_token(author, test_secret, R"({"alg":"HS256","crit":["exp"]})"), test_secret);
  EXPECT_THAT(refusal(result), HasSubstr("critical header parameters"));
}

TEST(Jwt, TriesOnlyTheKeyThatTheTokenNames) {
  const TestKey a = TestKey::ed25519();
  const TestKey b = TestKey::ed25519();
  const std::string jwks = set_of({a.jwk(R"(,"kid":"a")"), b.jwk(R"(,"kid":"b")")});
  EXPECT_EQ(refusal(verify(b.token("EdDSA", author, R"(,"kid":"b")"), jwks)), "accepted");
  EXPECT_EQ(refusal(verify(b.token("EdDSA", author, R"(,"kid":"a")"), jwks)), bad_signature);
  EXPECT_EQ(refusal(verify(b.token("EdDSA", author, R"(,"kid":"c")"), jwks)), no_key);
  EXPECT_EQ(refusal(verify(b.token("EdDSA", author), jwks)), "accepted");
}

TEST(Jwt, RefusesAKidWhenNoKeyHasOne) {
  EXPECT_EQ(refusal(verify(hmac_token(author, test_secret, R"({"alg":"HS256","kid":"x"})"), test_secret)), no_key);
}

TEST(Jwt, CountsTheParts) {
  EXPECT_EQ(refusal(verify("abc", test_secret)), "PGRST301 Expected 3 parts in JWT; got 1|");
  EXPECT_EQ(refusal(verify("a.b.c.d.e", test_secret)), "PGRST301 Expected 3 parts in JWT; got 5|");
  EXPECT_EQ(refusal(verify("", test_secret)), "PGRST301 Empty JWT is sent in Authorization header|");
}

TEST(Jwt, RefusesMalformedParts) {
  EXPECT_EQ(refusal(verify("..", test_secret)), undecodable);
  EXPECT_EQ(refusal(verify("e30.e30.", test_secret)), undecodable);
  EXPECT_EQ(refusal(verify("!!.e30.AA", test_secret)), no_base64);
  const std::string good = hmac_token(author);
  EXPECT_EQ(refusal(verify(good + "=", test_secret)), no_base64);
  EXPECT_EQ(refusal(verify(good.substr(0, good.rfind('.') + 1), test_secret)), bad_signature);
}

TEST(Jwt, RefusesASecondSpellingOfTheSameSignature) {
  std::string token = hmac_token(author);
  // 32 bytes leave four unused bits in the last character; setting one is another text for the same bytes.
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  token.back() = alphabet[alphabet.find(token.back()) + 1];
  EXPECT_EQ(refusal(verify(token, test_secret)), no_base64);
}

TEST(Jwt, RefusesDerSignaturesForEcdsa) {
  const TestKey key = TestKey::ec("P-256");
  std::string token = key.token("ES256", author);
  token = token.substr(0, token.rfind('.') + 1) + text::base64url_encode(std::string(70, '\x30'));
  EXPECT_EQ(refusal(verify(token, key.jwk())), bad_signature);
}

TEST(Jwt, RefusesTokensBeyondTheLimit) {
  EXPECT_THAT(refusal(verify(hmac_token(std::string(20000, ' ')), test_secret)), HasSubstr("too long"));
}

TEST(Jwt, RefusesClaimsThatAreNoObject) {
  EXPECT_EQ(refusal(verify(hmac_token("[1]"), test_secret)), "PGRST303 Parsing claims failed|");
  EXPECT_EQ(refusal(verify(hmac_token("{"), test_secret)), "PGRST303 Parsing claims failed|");
}

TEST(KeySet, RefusesShortSecrets) {
  Settings settings;
  settings.jwt_secret = "short";
  EXPECT_THAT(KeySet::load(settings).error().message,
              HasSubstr("jwt.secret: the JWT secret must have at least 32 bytes"));
}

TEST(KeySet, DecodesABase64Secret) {
  Settings settings;
  settings.jwt_secret = "cmVhbGx5cmVhbGx5cmVhbGx5cmVhbGx5dmVyeXNhZmU=";
  settings.jwt_secret_is_base64 = true;
  const auto keys = KeySet::load(settings);
  ASSERT_TRUE(keys);
  const auto role = RoleClaim::parse(".role");
  EXPECT_EQ(refusal(verify_token(hmac_token(author), *keys, *role, settings)), "accepted");
}

TEST(KeySet, RefusesWeakRsaKeys) {
  KeySet keys;
  EXPECT_THAT(keys.add_json(TestKey::rsa(1024).jwk()).error().message, HasSubstr("fewer than 2048 bits"));
}

TEST(KeySet, LeavesOutKeysForOtherUses) {
  KeySet keys;
  const TestKey key = TestKey::ed25519();
  const auto added = keys.add_json(set_of({key.jwk(R"(,"use":"enc")"), key.jwk(R"(,"key_ops":["sign"])"),
                                           R"({"kty":"quantum"})", key.jwk(R"(,"use":"sig","key_ops":["verify"])")}));
  ASSERT_TRUE(added);
  EXPECT_EQ(keys.keys().size(), 1U);
}

TEST(KeySet, RefusesASetWithoutAUsableKey) {
  KeySet keys;
  EXPECT_FALSE(keys.add_json(R"({"keys":[]})"));
  EXPECT_FALSE(keys.add_json(R"({"kty":"quantum"})"));
  EXPECT_FALSE(keys.add_json("[]"));
  EXPECT_FALSE(keys.add_json("{"));
}

TEST(KeySet, RefusesAnAlgorithmOfAnotherKeyType) {
  KeySet keys;
  EXPECT_THAT(keys.add_json(TestKey::rsa().jwk(R"(,"alg":"HS256")")).error().message, HasSubstr("does not belong"));
}

TEST(KeySet, RefusesPointsOffTheCurve) {
  KeySet keys;
  const std::string ones = text::base64url_encode(std::string(32, '\1'));
  EXPECT_FALSE(keys.add_json(R"({"kty":"EC","crv":"P-256","x":")" + ones + R"(","y":")" + ones + "\"}"));
}

TEST(KeySet, SaysWhichFileCannotBeRead) {
  Settings settings;
  settings.jwks_file = "/nowhere/keys.json";
  EXPECT_EQ(KeySet::load(settings).error().message, "jwks: cannot read /nowhere/keys.json");
}

TEST(Base64url, RoundTripsEveryLength) {
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(text::base64url_decode(text::base64url_encode(bytes)), bytes);
    bytes += static_cast<char>(i * 37);
  }
}

}  // namespace
}  // namespace ballast::auth
