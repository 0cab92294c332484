#pragma once

#include <span>
#include <string_view>

namespace ballast::cli {

/// The statements that make the demo database, in order; the first parameter of those that have one is the scale. Both
/// engines hold the same rows in the end; the full text table is SQLite's alone.
std::span<const std::string_view> demo_for_sqlite();
std::span<const std::string_view> demo_for_postgres();

}  // namespace ballast::cli
