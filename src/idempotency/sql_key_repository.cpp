#include "idempotency/sql_key_repository.hpp"

#include "records/run_statement.hpp"
#include "sql/literal.hpp"

namespace ballast::idempotency {
namespace {

using boost::asio::awaitable;

struct KeySql {
  /// Number, scope, key → held by another, expired, fingerprint, status, headers, body.
  sql::Literal claim;
  sql::Literal find;
  sql::Literal kept;
  /// The same; a row: it is free and taken, an error: it is not. Null: `claim` will do.
  const sql::Literal* take;
  sql::Literal forget;    ///< scope, key; if it has expired: what was committed since it was looked at stays
  sql::Literal complete;  ///< scope, key, fingerprint, status, headers, body, seconds
  sql::Literal prune;     ///< how many
};

/// The only writer has the database to itself: to look is to claim.
constexpr sql::Literal look_sqlite =
    "SELECT 0, expires_at <= unixepoch(), fingerprint, status, headers, body FROM ballast_idempotency_key "
    "WHERE scope = ?2 AND key = ?3 AND ?1 IS NOT NULL";
constexpr KeySql sqlite{
    .claim = look_sqlite,
    .find = look_sqlite,
    .kept = look_sqlite,
    .take = nullptr,
    .forget = "DELETE FROM ballast_idempotency_key WHERE scope = ?1 AND key = ?2 AND expires_at <= unixepoch()",
    .complete =
        "INSERT INTO ballast_idempotency_key (scope, key, fingerprint, status, headers, body, expires_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, unixepoch() + ?7)",
    .prune =
        "DELETE FROM ballast_idempotency_key WHERE rowid IN (SELECT rowid FROM ballast_idempotency_key "
        "WHERE expires_at <= unixepoch() ORDER BY expires_at LIMIT ?1)"};

/// The text that is no number fails when it is looked at, and not when the statement is planned: what it is made of is
/// known only then.
constexpr sql::Literal take_postgres =
    "SELECT CASE WHEN pg_try_advisory_xact_lock($1::bigint) AND NOT EXISTS (SELECT FROM ballast.idempotency_key "
    "WHERE scope = $2 AND key = $3) THEN 1 ELSE ('an Idempotency-Key is in use, says process ' || pg_backend_pid())::int END";
/// What PostgreSQL says of such a text.
constexpr std::string_view no_number = "22P02";

/// The lock is tried, never waited for. A row that was committed between the statement's snapshot and the lock is not
/// seen; the primary key finds out at the end.
constexpr KeySql postgres{
    .claim =
        "SELECT (NOT l.held)::int, (k.expires_at <= statement_timestamp())::int, k.fingerprint, k.status, "
        "k.headers, k.body FROM (SELECT pg_try_advisory_xact_lock($1::bigint) AS held) l "
        "LEFT JOIN ballast.idempotency_key k ON k.scope = $2 AND k.key = $3",
    .find =
        "SELECT l.held::int, (k.expires_at <= statement_timestamp())::int, k.fingerprint, k.status, k.headers, "
        "k.body FROM (SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' "
        "AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) "
        "AND classid::bigint = ($1::bigint >> 32) & 4294967295 AND objid::bigint = $1::bigint & 4294967295 "
        "AND objsubid = 1 AND granted) AS held) l "
        "LEFT JOIN ballast.idempotency_key k ON k.scope = $2 AND k.key = $3",
    .kept =
        "SELECT 0, (expires_at <= statement_timestamp())::int, fingerprint, status, headers, body "
        "FROM ballast.idempotency_key WHERE scope = $2 AND key = $3 AND $1::bigint IS NOT NULL",
    .take = &take_postgres,
    .forget =
        "DELETE FROM ballast.idempotency_key WHERE scope = $1 AND key = $2 AND expires_at <= statement_timestamp()",
    .complete =
        "INSERT INTO ballast.idempotency_key (scope, key, fingerprint, status, headers, body, expires_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, statement_timestamp() + $7::float8 * interval '1 second')",
    .prune =
        "DELETE FROM ballast.idempotency_key WHERE (scope, key) IN (SELECT scope, key "
        "FROM ballast.idempotency_key WHERE expires_at <= statement_timestamp() ORDER BY expires_at "
        "LIMIT $1::bigint FOR UPDATE SKIP LOCKED)"};

class StateRow final : public sql::RowSink {
 public:
  Result<void> row(std::span<const sql::Cell> cells) override {
    const bool busy = records::integer_of(cells[0]) != 0;
    const bool there = cells[2].kind != sql::Cell::Kind::null;
    expired = there && records::integer_of(cells[1]) != 0;
    if (there && !expired) {
      state.stage = KeyState::Stage::done;
      state.fingerprint = cells[2].text;
      state.answer.status = static_cast<int>(records::integer_of(cells[3]));
      state.answer.headers = cells[4].text;
      state.answer.body = records::bytes_of(cells[5]);
    } else if (busy) {
      state.stage = KeyState::Stage::in_flight;
    }
    return {};
  }
  void restart() override {
    state = {};
    expired = false;
  }
  std::size_t bytes() const noexcept override { return state.answer.body.size(); }

