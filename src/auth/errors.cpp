#include "auth/errors.hpp"

namespace ballast::auth {
namespace {

/// `message` is always one of our own, so it needs no escaping.
Error invalid_token(std::string_view code, std::string message) {
  std::string challenge = R"(Bearer error="invalid_token", error_description=")" + message + '"';
  return make_error(401, code, std::move(message)).with_header("WWW-Authenticate", std::move(challenge));
}

}  // namespace

Error secret_missing() { return make_error(500, "PGRST300", "Server lacks JWT secret"); }

Error token_refused(std::string message, std::string details) {
  return invalid_token("PGRST301", std::move(message)).with_details(std::move(details));
}

Error anonymous_refused() {
  return make_error(401, "PGRST302", "Anonymous access is disabled").with_header("WWW-Authenticate", "Bearer");
}

Error claims_refused(std::string message) { return invalid_token("PGRST303", std::move(message)); }

Error api_key_refused() { return invalid_token("BLST401", "the API key is not known"); }

}  // namespace ballast::auth
