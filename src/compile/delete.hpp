#pragma once

#include "compile/compile.hpp"

namespace ballast::compile {

Result<Plan> compile_delete(const query::Delete& remove, const catalog::Snapshot& snapshot,
                            const sql::Dialect& dialect);

}  // namespace ballast::compile
