#include "auth/key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>

#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "text/base64.hpp"

namespace ballast::auth {
namespace {

template <auto free>
struct Freer {
  template <class T>
  void operator()(T* object) const noexcept {
    free(object);
  }
};
template <class T, auto free>
using Owned = std::unique_ptr<T, Freer<free>>;

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Error bad_key(std::string message) {
  return make_error(500, "BLST_SETTING", std::move(message))
      .with_hint("expected a JSON Web Key (RFC 7517), or a set of them: {\"keys\": […]}");
}

const EVP_MD* hash_for(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::hs256:
    case Algorithm::rs256:
    case Algorithm::ps256:
    case Algorithm::es256:
      return EVP_sha256();
    case Algorithm::hs384:
    case Algorithm::rs384:
    case Algorithm::ps384:
    case Algorithm::es384:
      return EVP_sha384();
    case Algorithm::hs512:
    case Algorithm::rs512:
    case Algorithm::ps512:
    case Algorithm::es512:
      return EVP_sha512();
    case Algorithm::eddsa:
      break;  // hashes by itself
  }
  return nullptr;
}

bool is_pss(Algorithm algorithm) noexcept {
  return algorithm == Algorithm::ps256 || algorithm == Algorithm::ps384 || algorithm == Algorithm::ps512;
}

/// A JWK's members, decoded as far as keys need them.
class Jwk {
 public:
  explicit Jwk(std::string_view json) : members_(json::members(json)) {}

  std::string text(std::string_view name) const { return json::string_value(raw(name)); }
  bool has(std::string_view name) const { return !raw(name).empty(); }
  Result<std::string> bytes(std::string_view name) const {
    auto decoded = text::base64url_decode(text(name));
    if (!decoded || decoded->empty()) return bad_key("the key's \"" + std::string(name) + "\" is not base64url");
    return *std::move(decoded);
  }
  /// `use` is "sig" or absent, `key_ops` contains "verify" or is absent.
  bool verifies() const {
    if (has("use") && text("use") != "sig") return false;
    const std::string_view operations = raw("key_ops");
    if (operations.empty()) return true;
    if (json::kind_of(operations) != json::ValueKind::array) return false;
    bool found = false;
    const auto walked = json::each_element(operations, [&](std::string_view element) -> Result<void> {
      found = found || json::string_value(element) == "verify";
      return {};
    });
    return walked.ok() && found;
  }

 private:
  std::string_view raw(std::string_view name) const {
    for (const auto& member : members_) {
      if (member.key == name) return member.raw;
    }
    return {};
  }

  json::Members members_;
};

std::shared_ptr<EVP_PKEY> owned(EVP_PKEY* key) {
  return key == nullptr ? nullptr : std::shared_ptr<EVP_PKEY>(key, [](EVP_PKEY* k) { EVP_PKEY_free(k); });
}

std::shared_ptr<EVP_PKEY> from_parameters(const char* type, OSSL_PARAM_BLD* builder) {
  const Owned<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder));
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return owned(key);
}

Result<std::shared_ptr<EVP_PKEY>> rsa_key(const Jwk& jwk) {
  BALLAST_TRY(const std::string modulus, jwk.bytes("n"));
  BALLAST_TRY(const std::string exponent, jwk.bytes("e"));
  if (modulus.size() > 2048 || exponent.size() > 8) return bad_key("the RSA key is larger than 16384 bits");
  const Owned<BIGNUM, BN_free> n(BN_bin2bn(bytes_of(modulus), static_cast<int>(modulus.size()), nullptr));
  const Owned<BIGNUM, BN_free> e(BN_bin2bn(bytes_of(exponent), static_cast<int>(exponent.size()), nullptr));
  if (!n || BN_num_bits(n.get()) < 2048) return bad_key("the RSA key has fewer than 2048 bits (RFC 7518, 3.3)");
  // An exponent of 1 would make every message its own signature.
  if (!e || BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1)
    return bad_key("the RSA key's exponent is no odd number above 1");
  const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  auto key = from_parameters("RSA", builder.get());
  if (!key) return bad_key("the RSA key is malformed");
  return key;
}

struct Curve {
  std::string_view name;
  const char* group;
  KeyKind kind;
  std::size_t coordinate;  // bytes (RFC 7518, 3.4)
};
constexpr std::array<Curve, 3> curves{{{"P-256", "prime256v1", KeyKind::p256, 32},
                                       {"P-384", "secp384r1", KeyKind::p384, 48},
                                       {"P-521", "secp521r1", KeyKind::p521, 66}}};

Result<std::shared_ptr<EVP_PKEY>> ec_key(const Jwk& jwk, const Curve& curve) {
  BALLAST_TRY(const std::string x, jwk.bytes("x"));
  BALLAST_TRY(const std::string y, jwk.bytes("y"));
  if (x.size() != curve.coordinate || y.size() != curve.coordinate) {
    return bad_key("the EC key's coordinates do not have the length of its curve");
  }
  const std::string point = '\x04' + x + y;  // SEC 1, 2.3.3: uncompressed
  const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  auto key = from_parameters("EC", builder.get());
  if (!key) return bad_key("the EC key is no point of its curve");
  return key;
}