  KeyState state;
  bool expired = false;
};

sql::Statement statement(sql::Literal text, std::vector<sql::Param> params, bool writes = true) {
  return {std::string(text.view()), std::move(params), writes};
}

sql::Statement about(sql::Literal text, const Key& key, bool writes = true) {
  return statement(text, {key.number(), key.scope, key.text}, writes);
}

}  // namespace

/// A database that was exchanged under us may have none of our tables.
Error SqlKeyRepository::understand(Error error) {
  if (error.code != "42P01") return error;
  tables_.forget();
  return unavailable("BLST609", "the database's schema changed meanwhile", 1);
}

awaitable<Result<void>> SqlKeyRepository::prepare(storage::Context context) { return tables_.ensure(context.deadline); }

awaitable<Result<KeyState>> SqlKeyRepository::claim(Key key, storage::Context context) {
  const KeySql& sql = postgres() ? idempotency::postgres : sqlite;
  StateRow row;
  auto done = co_await records::run_statement(storage_, about(sql.claim, key), row, context);
  if (!done) co_return understand(std::move(done).error());
  if (row.expired && row.state.stage == KeyState::Stage::unknown) {
    records::NoRows none;
    sql::Statement forget = statement(sql.forget, {key.scope, key.text});
    done = co_await records::run_statement(storage_, std::move(forget), none, context);
    if (!done) co_return understand(std::move(done).error());
  }
  co_return std::move(row.state);
}

awaitable<Result<bool>> SqlKeyRepository::take(Key key, storage::Context context) {
  const KeySql& sql = postgres() ? idempotency::postgres : sqlite;
  if (sql.take == nullptr) {
    auto state = co_await claim(std::move(key), context);
    if (!state) co_return std::move(state).error();
    co_return state->stage == KeyState::Stage::unknown;
  }
  records::NoRows none;
  auto done = co_await records::run_statement(storage_, about(*sql.take, key), none, context);
  if (done) co_return true;
  if (done.error().code == no_number) co_return false;
  co_return understand(std::move(done).error());
}

awaitable<Result<void>> SqlKeyRepository::complete(Key key, std::string fingerprint, StoredAnswer answer,
                                                   std::chrono::seconds ttl, storage::Context context) {
  const KeySql& sql = postgres() ? idempotency::postgres : sqlite;
  records::NoRows none;
  std::vector<sql::Param> params{std::move(key.scope),      std::move(key.text),
                                 std::move(fingerprint),    std::int64_t{answer.status},
                                 std::move(answer.headers), sql::Blob{std::move(answer.body)},
                                 std::int64_t{ttl.count()}};
  auto done = co_await records::run_statement(storage_, statement(sql.complete, std::move(params)), none, context);
  if (done) co_return Result<void>();
  // On PostgreSQL the commit comes with it, and may find out about keys of others that were deferred to it.
  const bool ours = !postgres() || done.error().message.find("idempotency_key") != std::string::npos;
  if (done.error().code == "23505" && ours)
    co_return make_error(409, claimed_meanwhile, "the key was claimed meanwhile");
  co_return understand(std::move(done).error());
}

awaitable<Result<KeyState>> SqlKeyRepository::find(Key key, storage::Context context) {
  co_return co_await read(about(postgres() ? idempotency::postgres.find : sqlite.find, key, false), context);
}

awaitable<Result<KeyState>> SqlKeyRepository::kept(Key key, storage::Context context) {
  co_return co_await read(about(postgres() ? idempotency::postgres.kept : sqlite.kept, key, false), context);
}

awaitable<Result<KeyState>> SqlKeyRepository::read(sql::Statement statement, storage::Context context) {
  auto there = co_await tables_.ensure(context.deadline);
  if (!there) co_return std::move(there).error();
  context.session = nullptr;
  StateRow row;
  auto done = co_await storage_.read(statement, row, context);
  if (!done) co_return understand(std::move(done).error());
  co_return std::move(row.state);
}

awaitable<Result<std::int64_t>> SqlKeyRepository::prune(std::int64_t most, storage::Context context) {
  const KeySql& sql = postgres() ? idempotency::postgres : sqlite;
  records::NoRows none;
  sql::Statement prune = statement(sql.prune, {most});
  auto done = co_await records::run_statement(storage_, std::move(prune), none, context);
  if (!done) co_return understand(std::move(done).error());
  co_return done->affected;
}

}  // namespace ballast::idempotency
