#include "auth/digest.hpp"

#include <openssl/evp.h>

#include <cstring>
#include <memory>

#include "base/check.hpp"
#include "text/chars.hpp"

namespace ballast::auth {
namespace {

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

}  // namespace

Digest sha256(std::string_view bytes) {
  // Fetched once and with a context per thread: EVP_Q_digest would look both up on each call.
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, ContextDeleter> context(EVP_MD_CTX_new());
  std::array<unsigned char, 32> hash{};
  unsigned length = 0;
  check(algorithm != nullptr && context && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1 &&
            EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
            EVP_DigestFinal_ex(context.get(), hash.data(), &length) == 1 && length == hash.size(),
        "SHA-256 is not available");
  Digest digest;
  std::memcpy(digest.data(), hash.data(), hash.size());
  return digest;
}

std::optional<Digest> parse_digest(std::string_view text) {
  if (text.starts_with("sha256:")) text.remove_prefix(7);
  if (text.size() != 64) return std::nullopt;
  std::array<unsigned char, 32> hash{};
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const char high = text[2 * i];
    const char low = text[2 * i + 1];
    if (!text::is(high, text::hex) || !text::is(low, text::hex)) return std::nullopt;
    hash[i] = static_cast<unsigned char>(text::hex_value(high) * 16 + text::hex_value(low));
  }
  Digest digest;
  std::memcpy(digest.data(), hash.data(), hash.size());
  return digest;
}

}  // namespace ballast::auth
