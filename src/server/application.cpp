#include "server/application.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "http/socket_activation.hpp"
#include "json/writer.hpp"
#include "middleware/chain.hpp"
#include "observe/exposition.hpp"
#include "rest/errors.hpp"
#include "rest/target.hpp"
#include "storage/sqlite/database.hpp"

namespace ballast::server {
namespace {

http::Response text_response(std::string_view type, std::string body) {
  http::Response answer;
  answer.add("Content-Type", std::string(type));
  answer.body = std::move(body);
  return answer;
}

/// REST paths answer as PostgREST does, everything else with problem+json.
http::ErrorRenderer renderer(const std::string& rest_path) {
  const std::string base = rest::normalized_base(rest_path);
  return [base](const http::Request& request, const Error& error) {
    const bool below =
        request.path.starts_with(base) && (request.path.size() == base.size() || request.path[base.size()] == '/');
    return below ? rest::render_error(error) : http::problem_response(error);
  };
}

/// Row counts, versions and constraints are nobody's business but the operator's.
Result<void> refuse_open_tables(const config::Settings& settings) {
  if (settings.program.expose_anonymous) return {};
  const auto granted = settings.rules.grants.find(settings.rules.anonymous_role);
  if (granted == settings.rules.grants.end()) return {};
  for (const auto& [relation, grant] : granted->second) {
    if (!grant.any()) continue;
    return make_error(500, "BLST_SETTING",
                      fmt::format("[access.{}] would open {} to everybody who can reach the port",
                                  settings.rules.anonymous_role,
                                  relation == "*" ? std::string("every table") : "the table \"" + relation + "\""))
        .with_hint("set access.expose_anonymous = true if that is meant, or take the grant out");
  }
  return {};
}

}  // namespace

std::string database_path(const config::Settings& settings) {
  std::string path = settings.program.database;
  if (path.starts_with("sqlite:")) path.erase(0, 7);
  return path.empty() ? "./ballast.db" : path;
}

Application::Application(const config::Settings& settings, Mode mode)
    : settings_(settings), mode_(mode), database_(database_path(settings)), render_(renderer(settings.rest.path)) {}

Result<std::unique_ptr<Application>> Application::start(const config::Settings& settings, Mode mode) {
  if (mode == Mode::serve) BALLAST_CHECKED(refuse_open_tables(settings));
  std::unique_ptr<Application> application(new Application(settings, mode));
  BALLAST_CHECKED(application->open());
  BALLAST_CHECKED(application->listen());
  return application;
}

Result<void> Application::open() {
  log_ = observe::make_stderr_logger(settings_.log);
  auto engine = settings_.sqlite;
  engine.create = mode_ == Mode::dev;
  if (!engine.create && !std::filesystem::exists(database_)) {
    return make_error(500, "BLST_DATABASE", fmt::format("there is no database at {}", database_))
        .with_hint("name one (ballast serve PATH), or make one: ballast demo " + database_);
  }
  BALLAST_TRY(storage_, storage::open_sqlite(database_, engine));
  BALLAST_TRY(auto snapshot, storage_->introspect());
  catalog_ = std::make_unique<catalog::Holder>(std::move(snapshot));
  rules_ = rules_of(settings_);
  api_ = std::make_unique<rest::Api>(*storage_, *catalog_, rules_.load(), settings_.rest);
  return {};
}

std::shared_ptr<const policy::Rules> Application::rules_of(const config::Settings& settings) const {
  auto rules = std::make_shared<policy::Rules>(settings.rules);
  rules->open = mode_ == Mode::dev;
  return rules;
}

void Application::make_public_routes() {
  router_ = std::make_unique<http::Router>(render_);
  const std::string base = rest::normalized_base(settings_.rest.path);
  router_->prefix(base.empty() ? "/" : base, [this](http::Request& request) { return api_->handle(request); });
}

void Application::make_admin_routes() {
  admin_router_ = std::make_unique<http::Router>(http::ErrorRenderer());
  const std::vector<http::Method> get{http::Method::get};
  admin_router_->exact("/live", get,
                       [](http::Request&) { return http::ready(http::json_response(200, R"({"status":"ok"})")); });
  admin_router_->exact("/ready", get, [this](http::Request&) { return http::ready(ready()); });
  admin_router_->exact("/metrics", get, [this](http::Request&) { return http::ready(metrics()); });
  admin_router_->exact("/version", get, [](http::Request&) {
    return http::ready(http::json_response(200, R"({"name":"ballast","version":")" BALLAST_VERSION R"("})"));
  });
}

http::Response Application::ready() const {
  const auto pinged = storage_->ping();
  const std::string schema = watch_ != nullptr ? watch_->problem() : std::string();
  const bool draining = draining_.load();
  const bool good = pinged.ok() && schema.empty() && !draining;
  std::string body = R"({"status":)";
  json::append_string(body, good ? "ready" : "not ready");
  const auto add = [&body](std::string_view name, bool ok, const std::string& reason) {
    body += ',';
    json::append_string(body, name);
    body += R"(:{"ok":)";
    body += ok ? "true" : "false";
    if (!ok) {
      body += R"(,"reason":)";
      json::append_string(body, reason);
    }
    body += '}';
  };
  add("database", pinged.ok(), pinged ? std::string() : pinged.error().message);
  add("schema", schema.empty(), schema);
  add("accepting", !draining, "shutting down");
  body += '}';
  return http::json_response(good ? 200 : 503, std::move(body));
}

http::Response Application::metrics() const {
  std::string body = metrics_.render();
  observe::Exposition out(body);
  const auto stats = server_->stats();
  out.gauge("ballast_connections", "Open connections.", static_cast<double>(stats.connections_open));
  out.counter("ballast_connections_total", "Connections served.", stats.connections_total);
  out.counter("ballast_connections_refused_total", "Connections beyond http.max_connections.",
              stats.connections_refused);
  out.counter("ballast_requests_total", "Requests handled.", stats.requests);
  out.counter("ballast_requests_refused_total", "Requests malformed, too large or too slow.", stats.requests_refused);
  out.counter("ballast_bytes_received_total", "Bytes received.", stats.bytes_in);
  out.counter("ballast_bytes_sent_total", "Bytes sent.", stats.bytes_out);
  out.gauge("ballast_loop_lag_seconds", "How late the slowest event loop was.", stats.loop_lag_seconds);
  out.gauge("ballast_catalog_relations", "Tables and views served.", static_cast<double>(relations()));
  storage_->visit_stats([&out](std::string_view name, double value, bool counter) {
    const std::string full = "ballast_storage_" + std::string(name);
    if (counter) {
      out.counter(full, "Of the storage engine.", value);
    } else {
      out.gauge(full, "Of the storage engine.", value);
    }
  });
  return text_response(observe::Exposition::content_type, std::move(body));
}

Result<void> Application::listen() {
  make_public_routes();
  make_admin_routes();
  const middleware::Dependencies dependencies{
      system_clock(), *log_, metrics_, render_, settings_.rules.anonymous_role, settings_.middleware, settings_.auth};
  BALLAST_TRY(chain_, middleware::make_chain(dependencies));
  http::Server::Hooks hooks;
  hooks.report = [this](std::string_view what) { log_->error(what); };
  server_ = std::make_unique<http::Server>(
      settings_.http, [this](http::Request& request) { return (*router_)(request); }, chain_, render_, hooks);
  const bool tls = !settings_.http.tls.certificate.empty();
  auto activated = http::take_activated_sockets();
  for (auto& socket : activated) BALLAST_CHECKED(server_->adopt(std::move(socket.descriptor), tls));
  if (activated.empty()) {
    for (const auto& text : settings_.program.listen) {
      BALLAST_TRY(auto address, http::ListenAddress::parse(text));
      if (mode_ == Mode::dev && !address.is_unix() && !address.is_loopback()) {
        return make_error(500, "BLST_SETTING",
                          fmt::format("dev mode is open to everybody, so it does not listen on {}", text))
            .with_hint("use 127.0.0.1, or: ballast serve");
      }
      const bool secure = tls && !address.is_unix();
      BALLAST_TRY(auto bound, server_->listen(std::move(address), secure));
      addresses_.push_back(std::move(bound));
    }
  }
  if (!settings_.program.admin_listen.empty()) {
    auto own = settings_.http;
    own.workers = 1;
    admin_ = std::make_unique<http::Server>(
        own, [this](http::Request& request) { return (*admin_router_)(request); }, no_chain_, http::ErrorRenderer(),
        hooks);
    BALLAST_TRY(auto address, http::ListenAddress::parse(settings_.program.admin_listen));
    BALLAST_TRY(const auto bound, admin_->listen(std::move(address)));
    admin_address_ = bound.to_string();
  }
  const auto poll = mode_ == Mode::dev ? std::chrono::milliseconds(500) : settings_.program.schema_poll;
  watch_ = std::make_unique<SchemaWatch>(*storage_, *catalog_, poll, [this](const std::string& problem) {
    if (problem.empty()) {
      log_->info("schema reloaded", {{"relations", relations()}});
    } else {
      log_->error("schema not reloaded: the old one stays in service", {{"reason", problem}});
    }
  });
  server_->start();
  if (admin_) admin_->start();
  return {};
}

void Application::reload(const config::Settings& settings) {
  rules_ = rules_of(settings);
  api_->set_rules(rules_.load());
  log_->set_level(settings.log.level);
  if (!settings.http.tls.certificate.empty()) {
    const auto reloaded = server_->reload_tls(settings.http.tls);
    if (!reloaded) log_->error("certificate not reloaded: the old one stays", {{"reason", reloaded.error().message}});
  }
  watch_->reload_now();
}

std::future<bool> Application::drain(Duration grace) {
  draining_ = true;
  return server_->drain(grace);
}

Application::~Application() {
  watch_.reset();
  if (server_) server_->stop();
  if (admin_) admin_->stop();
  if (storage_) storage_->close();
  server_.reset();
  admin_.reset();
}

}  // namespace ballast::server
