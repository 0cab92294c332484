#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/postgres/catalogue.hpp"

namespace ballast::storage::postgres {

using AttributeNumbers = std::vector<std::int64_t>;

/// Which views show which tables' columns unchanged, through views of views too, so that the tables' keys hold for them
/// (PostgREST, "Foreign Key Joins on Views"). Only views in `schemas` are followed ("… on Chains of Views"), whatever
/// the schema of the tables.
class ViewOrigins {
 public:
  Result<void> load(PGconn& connection, const std::vector<std::string>& schemas);

  struct Shown {
    ObjectId view = 0;
    AttributeNumbers columns;  ///< the view's, in the order of those that were asked for
  };
  /// The views that show all these columns of the table. A column that a view shows several times gives as many
  /// answers, in the order of the view's columns, up to a bound.
  std::vector<Shown> showing(ObjectId table, const AttributeNumbers& columns) const;

 private:
  using Place = std::pair<ObjectId, std::int64_t>;                  // relation and attribute number
  std::map<Place, std::map<ObjectId, AttributeNumbers>> shown_by_;  // table's column → view → its columns
};

}  // namespace ballast::storage::postgres
