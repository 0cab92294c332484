#pragma once

#include <sqlite3.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ballast::storage::sqlite {

class Connection;

/// PostgreSQL's LIKE: `%` any text, `_` one character, `\` takes the next character literally; the whole value must
/// match. Time is at most pattern × value; no pattern is catastrophic. `fold` compares ASCII letters without case.
/// A pattern that ends in `\` matches nothing. `metered` (may be null) is charged for long work and may end it: empty.
std::optional<bool> like(std::string_view pattern, std::string_view value, bool fold, Connection* metered);
inline bool like(std::string_view pattern, std::string_view value, bool fold) {
  return *like(pattern, value, fold, nullptr);
}

/// The SQL functions that compiled statements call, deterministic and free of side effects.
///
///     ballast_like(value, pattern)     ballast_ilike(value, pattern)
///     ballast_match(value, regex)      ballast_imatch(value, regex)       RE2; 2201B for a bad expression, 54000 for
///                                                                         one that is too long for its value
///     ballast_number(value, type)      the value, or 22P02 when it is text and no number
///     ballast_moment(value, utc)       a date and time in the one form to compare by
///     ballast_object(descriptor, c1…)  scalar: a JSON object              descriptor as encode::object_descriptor
///     ballast_array(descriptor, c1…)   aggregate: a JSON array of them, '[]' for no rows
///
///     ballast_row_version(c1, …)       a text that differs when any of the values does, NULL and types included
///
/// NULL in, NULL out for the first four. One per connection: it keeps compiled patterns and parsed descriptors.
class Functions {
 public:
  explicit Functions(Connection& connection);
  ~Functions();
  Result<void> add();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast::storage::sqlite
