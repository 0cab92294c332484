#pragma once

#include "compile/context.hpp"

/// What tells one version of a row from another, as text without a dot or a quote:
///
///     the declared version column                                    t0."version"::text
///     PostgreSQL, a table with a key: who wrote it, with the key     md5(ROW(t0.xmin, t0."id")::text)
///     else a hash of all its columns                                 md5((t0.*)::text)
namespace ballast::compile {

void write_row_version(sql::Writer& out, const Scope& scope);

/// `, "version" = t0."version" + 1`, or nothing where no version column is declared.
void write_version_increment(sql::Writer& out, const Scope& scope);

/// 400 BLST420 when a client wants to write the version column itself.
Result<void> check_version_unset(const Scope& scope, const std::vector<std::string>& columns);

}  // namespace ballast::compile
