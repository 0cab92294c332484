#pragma once

#include "base/published.hpp"
#include "catalog/snapshot.hpp"

namespace ballast::catalog {

/// Where the current snapshot stands. A reader takes its own reference and keeps it for the whole request; a reload
/// swaps the pointer and never waits for anybody.
using Holder = Published<Snapshot>;

}  // namespace ballast::catalog
