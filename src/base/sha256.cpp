#include "base/sha256.hpp"

#include <openssl/evp.h>

#include <memory>

#include "base/check.hpp"

namespace ballast {
namespace {

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

}  // namespace

std::array<unsigned char, 32> sha256(std::string_view bytes) {
  // Fetched once and with a context per thread: EVP_Q_digest would look both up on each call.
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, ContextDeleter> context(EVP_MD_CTX_new());
  std::array<unsigned char, 32> hash{};
  unsigned length = 0;
  check(algorithm != nullptr && context && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1 &&
            EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
            EVP_DigestFinal_ex(context.get(), hash.data(), &length) == 1 && length == hash.size(),
        "SHA-256 is not available");
  return hash;
}

}  // namespace ballast
