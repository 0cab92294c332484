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

constexpr std::array all{leases};

}  // namespace

std::span<const Migration> migrations() noexcept { return all; }

}  // namespace ballast::records
