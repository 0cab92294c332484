#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "catalog/snapshot.hpp"
#include "query/operation.hpp"
#include "rest/media_type.hpp"
#include "rest/query_plan.hpp"
#include "rest/syntax.hpp"

/// What an answer looks like, as the Accept header wants it.
namespace ballast::rest {

struct Format {
  Media media = Media::json;
  std::string content_type{rest::content_type(Media::json)};
  std::optional<query::Fold> fold;       ///< makes the body out of the rows; Media::raw then
  std::optional<QueryPlanOptions> plan;  ///< the database's plan instead of its rows
};

/// What an answer may look like beside JSON and CSV.
struct Offers {
  const catalog::Snapshot& snapshot;
  const catalog::Relation* relation = nullptr;  ///< whose rows are answered with; null: no rows
  const catalog::Function* function = nullptr;  ///< that was called
  bool whole_rows = false;                      ///< the rows are the relation's own, nothing selected
  bool plans = false;                           ///< rest.plan_enabled
};

/// Chooses among the media types that the database has handlers for and the builtin ones, which the former override:
/// first those of the relation or function alone, "*/*" before all, then those of any rows. 406 PGRST107 when nothing
/// fits.
Result<Format> choose_format(std::string_view accept, const Offers& offers);

/// What describes the API: JSON by either of its names, as `application/openapi+json` unless asked for otherwise.
Result<Format> choose_root_format(std::string_view accept);

/// Nothing is selected but `*`.
bool selects_all(const Select& select);

}  // namespace ballast::rest
