#include "storage/postgres/service.hpp"

#include <charconv>
#include <chrono>
#include <string_view>

#include "storage/postgres/introspect.hpp"

namespace ballast::storage::postgres {
namespace {

struct NotificationDeleter {
  void operator()(PGnotify* notification) const noexcept { PQfreemem(notification); }
};

/// Where nobody can be listened to: on a standby (PostgreSQL manual, section 27.4.1), and behind a pooler.
constexpr std::chrono::seconds look_interval{5};

bool asks_for_reload(const PGnotify& notification) {
  const std::string_view channel = notification.relname;
  const std::string_view payload = notification.extra;
  // PostgREST, "Schema cache reloading": an empty payload reloads schema and configuration.
  return channel == "ballast" || payload.empty() || payload == "reload schema";
}

}  // namespace

Result<PGconn*> Service::connection() {
  if (connection_ != nullptr && PQstatus(connection_.get()) == CONNECTION_OK) return connection_.get();
  connection_.reset();
  // What is set behind a pooler stays on a connection that goes to others.
  const bool own = shared_.settings.prepared;
  BALLAST_TRY(connection_,
              shared_.connector.connect_blocking(own ? std::vector<std::string>{"SET statement_timeout = '5s'"}
                                                     : std::vector<std::string>{}));
  ++version_;
  listening_ = false;
  const ResultHandle limits(PQexec(connection_.get(),
                                   "SELECT current_setting('max_connections')::int - "
                                   "current_setting('superuser_reserved_connections')::int"));
  if (PQresultStatus(limits.get()) == PGRES_TUPLES_OK) {
    const std::string_view text = PQgetvalue(limits.get(), 0, 0);
    std::size_t limit = 0;
    std::from_chars(text.data(), text.data() + text.size(), limit);
    shared_.server_limit.store(limit, std::memory_order_relaxed);
  }
  return connection_.get();
}

void Service::listen(PGconn* connection) {
  if (listening_ || !shared_.settings.prepared) return;
  const ResultHandle standby(PQexec(connection, "SELECT pg_is_in_recovery()"));
  if (PQresultStatus(standby.get()) != PGRES_TUPLES_OK || *PQgetvalue(standby.get(), 0, 0) == 't') return;
  const ResultHandle listens(PQexec(connection, "LISTEN ballast; LISTEN pgrst"));
  listening_ = PQresultStatus(listens.get()) == PGRES_COMMAND_OK;
  if (listening_) ++version_;  // what was told before was not heard
}

Result<void> Service::run(PGconn* connection, const char* text) {
  const ResultHandle result(PQexec(connection, text));
  if (PQresultStatus(result.get()) != PGRES_FATAL_ERROR) return {};
  const Failure failure = failure_of(result.get());
  if (PQstatus(connection) != CONNECTION_OK) connection_.reset();
  return map_failure(failure);
}

Result<catalog::SnapshotPtr> Service::introspect() {
  BALLAST_TRY(const std::int64_t version, schema_version());
  BALLAST_TRY(const ConnectionHandle own, shared_.connector.connect_blocking({}));
  return postgres::introspect(*own, shared_.settings.schemas, shared_.settings.search_path, version,
                              shared_.settings.tables);
}

Result<std::int64_t> Service::schema_version() {
  const std::lock_guard lock(mutex_);
  BALLAST_TRY(PGconn* const open, connection());
  listen(open);
  const auto now = std::chrono::steady_clock::now();
  if (shared_.settings.watch_schema || (!listening_ && now >= next_look_)) {
    next_look_ = now + look_interval;
    auto fingerprint = schema_fingerprint(*open, shared_.settings.schemas);
    if (!fingerprint) {
      if (PQstatus(open) != CONNECTION_OK) connection_.reset();
      return std::move(fingerprint).error();
    }
    if (*fingerprint != fingerprint_) ++version_;
    fingerprint_ = *fingerprint;
  }
  if (PQconsumeInput(open) == 0) {
    connection_.reset();
    return unreachable();
  }
  bool reload = false;
  while (const std::unique_ptr<PGnotify, NotificationDeleter> notification{PQnotifies(open)}) {
    reload = reload || asks_for_reload(*notification);
  }
  if (reload) ++version_;
  return version_;
}

Result<void> Service::ping() {
  const std::lock_guard lock(mutex_);
  BALLAST_TRY(PGconn* const open, connection());
  auto answered = run(open, "SELECT 1");
  if (answered || connection_ != nullptr) return answered;
  // The connection was an old one: is the server there?
  BALLAST_TRY(PGconn* const again, connection());
  return run(again, "SELECT 1");
}

void Service::close() {
  const std::lock_guard lock(mutex_);
  connection_.reset();
}

}  // namespace ballast::storage::postgres
