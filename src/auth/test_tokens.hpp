#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

#include "text/base64.hpp"

namespace ballast::auth {

inline constexpr std::string_view test_secret = "reallyreallyreallyreallyverysafe";

/// HEADER.PAYLOAD, not yet signed.
inline std::string unsigned_token(std::string_view header, std::string_view payload) {
  return text::base64url_encode(header) + "." + text::base64url_encode(payload);
}

inline std::string hmac_token(std::string_view payload, std::string_view secret = test_secret,
                              std::string_view header = R"({"alg":"HS256","typ":"JWT"})",
                              const EVP_MD* hash = EVP_sha256()) {
  std::string text = unsigned_token(header, payload);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(hash, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac, &length);
  return text + "." + text::base64url_encode({reinterpret_cast<const char*>(mac), length});
}

/// A key pair made for one test, with its public half as a JWK.
class TestKey {
 public:
  static TestKey rsa(std::size_t bits = 2048) { return TestKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)); }
  static TestKey ec(const char* curve) { return TestKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve)); }
  static TestKey ed25519() { return TestKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

  /// `more` is appended to the members: `,"kid":"a"`.
  std::string jwk(std::string_view more = "") const {
    std::string members;
    if (EVP_PKEY_is_a(key_.get(), "RSA") == 1) {
      members = R"("kty":"RSA","n":")" + number("n") + R"(","e":")" + number("e") + '"';
    } else if (EVP_PKEY_is_a(key_.get(), "EC") == 1) {
      const std::size_t size = coordinate();
      const char* curve = size == 32 ? "P-256" : size == 48 ? "P-384" : "P-521";
      members = R"("kty":"EC","crv":")" + std::string(curve) + R"(","x":")" + number("qx", size) + R"(","y":")" +
                number("qy", size) + '"';
    } else {
      unsigned char raw[32];
      std::size_t length = sizeof raw;
      EVP_PKEY_get_raw_public_key(key_.get(), raw, &length);
      members = R"("kty":"OKP","crv":"Ed25519","x":")" +
                text::base64url_encode({reinterpret_cast<const char*>(raw), length}) + '"';
    }
    return "{" + members + std::string(more) + "}";
  }

  std::string token(std::string_view algorithm, std::string_view payload, std::string_view more_header = "") const {
    std::string text =
        unsigned_token("{\"alg\":\"" + std::string(algorithm) + "\"" + std::string(more_header) + "}", payload);
    return text + "." + text::base64url_encode(sign(algorithm, text));
  }

 private:
  explicit TestKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}

  std::size_t coordinate() const { return (static_cast<std::size_t>(EVP_PKEY_get_bits(key_.get())) + 7) / 8; }

  std::string number(const char* name, std::size_t size = 0) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &value);
    std::string bytes(size == 0 ? static_cast<std::size_t>(BN_num_bytes(value)) : size, '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    BN_free(value);
    return text::base64url_encode(bytes);
  }

  std::string sign(std::string_view algorithm, const std::string& text) const {
    const EVP_MD* hash = algorithm.ends_with("256")   ? EVP_sha256()
                         : algorithm.ends_with("384") ? EVP_sha384()
                         : algorithm.ends_with("512") ? EVP_sha512()
                                                      : nullptr;
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* options = nullptr;
    EVP_DigestSignInit(context, &options, hash, nullptr, key_.get());
    if (algorithm.starts_with("PS")) {
      EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t length = 0;
    EVP_DigestSign(context, nullptr, &length, data, text.size());
    std::string signature(length, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &length, data, text.size());
    signature.resize(length);
    EVP_MD_CTX_free(context);
    if (!algorithm.starts_with("ES")) return signature;

    const auto* der = reinterpret_cast<const unsigned char*>(signature.data());
    ECDSA_SIG* both = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(signature.size()));
    const std::size_t size = coordinate();
    std::string raw(2 * size, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(both), out, static_cast<int>(size));
    BN_bn2binpad(ECDSA_SIG_get0_s(both), out + size, static_cast<int>(size));
    ECDSA_SIG_free(both);
    return raw;
  }

  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace ballast::auth
