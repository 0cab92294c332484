#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "batch/endpoint.hpp"
#include "catalog/holder.hpp"
#include "config/load.hpp"
#include "graphql/endpoint.hpp"
#include "graphql/service.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "idempotency/endpoint.hpp"
#include "idempotency/guard.hpp"
#include "idempotency/sql_key_repository.hpp"
#include "locks/endpoint.hpp"
#include "locks/sql_lease_repository.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "records/tables.hpp"
#include "rest/api.hpp"
#include "server/admin.hpp"
#include "server/dispatcher.hpp"
#include "server/schema_watch.hpp"
#include "server/state.hpp"
#include "storage/storage.hpp"

namespace ballast::server {

/// What an embedding program adds to what Ballast serves.
struct Extensions {
  std::vector<std::function<void(http::Router&)>> routes;
  /// Behind Ballast's own middlewares, in order; made anew whenever the chain is.
  std::vector<std::function<std::unique_ptr<http::Middleware>()>> middlewares;
};

struct Options {
  config::Loaded loaded;  ///< without problems
  /// Gathers the settings again, for `reload`. Empty: the settings stay as they are.
  std::function<config::Loaded()> load_again;
  /// Everybody may do everything; only on loopback.
  bool development = false;
  Extensions extensions;
};

/// The composition root: storage → catalog → REST, GraphQL and leases → chain → listeners. Made (which opens the
/// database), started, reloaded as often as wanted, drained, destroyed. Not thread-safe, apart from what says so.
class Application {
 public:
  /// An error says what to do about it.
  static Result<std::unique_ptr<Application>> make(Options options);
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;
  ~Application();

  /// Listens and serves. Takes over sockets passed by the service manager instead of the `listen` addresses.
  Result<void> start();
  /// Settings, certificates and schema, from their sources. What cannot be taken over is logged and left as it was.
  void reload();
  /// Stops accepting and finishes what is under way, for `shutdown.grace` at most. Ready when that is done.
  std::future<bool> begin_drain();

  /// Calls `alive` once every worker's loop has got to it; on the last one's thread.
  void heartbeat(std::function<void()> alive);

  /// With their real ports: public ones, and the admin listener's ("" without one). After `start`.
  const std::vector<http::ListenAddress>& addresses() const noexcept { return addresses_; }
  const http::ListenAddress& admin_address() const noexcept { return admin_address_; }
  const config::Settings& settings() const noexcept { return running_.settings; }
  const observe::Logger& log() const noexcept { return *log_; }
  catalog::SnapshotPtr catalog() const { return catalog_->load(); }
  /// For show: without a password.
  const std::string& database() const noexcept { return database_; }
  bool development() const noexcept { return options_.development; }
  /// PostgreSQL's roles decide who may do what.
  bool roles() const noexcept { return roles_; }
  bool tls() const noexcept { return !running_.settings.http.tls.certificate.empty(); }

 private:
  explicit Application(Options options);
  Result<void> open();
  Result<void> open_graphql(const std::shared_ptr<const policy::Rules>& rules, const rest::Settings& sessions);
  void route_graphql();
  void open_locks();
  void route_locks();
  void open_guard();
  void route_idempotency();
  void open_batch(const rest::Settings& dialect);
  Result<void> use_settings(const config::Loaded& loaded);
  Result<std::shared_ptr<const http::Chain>> make_chain(const config::Settings& settings) const;
  bool asks_grants() const noexcept { return !options_.development && !roles_; }
  /// Are the grants about what is there? Nothing to check where they do not count.
  Result<void> check_names(const config::Settings& settings, const catalog::Snapshot& snapshot) const;
  Result<void> listen();
  Result<void> listen_admin();
  void build_router();
  void collect(observe::Exposition& out) const;
  void collect_rest(observe::Exposition& out) const;
  http::Server::Hooks hooks();
  void refuse_reload(const std::vector<config::Problem>& problems);
  void warn_of_restart(const config::Settings& next) const;

  Options options_;
  config::Loaded running_;
  const bool roles_;
  std::string database_;
  http::ErrorRenderer render_;
  State state_;
  observe::Metrics metrics_;
  std::unique_ptr<observe::Logger> log_;
  // Down to http_, in the order in which each needs what stands above it.
  std::unique_ptr<storage::Storage> storage_;
  std::unique_ptr<records::Tables> tables_;
  std::unique_ptr<catalog::Holder> catalog_;
  std::unique_ptr<rest::Api> api_;
  std::unique_ptr<graphql::Service> graphql_;  // null: it is switched off
  std::unique_ptr<graphql::Endpoint> graphql_endpoint_;
  std::unique_ptr<locks::LeaseRepository> leases_;  // null: they are switched off
  std::unique_ptr<locks::Service> locks_;
  std::unique_ptr<locks::Endpoint> locks_endpoint_;
  std::unique_ptr<idempotency::KeyRepository> keys_;  // null: they are switched off
  std::unique_ptr<idempotency::Guard> guard_;
  std::unique_ptr<idempotency::Endpoint> keys_endpoint_;
  std::unique_ptr<batch::Endpoint> batch_;  // null: it is switched off
  std::unique_ptr<http::Router> router_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<SchemaWatch> schema_watch_;
  std::unique_ptr<Admin> admin_;
  const http::Chain no_chain_;
  std::unique_ptr<http::Server> admin_http_;
  std::unique_ptr<http::Server> http_;
  std::vector<http::ListenAddress> addresses_;
  http::ListenAddress admin_address_;
};

/// The rules that the settings state; open where something else decides, or nothing.
policy::Rules rules_of(const config::Settings& settings, bool open);
/// Does each request take its caller's role? On PostgreSQL, when the anonymous role was named.
bool roles_mode(const config::Loaded& loaded);

/// The documents of `graphql.persisted`; an error says what is wrong with the file.
Result<graphql::RegisteredDocuments> read_documents(const std::string& path);

/// `sqlite:PATH` or PATH → the path; empty: ./ballast.db.
std::string database_path(const std::string& setting);

/// Opens the database that the settings name; an error says what to do about it.
/// `report` is told of a PostgreSQL server that goes and comes, on any thread.
Result<std::unique_ptr<storage::Storage>> open_storage(const config::Settings& settings,
                                                       std::function<void(std::string_view)> report = {});
bool is_postgres(const config::Settings& settings);

}  // namespace ballast::server
