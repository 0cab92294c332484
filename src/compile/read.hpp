#pragma once

#include "compile/compile.hpp"
#include "compile/context.hpp"
#include "compile/select.hpp"

namespace ballast::compile {

Result<Plan> compile_read(const query::Read& read, const catalog::Snapshot& snapshot, const sql::Dialect& dialect);

/// Writes the read of `select` in its order and within its page, with all cells of `shape`: those of the total too
/// when the read counts. Rows that are folded come as one row.
Result<void> write_read(sql::Writer& out, Context& context, const query::Read& read, const Select& select,
                        encode::Shape& shape);

/// `SELECT count(*) AS total …`: of all rows, whatever the page.
void write_total(sql::Writer& out, const query::Read& read, const Select& select);

/// A column's value as a cell of a Location header.
void add_location_cells(sql::Writer& out, encode::Shape& shape, const Scope& scope,
                        const std::vector<std::string>& columns, int first_cell);

}  // namespace ballast::compile
