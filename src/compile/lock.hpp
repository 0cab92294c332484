#pragma once

#include "base/result.hpp"
#include "compile/select.hpp"

namespace ballast::compile {

/// A read that locks, ordered by the relation's key behind its own order, so that requests which lock the same rows in
/// the same order wait for each other instead of getting in each other's way. 400 0A000 for what has no rows of its own
/// to lock: a relation without a key, views, aggregates.
Result<query::Read> in_order_of_locks(query::Read read, const catalog::Snapshot& snapshot);

/// ` FOR UPDATE OF t0 NOWAIT` …, or nothing: SQLite's only writer has nobody to lock rows against.
void write_lock(sql::Writer& out, const query::Read& read, const Select& select);

}  // namespace ballast::compile