/// ECDSA signatures are r ‖ s in JOSE (RFC 7518, 3.4) and DER in OpenSSL.
std::optional<std::string> ecdsa_to_der(std::string_view signature, std::size_t coordinate) {
  if (signature.size() != 2 * coordinate) return std::nullopt;
  const Owned<ECDSA_SIG, ECDSA_SIG_free> both(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes_of(signature), static_cast<int>(coordinate), nullptr);
  BIGNUM* s = BN_bin2bn(bytes_of(signature.substr(coordinate)), static_cast<int>(coordinate), nullptr);
  if (!both || r == nullptr || s == nullptr || ECDSA_SIG_set0(both.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return std::nullopt;
  }
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(both.get(), &der);
  if (length <= 0) return std::nullopt;
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return text;
}

}  // namespace

Result<Key> Key::from_secret(std::string secret) {
  if (secret.size() < 32) {
    return make_error(500, "BLST_SETTING", "the JWT secret must have at least 32 bytes")
        .with_hint("for example the output of: openssl rand -hex 32");
  }
  Key key;
  key.secret_ = std::move(secret);
  return key;
}

Result<std::optional<Key>> Key::from_jwk(std::string_view json) {
  if (json::kind_of(json) != json::ValueKind::object) return bad_key("a key is no JSON object");
  const Jwk jwk(json);
  const std::string type = jwk.text("kty");
  if (type.empty()) return bad_key("a key has no \"kty\"");
  const std::optional<Key> not_ours;
  if (!jwk.verifies()) return not_ours;
  Key key;
  key.id_ = jwk.text("kid");
  if (jwk.has("alg")) {
    key.algorithm_ = parse_algorithm(jwk.text("alg"));
    if (!key.algorithm_) return not_ours;
  }
  if (type == "oct") {
    BALLAST_TRY(std::string secret, jwk.bytes("k"));
    if (secret.size() < 32) return bad_key("a symmetric key has fewer than 32 bytes (RFC 7518, 3.2)");
    key.kind_ = KeyKind::secret;
    key.secret_ = std::move(secret);
  } else if (type == "RSA") {
    BALLAST_TRY(key.public_, rsa_key(jwk));
    key.kind_ = KeyKind::rsa;
  } else if (type == "EC") {
    const std::string name = jwk.text("crv");
    const auto curve = std::find_if(curves.begin(), curves.end(), [&](const Curve& c) { return c.name == name; });
    if (curve == curves.end()) return not_ours;
    BALLAST_TRY(key.public_, ec_key(jwk, *curve));
    key.kind_ = curve->kind;
  } else if (type == "OKP") {
    if (jwk.text("crv") != "Ed25519") return not_ours;
    BALLAST_TRY(const std::string x, jwk.bytes("x"));
    key.public_ = owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size()));
    if (!key.public_) return bad_key("the Ed25519 key has no 32 bytes");
    key.kind_ = KeyKind::ed25519;
  } else {
    return not_ours;
  }
  if (key.algorithm_ && kind_for(*key.algorithm_) != key.kind_) {
    return bad_key("the key's \"alg\" " + jwk.text("alg") + " does not belong to its \"kty\" " + type);
  }
  return std::optional<Key>(std::move(key));
}

bool Key::verify(Algorithm algorithm, std::string_view signed_text, std::string_view signature) const {
  if (!fits(algorithm)) return false;
  if (kind_ == KeyKind::secret) return verify_hmac(algorithm, signed_text, signature);
  const bool good = verify_public(algorithm, signed_text, signature);
  if (!good) ERR_clear_error();
  return good;
}

bool Key::verify_hmac(Algorithm algorithm, std::string_view signed_text, std::string_view signature) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned length = 0;
  if (HMAC(hash_for(algorithm), secret_.data(), static_cast<int>(secret_.size()), bytes_of(signed_text),
           signed_text.size(), mac.data(), &length) == nullptr) {
    return false;
  }
  return signature.size() == length && CRYPTO_memcmp(signature.data(), mac.data(), length) == 0;
}

bool Key::verify_public(Algorithm algorithm, std::string_view signed_text, std::string_view signature) const {
  std::optional<std::string> der;
  for (const Curve& curve : curves) {
    if (curve.kind != kind_) continue;
    der = ecdsa_to_der(signature, curve.coordinate);
    if (!der) return false;
    signature = *der;
  }
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;  // the context's
  const EVP_MD* hash = hash_for(algorithm);
  if (!context || EVP_DigestVerifyInit(context.get(), &options, hash, nullptr, public_.get()) != 1) return false;
  if (is_pss(algorithm) && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
                            EVP_PKEY_CTX_set_rsa_mgf1_md(options, hash) != 1 ||
                            EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1)) {  // RFC 7518, 3.5
    return false;
  }
  return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(signed_text),
                          signed_text.size()) == 1;
}

}  // namespace ballast::auth
