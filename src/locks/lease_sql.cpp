#include "locks/lease_sql.hpp"

namespace ballast::locks {
namespace {

// SQLite's moment, the same throughout a statement (unixepoch() has no fractions before 3.42).
#define NOW "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
#define LEASE "token, owner, expires_at, max(expires_at - " NOW ", 0)"

/// The only writer has the database to itself, so nothing needs a lock.
constexpr LeaseSql sqlite{
    .lock = "",
    .clear = "DELETE FROM ballast_lease WHERE name = ?1 AND expires_at <= " NOW,
    .grant = "INSERT INTO ballast_lease (name, owner, expires_at) SELECT ?1, ?2, " NOW
             " + ?3 WHERE NOT EXISTS (SELECT 1 FROM ballast_lease WHERE name = ?1) AND (SELECT count(*) FROM "
             "ballast_lease WHERE owner = ?2 AND expires_at > " NOW ") < ?4 RETURNING " LEASE,
    .holder = "SELECT " LEASE " FROM ballast_lease WHERE name = ?1",
    .count = "SELECT count(*) FROM ballast_lease WHERE owner = ?1 AND expires_at > " NOW,
    .sweep = "DELETE FROM ballast_lease WHERE token IN (SELECT token FROM ballast_lease WHERE expires_at <= " NOW
             " ORDER BY expires_at LIMIT 8)",
    .find = "SELECT " LEASE " FROM ballast_lease WHERE name = ?1 AND expires_at > " NOW,
    .renew = "UPDATE ballast_lease SET expires_at = " NOW
             " + ?4 WHERE name = ?1 AND token = ?2 AND owner = ?3 AND expires_at > " NOW " RETURNING " LEASE,
    .release = "DELETE FROM ballast_lease WHERE name = ?1 AND token = ?2 AND owner = ?3 AND expires_at > " NOW,
    .check_fence = "SELECT 1 FROM ballast_lease WHERE name = ?1 AND token = ?2 AND expires_at > " NOW};

#undef LEASE
#undef NOW

#define LEASE                                                            \
  "token, owner, floor(extract(epoch FROM expires_at) * 1000)::bigint, " \
  "greatest(ceil(extract(epoch FROM expires_at - clock_timestamp()) * 1000), 0)::bigint"

/// A token is drawn while the advisory lock on its name is held, in a statement of its own behind it: otherwise one
/// that was drawn early could be given late, below a token that was given in between. The locks of owners and of names
/// are two spaces and taken in that order, so that no two transactions wait for each other.
///
/// A fence shares the lease's row as a foreign key would: deletions wait for it, renewals do not. `clear` and `sweep`
/// leave such rows alone rather than wait. Where there is none, the text that is no number fails when it is looked at,
/// and with it what was sent behind the check.
constexpr LeaseSql postgres{
    .lock =
        "SELECT pg_advisory_xact_lock(1634954603, hashtext($1::text)), "
        "pg_advisory_xact_lock(1634954604, hashtext($2::text))",
    .clear =
        "DELETE FROM ballast.lease WHERE token IN (SELECT token FROM ballast.lease WHERE name = $1 AND "
        "expires_at <= clock_timestamp() FOR UPDATE SKIP LOCKED)",
    .grant =
        "INSERT INTO ballast.lease (name, owner, expires_at) SELECT $1::text, $2::text, clock_timestamp() + "
        "$3::float8 * interval '1 millisecond' WHERE NOT EXISTS (SELECT 1 FROM ballast.lease WHERE name = "
        "$1::text) AND (SELECT count(*) FROM ballast.lease WHERE owner = $2::text AND expires_at > "
        "statement_timestamp()) < $4::bigint ON CONFLICT (name) DO NOTHING RETURNING " LEASE,
    .holder = "SELECT " LEASE " FROM ballast.lease WHERE name = $1",
    .count = "SELECT count(*) FROM ballast.lease WHERE owner = $1 AND expires_at > statement_timestamp()",
    .sweep =
        "DELETE FROM ballast.lease WHERE token IN (SELECT token FROM ballast.lease WHERE expires_at <= "
        "statement_timestamp() ORDER BY expires_at LIMIT 8 FOR UPDATE SKIP LOCKED)",
    .find = "SELECT " LEASE " FROM ballast.lease WHERE name = $1 AND expires_at > clock_timestamp()",
    .renew =
        "UPDATE ballast.lease SET expires_at = clock_timestamp() + $4::float8 * interval '1 millisecond' WHERE "
        "name = $1 AND token = $2::bigint AND owner = $3 AND expires_at > clock_timestamp() RETURNING " LEASE,
    .release =
        "DELETE FROM ballast.lease WHERE name = $1 AND token = $2::bigint AND owner = $3 AND expires_at > "
        "clock_timestamp()",
    .check_fence =
        "SELECT CASE WHEN EXISTS (SELECT FROM ballast.lease WHERE name = $1 AND token = $2::bigint AND expires_at > "
        "clock_timestamp() FOR KEY SHARE) THEN 1 ELSE ('a lease is not current, says process ' || "
        "pg_backend_pid())::int END"};

#undef LEASE

}  // namespace

const LeaseSql& lease_sql(sql::Engine engine) noexcept { return engine == sql::Engine::sqlite ? sqlite : postgres; }

}  // namespace ballast::locks
