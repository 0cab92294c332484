#pragma once

#include "base/result.hpp"
#include "compile/context.hpp"

namespace ballast::compile {

/// Full text search: `@@` on PostgreSQL, an FTS5 table on SQLite (the relation's own rows when it is one, else the
/// one that indexes it). 0A000 with a hint where there is none.
Result<void> write_full_text(sql::Writer& out, Context& context, const Scope& scope, const query::FullText& node);

}  // namespace ballast::compile
