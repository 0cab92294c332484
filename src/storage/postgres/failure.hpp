#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace ballast::storage::postgres {

/// What the server says of a statement that failed (PostgreSQL manual, section 55.8), or libpq of a connection that is
/// gone; then `sqlstate` is empty.
struct Failure {
  std::string sqlstate;
  std::string message;
  std::string details;
  std::string hint;
  std::string source_function;  ///< in the server's C code: tells apart what shares a SQLSTATE, whatever the language
  bool fatal = false;           ///< the server ended the connection with it

  bool lost() const noexcept { return sqlstate.empty() || fatal; }
  /// A prepared statement that is unknown (26000: DISCARD, a pooler), that is there although it was taken for unknown
  /// (42P05), or whose result would have another shape (0A000 from the plan cache): run again, it is in order.
  bool stale_plan() const noexcept;
  /// Ended by a short time limit: `statement_timeout` or `lock_timeout`.
  bool timed_out() const noexcept { return sqlstate == "57014" || sqlstate == "55P03"; }
  /// The whole transaction may be run again: serialization failure or deadlock.
  bool repeatable() const noexcept { return sqlstate == "40001" || sqlstate == "40P01"; }
};

/// The status as PostgREST documents it for SQLSTATEs ("Errors", HTTP status codes), except that what passes is 503
/// with Retry-After. `PT` codes carry a status of their own; code `PGRST` carries a whole answer as JSON.
Error map_failure(const Failure& failure);

/// 503 BLST701: there is no connection, and none can be had now.
Error unreachable();
/// 503 BLST702: no connection became free in time.
Error no_connection_free();
/// 504 BLST504: the deadline passed; nothing was changed.
Error deadline_passed();
/// 503 BLST609: the plan went stale again and again.
Error schema_in_motion();
/// 502 BLST720: the connection was lost while a transaction was being committed; it may have been or not.
Error commit_uncertain();

}  // namespace ballast::storage::postgres
