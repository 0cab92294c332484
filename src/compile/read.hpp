#pragma once

#include "compile/compile.hpp"
#include "compile/context.hpp"

namespace ballast::compile {

Result<Plan> compile_read(const query::Read& read, const catalog::Snapshot& snapshot, const sql::Dialect& dialect);

/// A column's value as a cell of a Location header.
void add_location_cells(sql::Writer& out, encode::Shape& shape, const Scope& scope,
                        const std::vector<std::string>& columns, int first_cell);

}  // namespace ballast::compile
