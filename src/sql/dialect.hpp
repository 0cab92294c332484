#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ballast::sql {

enum class Engine { sqlite, postgres };

/// What differs between engines in the text of SQL. Stateless; the two instances are constants.
/// Clause-level differences live in src/compile beside the clause, switched on `engine()`.
class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual Engine engine() const noexcept = 0;
  virtual std::string_view name() const noexcept = 0;  ///< "sqlite", "postgres"
  /// Appends the placeholder of the n-th parameter, counted from 1: `?n` or `$n`.
  virtual void placeholder(std::string& out, std::size_t n) const = 0;
};

const Dialect& sqlite() noexcept;
const Dialect& postgres() noexcept;

/// Appends `name` quoted as an identifier (double quotes, doubled inside). Same for both engines.
void quote_identifier(std::string& out, std::string_view name);

}  // namespace ballast::sql
