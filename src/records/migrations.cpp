#include "records/migrations.hpp"

#include <array>

namespace ballast::records {
namespace {

/// Leases (src/locks). Tokens come from one counter that never goes back, so a row may be deleted once its lease is
/// over. SQLite's moments are milliseconds since 1970.
constexpr Migration leases{.sqlite = R"sql(
CREATE TABLE ballast_lease (
  token INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX ballast_lease_owner ON ballast_lease (owner, expires_at);
CREATE INDEX ballast_lease_expiry ON ballast_lease (expires_at);
)sql",
                           .postgres = R"sql(
CREATE TABLE ballast.lease (
  token bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  owner text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX lease_owner ON ballast.lease (owner, expires_at);
CREATE INDEX lease_expiry ON ballast.lease (expires_at);
)sql"};

/// The answers of idempotency keys (src/idempotency). SQLite's moments are seconds since 1970.
constexpr Migration keys{.sqlite = R"sql(
CREATE TABLE ballast_idempotency_key (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,
  body BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (scope, key)
);
CREATE INDEX ballast_idempotency_key_expiry ON ballast_idempotency_key (expires_at);
)sql",
                         .postgres = R"sql(
CREATE TABLE ballast.idempotency_key (
  scope text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  status integer NOT NULL,
  headers text NOT NULL,
  body bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_key_expiry ON ballast.idempotency_key (expires_at);
)sql"};

constexpr std::array all{leases, keys};

}  // namespace

std::span<const Migration> migrations() noexcept { return all; }

}  // namespace ballast::records
