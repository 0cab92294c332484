#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "catalog/holder.hpp"
#include "config/load.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "rest/api.hpp"
#include "server/schema_watch.hpp"
#include "storage/storage.hpp"

namespace ballast::server {

enum class Mode { dev, serve };

/// The composition root: storage → catalog → front ends → listeners, wired once. Made, drained, destroyed on one
/// thread.
class Application {
 public:
  /// Opens the database, reads its schema, listens and starts to answer. An error says what to change.
  static Result<std::unique_ptr<Application>> start(const config::Settings& settings, Mode mode);
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;
  ~Application();

  /// Takes over what can change while running (access rules, log level, certificates) and reads the schema again.
  void reload(const config::Settings& settings);
  /// Stops accepting and waits for the requests in flight; true when none had to be cut after `grace`.
  std::future<bool> drain(Duration grace);

  /// Where it listens, with real ports; the admin listener's address is empty when there is none.
  const std::vector<http::ListenAddress>& addresses() const noexcept { return addresses_; }
  std::string admin_address() const { return admin_address_; }
  const std::string& database() const noexcept { return database_; }
  std::size_t relations() const { return catalog_->load()->relations().size(); }
  const observe::Logger& log() const noexcept { return *log_; }

 private:
  Application(const config::Settings& settings, Mode mode);
  Result<void> open();
  Result<void> listen();
  void make_public_routes();
  void make_admin_routes();
  http::Response ready() const;
  http::Response metrics() const;
  std::shared_ptr<const policy::Rules> rules_of(const config::Settings& settings) const;

  const config::Settings settings_;
  const Mode mode_;
  const http::Chain no_chain_;
  http::Chain chain_;
  std::string database_;
  std::unique_ptr<observe::Logger> log_;
  observe::Metrics metrics_;
  std::unique_ptr<storage::Storage> storage_;
  std::unique_ptr<catalog::Holder> catalog_;
  std::unique_ptr<rest::Api> api_;
  http::ErrorRenderer render_;
  std::atomic<std::shared_ptr<const policy::Rules>> rules_;
  std::atomic<bool> draining_{false};
  std::unique_ptr<http::Router> router_;
  std::unique_ptr<http::Router> admin_router_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::Server> admin_;
  std::unique_ptr<SchemaWatch> watch_;
  std::vector<http::ListenAddress> addresses_;
  std::string admin_address_;
};

/// The path of a `database` setting: `sqlite:PATH`, a path, or ./ballast.db when empty.
std::string database_path(const config::Settings& settings);

}  // namespace ballast::server
