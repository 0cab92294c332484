#include "middleware/chain.hpp"

#include "auth/authenticator.hpp"
#include "middleware/access_log.hpp"
#include "middleware/authentication.hpp"
#include "middleware/body_limit.hpp"
#include "middleware/compression.hpp"
#include "middleware/cors.hpp"
#include "middleware/deadline.hpp"
#include "middleware/error_boundary.hpp"
#include "middleware/local_host.hpp"
#include "middleware/metrics.hpp"
#include "middleware/rate_limit.hpp"
#include "middleware/request_id.hpp"

namespace ballast::middleware {

Result<http::Chain> make_chain(const Dependencies& with) {
  const Settings& on = with.settings;
  http::Chain chain;
  const auto add = [&chain]<class M>(std::unique_ptr<M> link) { chain.push_back(std::move(link)); };
  BALLAST_TRY(auto authenticator, auth::Authenticator::make(with.auth, with.anonymous_role, with.clock, &with.metrics));
  BALLAST_TRY(auto cors, Cors::make(on.cors));

  // From the outside in: a request passes them from top to bottom, its answer from bottom to top. What throws outside
  // of the error boundary is caught by the session.

  // First, so that everything that is said about a request, even that it failed, bears its id.
  add(std::make_unique<RequestId>(on.observe));

  // Log and metrics see every answer as it is sent: refusals, failures, compressed sizes.
  if (on.observe.access_log != AccessLog::off) {
    add(std::make_unique<AccessLogger>(on.observe.access_log, with.log, with.clock));
  }
  add(std::make_unique<RequestCounter>(with.metrics, with.clock));

  // Preflights carry no credentials, so they are answered before somebody asks for them; and every refusal from further
  // down must be readable by scripts, or an app cannot tell an expired token from a broken network.
  if (!on.cors.allowed_origins.empty()) add(std::move(cors));

  // Around all that does work, but behind those above: they would not see an answer that flies past as an exception.
  add(std::make_unique<ErrorBoundary>(with.log, with.render));

  // Before anything that waits.
  if (on.deadline.client_header) add(std::make_unique<Deadline>(with.clock, with.render));

  // Around everything that makes bodies, refusals included.
  if (on.compression.enabled) add(std::make_unique<Compression>(on.compression));

  // Before anything is looked at for a page that has no business here.
  if (with.development) add(std::make_unique<LocalHost>(with.render));

  // Before a signature is checked or a row is read for it.
  if (!on.body_limit.by_type.empty()) add(std::make_unique<BodyLimit>(on.body_limit, with.render));

  // Who is it?
  add(std::make_unique<Authentication>(std::move(authenticator), with.render, with.timed));

  // Last, since quotas belong to the callers that authentication found.
  if (on.rate_limit.requests > 0) add(std::make_unique<RateLimit>(on.rate_limit, with.clock, with.render));

  return chain;
}

}  // namespace ballast::middleware
