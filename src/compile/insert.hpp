#pragma once

#include "compile/compile.hpp"

namespace ballast::compile {

Result<Plan> compile_insert(const query::Insert& insert, const catalog::Snapshot& snapshot,
                            const sql::Dialect& dialect);

}  // namespace ballast::compile
