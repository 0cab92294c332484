#include "server/application.hpp"

namespace ballast::server {

void Application::open_locks() {
  locks::Settings settings = running_.settings.locks;
  if (options_.development) settings.anonymous = true;
  leases_ = std::make_unique<locks::SqlLeaseRepository>(*storage_, *tables_);
  locks_ = std::make_unique<locks::Service>(*leases_, settings);
  locks_endpoint_ = std::make_unique<locks::Endpoint>(*locks_, settings);
}

void Application::route_locks() {
  router_->prefix(std::string(locks::path),
                  [this](http::Request& request) { return locks_endpoint_->handle(request); });
}

}  // namespace ballast::server
