#pragma once

#include <span>

#include "sql/literal.hpp"

namespace ballast::records {

/// One step from a version of Ballast's own tables to the next, in each engine's SQL. Statements end in `;`, which
/// stands nowhere else in the text. A step that was released is never changed: another one follows it.
struct Migration {
  sql::Literal sqlite;
  sql::Literal postgres;
};

/// All of them, the first one's outcome being version 1.
std::span<const Migration> migrations() noexcept;

}  // namespace ballast::records
