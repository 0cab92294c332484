#include "idempotency/errors.hpp"

namespace ballast::idempotency {

Error invalid_key(std::string_view problem) {
  return make_error(400, "BLST820",
                    "expected one Idempotency-Key of 1 to 255 visible characters: " + std::string(problem))
      .with_hint("a UUID, in double quotes or without");
}

Error key_required(std::string_view path) {
  return make_error(400, "BLST821", "expected an Idempotency-Key: " + std::string(path) + " takes no write without one")
      .with_hint("send a UUID made once for this change, and the same one with each retry")
      .with_header(
          "Link", "<https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>; rel=\"describedby\"");
}

Error anonymous_refused() {
  return make_error(401, "BLST822",
                    "expected credentials that name a subject with an Idempotency-Key: a key belongs to its caller")
      .with_header("WWW-Authenticate", "Bearer");
}

Error other_request() {
  return make_error(422, "BLST823", "this Idempotency-Key was used for another request")
      .with_hint("make a new key for each change; a retry repeats the request exactly");
}

Error in_flight() {
  return make_error(409, "BLST824", "a request with this Idempotency-Key is under way")
      .with_hint("try again, or send Prefer: wait=10 to wait for its answer")
      .with_header("Retry-After", "1");
}

Error unknown_key() {
  return make_error(404, "BLST825", "no request of yours with this Idempotency-Key is known")
      .with_hint("it was never sent, was undone, or its answer is no longer kept");
}

}  // namespace ballast::idempotency
