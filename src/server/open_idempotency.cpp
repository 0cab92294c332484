#include "server/application.hpp"

namespace ballast::server {

void Application::open_guard() {
  idempotency::Settings settings = running_.settings.idempotency;
  if (options_.development) settings.anonymous = true;
  if (settings.enabled) keys_ = std::make_unique<idempotency::SqlKeyRepository>(*storage_, *tables_);
  // REST below its base, GraphQL and batches at their paths keep what they do in one transaction; nothing else does.
  const std::string base = rest::normalized_base(running_.settings.rest.path);
  const auto guards = [base, graphql = running_.settings.graphql.path,
                       batch = running_.settings.batch.path](std::string_view path) {
    if (path == graphql || path == batch) return true;
    if (path.starts_with(locks::path) || path.starts_with(idempotency::path)) return false;
    return path.starts_with(base) && path.size() > base.size() && path[base.size()] == '/';
  };
  guard_ = std::make_unique<idempotency::Guard>(
      idempotency::Guard::Parts{.storage = *storage_,
                                .keys = keys_.get(),
                                .leases = leases_.get(),
                                .max_lease_name = running_.settings.locks.max_name_length,
                                .anonymous_leases = options_.development || running_.settings.locks.anonymous,
                                .handler = [this](http::Request& request) { return (*router_)(request); },
                                .guards = guards,
                                .render = render_,
                                .settings = settings});
  if (keys_) keys_endpoint_ = std::make_unique<idempotency::Endpoint>(*keys_, *guard_, std::move(settings));
}

void Application::route_idempotency() {
  router_->prefix(std::string(idempotency::path.substr(0, idempotency::path.size() - 1)),
                  [this](http::Request& request) { return keys_endpoint_->handle(request); });
}

}  // namespace ballast::server
