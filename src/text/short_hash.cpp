#include "text/short_hash.hpp"

#include "base/sha256.hpp"
#include "text/base64.hpp"

namespace ballast::text {

std::string short_hash(std::string_view bytes) {
  const auto hash = sha256(bytes);
  return base64url_encode({reinterpret_cast<const char*>(hash.data()), 16});
}

}  // namespace ballast::text
