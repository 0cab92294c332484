#include "rest/query_plan.hpp"

#include <algorithm>

namespace ballast::rest {
namespace {

struct Option {
  std::string_view word;
  std::string_view sql;
  bool QueryPlanOptions::*flag;
};

// In the order in which the Content-Type repeats them.
constexpr Option all_options[] = {
    {"analyze", ", ANALYZE", &QueryPlanOptions::analyze},
    {"verbose", ", VERBOSE", &QueryPlanOptions::verbose},
    {"settings", ", SETTINGS", &QueryPlanOptions::settings},
    {"buffers", ", BUFFERS", &QueryPlanOptions::buffers},
    {"wal", ", WAL", &QueryPlanOptions::wal},
};

}  // namespace

std::optional<QueryPlanOptions> query_plan_options(const AcceptRange& range) {
  QueryPlanOptions options;
  options.json = range.is("application/vnd.pgrst.plan+json");
  if (!options.json && !range.is("application/vnd.pgrst.plan") && !range.is("application/vnd.pgrst.plan+text")) {
    return std::nullopt;
  }
  for (std::string_view rest = range.parameter("options"); !rest.empty();) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    for (const Option& option : all_options) {
      if (rest.substr(0, end) == option.word) options.*option.flag = true;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return options;
}

std::string query_plan_type(const QueryPlanOptions& options, std::string_view media_type) {
  std::string type = options.json ? "application/vnd.pgrst.plan+json" : "application/vnd.pgrst.plan+text";
  type.append("; for=\"").append(media_type).append("\"");
  bool first = true;
  for (const Option& option : all_options) {
    if (!(options.*option.flag)) continue;
    type.append(first ? "; options=" : "|").append(option.word);
    first = false;
  }
  return type.append("; charset=utf-8");
}

void explain(compile::Plan& plan, const QueryPlanOptions& options) {
  std::string text = options.json ? "EXPLAIN (FORMAT JSON" : "EXPLAIN (FORMAT TEXT";
  for (const Option& option : all_options) {
    if (options.*option.flag) text.append(option.sql);
  }
  sql::Statement& statement = plan.statements.front();
  statement.text = text.append(") ").append(statement.text);
  plan.returns_rows = true;
  plan.shape = {};
  plan.shape.root.bare = true;
  plan.shape.root.members.emplace_back(encode::Field{"QUERY PLAN", 0, catalog::Kind::text, -1, true});
}

}  // namespace ballast::rest
