#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "catalog/snapshot.hpp"
#include "rest/settings.hpp"
#include "sql/statement.hpp"

namespace ballast::cli {

/// A request as it is written on a command line.
struct ExplainRequest {
  std::string line;  ///< "GET /rest/v1/posts?id=eq.1"
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct Explained {
  std::string operation;                                          ///< query::print; reads only, else empty
  std::map<std::string, std::vector<sql::Statement>> statements;  ///< by dialect: "sqlite", "postgres"
  std::map<std::string, std::string> errors;                      ///< by dialect: the answer instead
};

/// What the REST API would ask each engine for. 400 when `line` is no request.
Result<Explained> explain(const ExplainRequest& request, catalog::SnapshotPtr snapshot, const rest::Settings& settings);

}  // namespace ballast::cli
