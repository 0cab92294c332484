#include "storage/postgres/view_origins.hpp"

#include "storage/postgres/view_columns.hpp"

namespace ballast::storage::postgres {
namespace {

/// Views of views of views…; a cycle, which rules make possible, ends here too.
constexpr int deepest_view = 64;
/// Ways in which one view shows one key.
constexpr std::size_t most_ways = 32;

}  // namespace

Result<void> ViewOrigins::load(PGconn& connection, const std::vector<std::string>& schemas) {
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    SELECT r.ev_class, r.ev_action::text
    FROM pg_catalog.pg_rewrite r
    JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND r.ev_type = '1' AND r.is_instead AND n.nspname = ANY ($1::text[]))",
                                                        {array_literal(schemas)}));
  std::map<Place, Place> origins;
  for (int i = 0; i < rows.size(); ++i) {
    for (const auto& column : view_columns(rows.view(i, 1))) {
      origins[{rows.oid(i, 0), column.column}] = {column.origin, column.origin_column};
    }
  }
  for (const auto& [shown, first] : origins) {
    Place origin = first;
    for (int depth = 0; depth < deepest_view; ++depth) {
      const auto next = origins.find(origin);
      if (next == origins.end()) break;
      origin = next->second;
    }
    shown_by_[origin][shown.first].push_back(shown.second);
  }
  return {};
}

std::vector<ViewOrigins::Shown> ViewOrigins::showing(ObjectId table, const AttributeNumbers& columns) const {
  std::vector<const std::map<ObjectId, AttributeNumbers>*> views;
  for (const std::int64_t column : columns) {
    const auto found = shown_by_.find({table, column});
    if (found == shown_by_.end()) return {};
    views.push_back(&found->second);
  }
  std::vector<Shown> all;
  if (views.empty()) return all;
  for (const auto& [view, first] : *views.front()) {
    std::vector<AttributeNumbers> ways;
    for (const std::int64_t column : first) ways.push_back({column});
    for (std::size_t i = 1; i < views.size() && !ways.empty(); ++i) {
      const auto shown = views[i]->find(view);
      std::vector<AttributeNumbers> longer;
      for (const auto& way : ways) {
        if (shown == views[i]->end()) break;
        for (const std::int64_t column : shown->second) {
          if (longer.size() == most_ways) break;
          longer.push_back(way);
          longer.back().push_back(column);
        }
      }
      ways = std::move(longer);
    }
    for (auto& way : ways) all.push_back({view, std::move(way)});
  }
  return all;
}

}  // namespace ballast::storage::postgres
