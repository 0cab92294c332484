#pragma once

#include "compile/context.hpp"

namespace ballast::compile {

/// ` LIMIT … OFFSET …`, both bound.
void write_page(sql::Writer& out, const query::Read& read);

}  // namespace ballast::compile
