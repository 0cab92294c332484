#pragma once

#include "compile/context.hpp"

namespace ballast::compile {

/// As a parameter: no more than the engines can count.
std::int64_t clamped(std::uint64_t value);

/// ` LIMIT … OFFSET …`, both bound.
void write_page(sql::Writer& out, const query::Read& read);

}  // namespace ballast::compile
