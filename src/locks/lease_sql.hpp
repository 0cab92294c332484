#pragma once

#include "sql/dialect.hpp"
#include "sql/literal.hpp"

namespace ballast::locks {

/// The statements about leases in one engine's SQL. Parameters are numbered as they are listed. A lease is given as
/// token, owner, end and time left, both in milliseconds, the end since 1970. Time is the database's.
struct LeaseSql {
  sql::Literal lock;         ///< owner, name: until the transaction ends, nobody else acquires either
  sql::Literal clear;        ///< name: deletes its lease if that is over and no write needs it any more
  sql::Literal grant;        ///< name, owner, ttl, most: gives a lease, or nothing
  sql::Literal holder;       ///< name: whatever lease is there
  sql::Literal count;        ///< owner: how many current ones
  sql::Literal sweep;        ///< deletes some that have been over for longest
  sql::Literal find;         ///< name: the current lease
  sql::Literal renew;        ///< name, token, owner, ttl: gives the lease
  sql::Literal release;      ///< name, token, owner
  sql::Literal check_fence;  ///< name, token: a row if that lease is current
};

const LeaseSql& lease_sql(sql::Engine engine) noexcept;

}  // namespace ballast::locks
