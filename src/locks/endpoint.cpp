#include "locks/endpoint.hpp"

#include "json/text.hpp"
#include "locks/errors.hpp"
#include "locks/fence.hpp"
#include "policy/identity.hpp"

namespace ballast::locks {
namespace {

constexpr const char* methods = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
/// A wait ends so long before the request's deadline, to be answered with 423 instead of 504.
constexpr std::chrono::milliseconds to_answer{250};

http::Response answer(int status, const Lease& lease, bool with_token) {
  json::Text body;
  body.object().member("name", lease.name);
  if (with_token) body.key("token").integer(lease.token);
  body.member("expires_at", to_text(lease.expires_at)).end();
  http::Response response = http::json_response(status, body.take());
  response.set("Cache-Control", "no-store");
  return response;
}

http::Response refuse(const Error& error) { return http::problem_response(error); }

}  // namespace

http::Reply Endpoint::handle(http::Request& request) const {
  if (request.method == http::Method::options) {
    http::Response response;
    response.status = 204;
    response.set("Allow", methods);
    return http::ready(std::move(response));
  }
  if (!request.principal.authenticated && !settings_.anonymous) return http::ready(refuse(anonymous_refused()));
  switch (request.method) {
    case http::Method::get:
    case http::Method::head:
      return show(request);
    case http::Method::post:
      return acquire(request);
    case http::Method::put:
      return renew(request);
    case http::Method::del:
      return release(request);
    default:
      return http::ready(refuse(make_error(405, "BLST405", std::string("expected one of the methods ") + methods)
                                    .with_header("Allow", methods)));
  }
}

http::Reply Endpoint::acquire(http::Request& request) const {
  auto asked = read_acquire(request, settings_);
  if (!asked) co_return refuse(asked.error());
  Claim claim{.name = std::move(asked->name),
              .owner = policy::identity_of(request.principal),
              .ttl = asked->ttl.value_or(settings_.default_ttl),
              .most = settings_.max_leases_per_owner};
  Patience patience{.until = std::min(request.received + asked->wait, request.deadline - to_answer),
                    .left = request.client_left};
  auto attempt = co_await service_.acquire(std::move(claim), std::move(patience), {.deadline = request.deadline});
  if (!attempt) co_return refuse(attempt.error());
  switch (attempt->outcome) {
    case Attempt::Outcome::granted:
      break;
    case Attempt::Outcome::held:
      co_return refuse(held_by_another(attempt->lease));
    case Attempt::Outcome::too_many:
      co_return refuse(too_many_leases(settings_.max_leases_per_owner));
  }
  co_return answer(201, attempt->lease, true);
}

http::Reply Endpoint::renew(http::Request& request) const {
  auto asked = read_renew(request, settings_);
  if (!asked) co_return refuse(asked.error());
  const std::string name = asked->name;
  const std::string owner = policy::identity_of(request.principal);
  const storage::Context context{.deadline = request.deadline};
  Grip grip{std::move(asked->name), asked->token, owner};
  auto renewed = co_await service_.renew(std::move(grip), asked->ttl.value_or(settings_.default_ttl), context);
  if (!renewed) co_return refuse(renewed.error());
  if (*renewed) co_return answer(200, **renewed, true);
  const Error why = co_await refusal(name, owner, context);
  co_return refuse(why);
}

http::Reply Endpoint::release(http::Request& request) const {
  auto asked = read_release(request, settings_);
  if (!asked) co_return refuse(asked.error());
  const std::string name = asked->name;
  const std::string owner = policy::identity_of(request.principal);
  const storage::Context context{.deadline = request.deadline};
  Grip grip{std::move(asked->name), asked->token, owner};
  auto released = co_await service_.release(std::move(grip), context);
  if (!released) co_return refuse(released.error());
  if (*released) {
    http::Response response;
    response.status = 204;
    co_return response;
  }
  const Error why = co_await refusal(name, owner, context);
  co_return refuse(why);
}

http::Reply Endpoint::show(http::Request& request) const {
  auto asked = read_find(request, settings_);
  if (!asked) co_return refuse(asked.error());
  if (asked->token != 0 || request.within != nullptr) co_return co_await check(request, std::move(*asked));
  const std::string name = asked->name;
  auto found = co_await service_.find(std::move(asked->name), {.deadline = request.deadline});
  if (!found) co_return refuse(found.error());
  if (!*found) co_return refuse(no_such_lease(name));
  co_return answer(200, **found, (*found)->owner == policy::identity_of(request.principal));
}

http::Reply Endpoint::check(http::Request& request, LeaseRequest asked) const {
  if (asked.token == 0) {
    co_return refuse(expected("expected the token of the lease, which is checked within a transaction")
                         .with_hint("for example /locks/v1/seat-12A?token=42"));
  }
  storage::Context context{.deadline = request.deadline};
  if (request.within == nullptr) {
    auto ready = co_await service_.prepare(context);
    if (!ready) co_return refuse(ready.error());
  }
  context.within = request.within;
  const auto current = co_await service_.check(asked.name, asked.token, context);
  if (!current) co_return refuse(current.error());
  if (!*current) co_return refuse(fence_failed({asked.name, asked.token}));
  json::Text body;
  body.object().member("name", asked.name).key("token").integer(asked.token);
  body.end();
  http::Response response = http::json_response(200, body.take());
  response.set("Cache-Control", "no-store");
  co_return response;
}

boost::asio::awaitable<Error> Endpoint::refusal(std::string name, std::string owner, storage::Context context) const {
  auto found = co_await service_.find(name, context);
  if (!found) co_return std::move(found).error();
  if (*found && (*found)->owner != owner) co_return not_yours(name);
  co_return not_current(name);
}

}  // namespace ballast::locks
