#include "base/error.hpp"

namespace ballast {

Error unavailable(std::string_view code, std::string message, int retry_after_seconds) {
  return make_error(503, code, std::move(message)).with_header("Retry-After", std::to_string(retry_after_seconds));
}

}  // namespace ballast
