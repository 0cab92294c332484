#include "idempotency/endpoint.hpp"

#include "idempotency/errors.hpp"
#include "json/text.hpp"
#include "policy/identity.hpp"

namespace ballast::idempotency {
namespace {

Result<Key> key_of(const http::Request& request, const Settings& settings) {
  if (request.method != http::Method::get && request.method != http::Method::head) {
    return make_error(405, "BLST405", "expected GET or HEAD").with_header("Allow", "GET, HEAD");
  }
  if (request.principal.subject.empty() && !settings.anonymous) return anonymous_refused();
  const auto name = http::percent_decode(request.path.substr(std::min(path.size(), request.path.size())), false);
  BALLAST_TRY(std::string key, parse_key(name.value_or(std::string())));
  return Key{policy::identity_of(request.principal), std::move(key)};
}

}  // namespace

http::Reply Endpoint::handle(http::Request& request) const {
  auto key = key_of(request, settings_);
  if (!key) co_return http::problem_response(key.error());
  auto state = co_await keys_.find(*key, {.deadline = request.deadline});
  if (!state) co_return http::problem_response(state.error());
  if (state->stage == KeyState::Stage::unknown && guard_.executes(*key)) state->stage = KeyState::Stage::in_flight;
  if (state->stage == KeyState::Stage::unknown) co_return http::problem_response(unknown_key());
  json::Text body;
  const bool done = state->stage == KeyState::Stage::done;
  body.object().member("state", done ? "done" : "in_flight");
  if (done) body.key("status").integer(state->answer.status);
  body.end();
  http::Response response = http::json_response(200, body.take());
  response.set("Cache-Control", "no-store");
  co_return response;
}

}  // namespace ballast::idempotency
