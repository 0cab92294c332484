#pragma once

#include "compile/compile.hpp"

namespace ballast::compile {

Result<Plan> compile_update(const query::Update& update, const catalog::Snapshot& snapshot,
                            const sql::Dialect& dialect);

}  // namespace ballast::compile
