#include "catalog/relation.hpp"

#include <algorithm>

namespace ballast::catalog {

const Column* Relation::column(std::string_view wanted) const noexcept {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == wanted; });
  return found == columns.end() ? nullptr : &*found;
}

const ComputedColumn* Relation::computed_column(std::string_view wanted) const noexcept {
  const auto found = std::find_if(computed_columns.begin(), computed_columns.end(),
                                  [&](const ComputedColumn& c) { return c.name == wanted; });
  return found == computed_columns.end() ? nullptr : &*found;
}

std::string_view to_string(Cardinality cardinality) noexcept {
  switch (cardinality) {
    case Cardinality::many_to_one:
      return "many-to-one";
    case Cardinality::one_to_many:
      return "one-to-many";
    case Cardinality::one_to_one:
      return "one-to-one";
    case Cardinality::many_to_many:
      return "many-to-many";
  }
  return "";
}

}  // namespace ballast::catalog
