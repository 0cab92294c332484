#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace ballast::cli {

/// Creates the demo database: a blog, a shop, a bank, an airline and a video library, the same for the same `scale`;
/// scale 1 is about 100,000 rows. Makes a SQLite file, and refuses one that exists; or the tables in a PostgreSQL
/// database, and refuses one that has some of them. `progress` is told the part done, 0 to 1.
Result<void> create_demo(const std::string& database, std::int64_t scale, const std::function<void(double)>& progress);

}  // namespace ballast::cli
