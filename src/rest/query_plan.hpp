#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compile/compile.hpp"
#include "rest/accept.hpp"

/// `application/vnd.pgrst.plan`: how the database would run a request.
namespace ballast::rest {

struct QueryPlanOptions {
  bool json = false;
  bool analyze = false;
  bool verbose = false;
  bool settings = false;
  bool buffers = false;
  bool wal = false;
};

///     plan ::= 'application/vnd.pgrst.plan' [ '+json' | '+text' ] *( ';' parameter )
///     parameter ::= 'for' '=' quoted media type | 'options' '=' option *( '|' option )      unknown options are
///     ignored
std::optional<QueryPlanOptions> query_plan_options(const AcceptRange& range);

/// The Content-Type of a plan for an answer of type `media_type`.
std::string query_plan_type(const QueryPlanOptions& options, std::string_view media_type);

/// Makes the plan's one statement tell how it would be run, line by line in one column. PostgreSQL.
void explain(compile::Plan& plan, const QueryPlanOptions& options);

}  // namespace ballast::rest
