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

bool asks_for_reload(const PGnotify& notification) {
  const std::string_view channel = notification.relname;
  const std::string_view payload = notification.extra;
  // PostgREST, "Schema cache reloading": an empty payload reloads schema and configuration.
  return channel == "ballast" || payload.empty() || payload == "reload schema";
}

}  // namespace

Result<PGconn*> Service::connection() {
  if (connection_ != nullptr && PQstatus(connection_.get()) == CONNECTION_OK) return connection_.get();
  drop_connection();
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

void Service::drop_connection() {
  socket_.store(-1, std::memory_order_relaxed);
  connection_.reset();
}

void Service::listen(PGconn* connection) {
  if (listening_ || !shared_.settings.prepared) return;
  const ResultHandle standby(PQexec(connection, "SELECT pg_is_in_recovery()"));
  if (PQresultStatus(standby.get()) != PGRES_TUPLES_OK || *PQgetvalue(standby.get(), 0, 0) == 't') return;
  const ResultHandle listens(PQexec(connection, "LISTEN ballast; LISTEN pgrst"));
  listening_ = PQresultStatus(listens.get()) == PGRES_COMMAND_OK;
  if (!listening_) return;
  ++version_;  // what was told before was not heard
  socket_.store(PQsocket(connection), std::memory_order_relaxed);
}

Result<void> Service::run(PGconn* connection, const char* text) {
  const ResultHandle result(PQexec(connection, text));
  if (PQresultStatus(result.get()) != PGRES_FATAL_ERROR) return {};
  const Failure failure = failure_of(result.get());
  if (PQstatus(connection) != CONNECTION_OK) drop_connection();
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
  // Nobody can be listened to on a standby (PostgreSQL manual, section 27.4.1), nor behind a pooler.
  if (shared_.settings.watch_schema || !listening_) BALLAST_CHECKED(look_at_catalogue(open));
  BALLAST_TRY(const bool reload, asked_for_reload(open));
  if (reload) ++version_;
  return version_;
}

Result<void> Service::look_at_catalogue(PGconn* connection) {
  auto fingerprint = schema_fingerprint(*connection, shared_.settings.schemas);
  if (!fingerprint) {
    if (PQstatus(connection) != CONNECTION_OK) drop_connection();
    return std::move(fingerprint).error();
  }
  if (*fingerprint != fingerprint_) ++version_;
  fingerprint_ = *fingerprint;
  return {};
}

Result<bool> Service::asked_for_reload(PGconn* connection) {
  // PostgreSQL manual, NOTIFY: delivered between the receiver's transactions, so with the answer to this at the latest.
  if (listening_) BALLAST_CHECKED(run(connection, ""));
  bool reload = false;
  while (const std::unique_ptr<PGnotify, NotificationDeleter> notification{PQnotifies(connection)}) {
    reload = reload || asks_for_reload(*notification);
  }
  return reload;
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
  drop_connection();
}

}  // namespace ballast::storage::postgres
