#include "server/application.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <utility>

#include "config/connection_string.hpp"
#include "graphql/refusal.hpp"
#include "middleware/access_log.hpp"
#include "middleware/chain.hpp"
#include "middleware/request_metrics.hpp"
#include "observe/exposition.hpp"
#include "rest/errors.hpp"
#include "rest/target.hpp"
#include "server/exposure.hpp"
#include "server/process_metrics.hpp"
#include "storage/transaction.hpp"

namespace ballast::server {
namespace {

Error as_error(const config::Problem& problem) {
  return make_error(500, "BLST_SETTING",
                    problem.where.empty() ? problem.message : problem.where + ": " + problem.message)
      .with_hint(problem.hint);
}

Error waiting_for_database() {
  return unavailable("BLST701", "the database cannot be reached at the moment", 1)
      .with_hint("the server waits for it; try again");
}

/// Each dialect's own shape at its path, problem+json everywhere else.
http::ErrorRenderer renderer(const config::Settings& settings) {
  return [base = rest::normalized_base(settings.rest.path), terse = settings.rest.terse_errors,
          graphql = settings.graphql.enabled ? settings.graphql.path : std::string(), leases = settings.locks.enabled,
          batch = settings.batch.enabled ? settings.batch.path : std::string(),
          errors = settings.graphql.errors](const http::Request& request, const Error& error) {
    const auto& path = request.path;
    if (path == graphql) return graphql::refusal(request, error, errors);
    const auto below = [&path](std::string_view prefix) {
      return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
    };
    if (path == batch || path.starts_with(idempotency::path)) return http::problem_response(error);
    if (leases && below(locks::path)) return http::problem_response(error);
    return below(base) ? rest::render_error(error, terse) : http::problem_response(error);
  };
}

}  // namespace

bool roles_mode(const config::Loaded& loaded) {
  return is_postgres(loaded.settings) && loaded.origin("anon_role").source != config::Source::standard;
}

policy::Rules rules_of(const config::Settings& settings, bool open) {
  policy::Rules rules = settings.rules;
  rules.open = open;
  return rules;
}

Result<std::unique_ptr<Application>> Application::make(Options options) {
  check(options.loaded.ok(), "an application with settings that have problems");
  std::unique_ptr<Application> application(new Application(std::move(options)));
  BALLAST_CHECKED(application->open());
  return application;
}

Application::Application(Options options)
    : options_(std::move(options)),
      running_(options_.loaded),
      roles_(roles_mode(running_)),
      database_(config::without_password(database_path(running_.settings.program.database))),
      render_(renderer(running_.settings)),
      log_(observe::make_stderr_logger(running_.settings.log)) {}

Application::~Application() {
  if (schema_watch_) schema_watch_->stop();
  if (admin_) admin_->close();
  if (admin_http_) admin_http_->stop();
  if (http_) http_->stop();
  if (locks_) locks_->stop_waiting();  // whoever leaves a line must not wake others on loops that are going, too
  // Completes the writes that were accepted, although nobody hears of them any more; then the coroutines that still
  // wait can go with their server.
  if (storage_) storage_->close();
  http_.reset();
  admin_http_.reset();
  log_->flush();
}

Result<void> Application::open() {
  const auto& settings = running_.settings;
  if (asks_grants()) {
    if (const auto problem = exposure(running_)) return as_error(*problem);
  }
  BALLAST_TRY(auto storage, open_storage(settings, [this](std::string_view what) { log_->warning(what); }));
  storage_ = storage::with_shared_transactions(std::move(storage));
  auto introspected = storage_->introspect();
  // A server that is away is waited for; a file is there or not.
  const bool away = !introspected && is_postgres(settings) && introspected.error().status == 503;
  if (!introspected && !away) return std::move(introspected).error();
  if (away) log_->warning("waiting for the database", {{"reason", introspected.error().message}});
  catalog::SnapshotPtr snapshot = away ? nullptr : std::move(introspected).value();
  if (snapshot != nullptr) BALLAST_CHECKED(check_names(settings, *snapshot));
  catalog_ = std::make_unique<catalog::Holder>(std::move(snapshot));
  schema_watch_ = std::make_unique<SchemaWatch>(
      *storage_, *catalog_, settings.program.schema_poll,
      [this](const catalog::Snapshot& first) { return check_names(running_.settings, first); },
      [this](const std::string& problem) {
        const auto snapshot = catalog_->load();
        if (problem.empty()) {
          log_->info("schema reloaded", {{"relations", snapshot->relations().size()}});
        } else if (snapshot == nullptr) {
          log_->error("the schema cannot be served yet", {{"reason", problem}});
        } else {
          log_->error("the schema cannot be read: the old one stays in service", {{"reason", problem}});
        }
      });
  tables_ = std::make_unique<records::Tables>(*storage_);
  rest::Settings dialect = settings.rest;
  dialect.roles = roles_;
  dialect.search_path = settings.postgres.search_path;
  if (settings.idempotency.enabled) dialect.key_ttl = settings.idempotency.ttl.count();
  const auto rules = std::make_shared<const policy::Rules>(rules_of(settings, !asks_grants()));
  if (settings.graphql.enabled) BALLAST_CHECKED(open_graphql(rules, dialect));
  if (settings.locks.enabled) open_locks();
  if (settings.batch.enabled) open_batch(dialect);
  api_ = std::make_unique<rest::Api>(*storage_, *catalog_, rules, std::move(dialect));
  open_guard();
  build_router();
  dispatcher_ = std::make_unique<Dispatcher>([this](http::Request& request) { return guard_->handle(request); });
  BALLAST_TRY(auto chain, make_chain(settings));
  dispatcher_->use(std::move(chain));
  http_ = std::make_unique<http::Server>(
      settings.http, [this](http::Request& request) { return (*dispatcher_)(request); }, no_chain_, render_, hooks());
  metrics_.add_collector([this](observe::Exposition& out) { collect(out); });
  return {};
}

Result<void> Application::check_names(const config::Settings& settings, const catalog::Snapshot& snapshot) const {
  if (const auto problem = unknown_table(settings, snapshot)) return as_error(*problem);
  if (!asks_grants()) return {};
  if (const auto problem = unknown_grant(settings, snapshot)) return as_error(*problem);
  return {};
}

void Application::open_batch(const rest::Settings& dialect) {
  const auto& settings = running_.settings;
  batch::Surroundings around;
  around.places = {rest::normalized_base(settings.rest.path), graphql_ ? settings.graphql.path : std::string(),
                   settings.batch.path, locks_ ? std::string(locks::path) + "/" : std::string()};
  around.rest = dialect;
  around.url_limit = settings.http.target_limit;
  batch_ = std::make_unique<batch::Endpoint>(
      settings.batch, std::move(around), *storage_, [this](http::Request& request) { return guard_->handle(request); },
      [this](storage::Context context) { return locks_->prepare(context); });
}

void Application::build_router() {
  router_ = std::make_unique<http::Router>(render_);
  const std::string base = rest::normalized_base(running_.settings.rest.path);
  router_->prefix(base.empty() ? "/" : base, [this](http::Request& request) {
    if (catalog_->load() == nullptr) return http::ready(render_(request, waiting_for_database()));
    return api_->handle(request);
  });
  if (graphql_) route_graphql();
  if (locks_) route_locks();
  if (keys_endpoint_) route_idempotency();
  if (batch_) {
    router_->exact(running_.settings.batch.path, {},
                   [this](http::Request& request) { return batch_->handle(request); });
  }
  // RFC 9110 section 9.3.7: what the server as a whole can do.
  router_->exact("*", {http::Method::options}, [](http::Request&) {
    http::Response response;
    response.status = 204;
    response.set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    return http::ready(std::move(response));
  });
  for (const auto& add : options_.extensions.routes) add(*router_);
}

Result<std::shared_ptr<const http::Chain>> Application::make_chain(const config::Settings& settings) const {
  auto authentication = settings.auth;
  authentication.unchecked_is_anonymous = options_.development;
  auto& metrics = const_cast<observe::Metrics&>(metrics_);  // thread-safe, and where the chain's counters live
  BALLAST_TRY(auto chain, middleware::make_chain({.clock = system_clock(),
                                                  .log = *log_,
                                                  .metrics = metrics,
                                                  .render = render_,
                                                  .anonymous_role = settings.rules.anonymous_role,
                                                  .settings = settings.middleware,
                                                  .auth = std::move(authentication),
                                                  .timed = settings.rest.server_timing,
                                                  .development = options_.development}));
  for (const auto& make : options_.extensions.middlewares) chain.push_back(make());
  return std::make_shared<const http::Chain>(std::move(chain));
}

http::Server::Hooks Application::hooks() {
  http::Server::Hooks hooks;
  hooks.report = [this](std::string_view what) { log_->error(what); };
  const auto refusals = std::make_shared<middleware::RequestMetrics>(metrics_);
  const bool logged = running_.settings.middleware.observe.access_log != middleware::AccessLog::off;
  hooks.refused = [this, refusals, logged](const http::Request& request, const http::Response& response) {
    const Duration took = system_clock().now() - request.received;
    refusals->record(request.method, "refused", response.status, request.received == TimePoint() ? Duration() : took);
    if (logged) middleware::log_request(*log_, request, response, request.received == TimePoint() ? Duration() : took);
  };
  return hooks;
}

Result<void> Application::start() {
  BALLAST_CHECKED(listen());
  schema_watch_->start();
  BALLAST_CHECKED(listen_admin());
  http_->start();
  if (admin_http_) admin_http_->start();
  return {};
}

std::future<bool> Application::begin_drain() {
  state_.begin_drain();
  if (locks_) locks_->stop_waiting();
  return http_->drain(running_.settings.program.shutdown_grace);
}

void Application::heartbeat(std::function<void()> alive) {
  const auto left = std::make_shared<std::atomic<unsigned>>(http_->worker_count());
  const auto shared = std::make_shared<const std::function<void()>>(std::move(alive));
  for (unsigned i = 0; i < http_->worker_count(); ++i) {
    boost::asio::post(http_->worker(i).io(), [left, shared] {
      if (left->fetch_sub(1) == 1) (*shared)();
    });
  }
}

void Application::reload() {
  if (options_.load_again) {
    config::Loaded next = options_.load_again();
    if (!next.ok()) {
      refuse_reload(next.problems);
    } else if (auto used = use_settings(next); !used) {
      refuse_reload({{"", used.error().message, used.error().hint}});
    } else {
      state_.set_settings_problem("");
      log_->info("settings reloaded");
    }
  }
  schema_watch_->reload_now();
}

void Application::refuse_reload(const std::vector<config::Problem>& problems) {
  for (const auto& problem : problems) {
    log_->error("the settings cannot be reloaded: the old ones stay in force", {{"reason", problem.text()}});
  }
  state_.set_settings_problem(problems.front().text());
}

/// All or nothing: what can fail comes first.
Result<void> Application::use_settings(const config::Loaded& loaded) {
  const auto& next = loaded.settings;
  // Rules and sessions must change together, or every caller would act as the connection's own user.
  if (roles_mode(loaded) != roles_) {
    return as_error({loaded.origin("anon_role").where, "anon_role: roles mode cannot be switched while the server runs",
                     "restart it"});
  }
  if (asks_grants()) {
    if (const auto problem = exposure(loaded)) return as_error(*problem);
  }
  if (const auto snapshot = catalog_->load()) BALLAST_CHECKED(check_names(next, *snapshot));
  BALLAST_TRY(auto chain, make_chain(next));
  BALLAST_TRY(auto documents, read_documents(running_.settings.graphql.persisted));
  if (tls() && !next.http.tls.certificate.empty()) BALLAST_CHECKED(http_->reload_tls(next.http.tls));
  dispatcher_->use(std::move(chain));
  const auto rules = std::make_shared<const policy::Rules>(rules_of(next, !asks_grants()));
  api_->set_rules(rules);
  if (graphql_) {
    graphql_->set_rules(rules);
    graphql_endpoint_->set_registered(std::move(documents));
  }
  log_->set_level(next.log.level);
  warn_of_restart(next);

  // Everything that is live, and nothing else: the next reload compares with what really runs.
  auto& running = running_.settings;
  running.rules = next.rules;
  running.auth = next.auth;
  running.middleware = next.middleware;
  running.rest.server_timing = next.rest.server_timing;
  running.log.level = next.log.level;
  running.http.tls = next.http.tls;
  running.program.shutdown_grace = next.program.shutdown_grace;
  running.program.expose_anonymous = next.program.expose_anonymous;
  return {};
}

void Application::warn_of_restart(const config::Settings& next) const {
  for (const auto& setting : config::registry().settings()) {
    if (setting.reload == config::Reload::restart && setting.show(next) != setting.show(running_.settings)) {
      log_->warning("a changed setting needs a restart", {{"setting", setting.name}});
    }
  }
  if (next.http.tls.certificate.empty() == tls()) {
    log_->warning("switching TLS on or off needs a restart", {{"setting", "tls.certificate"}});
  }
}

void Application::collect(observe::Exposition& out) const {
  const http::Stats stats = http_->stats();
  out.gauge("ballast_http_connections", "Client connections that are open.",
            static_cast<double>(stats.connections_open));
  out.counter("ballast_http_connections_total", "Client connections accepted.", stats.connections_total);
  out.counter("ballast_http_connections_refused_total", "Client connections beyond http.max_connections.",
              stats.connections_refused);
  out.counter("ballast_http_requests_refused_total",
              "Requests answered before the chain: malformed, too large, too slow.", stats.requests_refused);
  out.counter("ballast_http_received_bytes_total", "Bytes received from clients, before TLS.", stats.bytes_in);
  out.counter("ballast_http_sent_bytes_total", "Bytes sent to clients, before TLS.", stats.bytes_out);
  out.gauge("ballast_loop_lag_seconds", "How late the event loop that is latest gets to its timers.",
            stats.loop_lag_seconds);

  storage_->visit_stats([&out](std::string_view name, double value, bool counter) {
    const bool total = counter && !name.ends_with("_sum") && !name.ends_with("_count");
    const std::string full = fmt::format("ballast_storage_{}{}", name, total ? "_total" : "");
    if (counter) {
      out.counter(full, "Of the storage engine.", value);
    } else {
      out.gauge(full, "Of the storage engine.", value);
    }
  });

  if (locks_) {
    out.gauge("ballast_locks_waiting", "Requests that wait for a lease.", static_cast<double>(locks_->waiting()));
  }
  out.gauge("ballast_catalog_stale", "1 while the database's schema cannot be read.",
            schema_watch_->problem().empty() ? 0 : 1);
  const auto snapshot = catalog_->load();
  if (snapshot == nullptr) return collect_rest(out);
  out.gauge("ballast_catalog_generation", "Rises with every schema that was loaded.",
            static_cast<double>(snapshot->generation()));
  out.gauge("ballast_catalog_relations", "Tables and views in the catalog.",
            static_cast<double>(snapshot->relations().size()));
  collect_rest(out);
}

void Application::collect_rest(observe::Exposition& out) const {
  out.gauge("ballast_draining", "1 while the server is shutting down.", state_.draining() ? 1 : 0);
  out.family("ballast_build_info", "Always 1; the version is in its label.", observe::MetricKind::gauge);
  out.sample(1.0, {{"version", BALLAST_VERSION}});
  collect_process(out);
}

}  // namespace ballast::server
