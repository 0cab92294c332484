#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compile/compile.hpp"
#include "encode/json_rows.hpp"
#include "encode/tree_rows.hpp"
#include "rest/format.hpp"
#include "rest/page.hpp"

namespace ballast::rest {

/// Everything about a read that its shape decides: made once, used for every request that differs only in the values
/// it compares with. Belongs to one worker thread.
struct ReadPlan {
  compile::Plan plan;
  std::optional<encode::ObjectWriter> writer;  ///< of the plan's rows otherwise
  std::optional<encode::TreeWriter> tree;      ///< of a plan with levels
  Format format;
  bool head = false;
  bool digests = false;  ///< the one row's tag covers what is shown of it: HEAD makes the body, too
  std::uint64_t offset = 0;
  query::Count count = query::Count::none;
  std::string preference_applied;
  std::string timezone;                               ///< empty: the database's
  std::string search_path;                            ///< in roles mode
  std::string content_profile;                        ///< empty: not told
  std::string_view route;                             ///< interned by the Api
  std::vector<std::unique_ptr<sql::Statement>> idle;  ///< statements whose values may be replaced
};

/// A plan and a statement of its own to bind values in; gives the statement back in the end.
class BoundRead {
 public:
  explicit BoundRead(std::shared_ptr<ReadPlan> plan);
  BoundRead(BoundRead&&) noexcept = default;
  BoundRead& operator=(BoundRead&&) = delete;
  ~BoundRead();

  ReadPlan& plan() const noexcept { return *plan_; }
  sql::Statement& statement() const noexcept { return *statement_; }

 private:
  std::shared_ptr<ReadPlan> plan_;
  std::unique_ptr<sql::Statement> statement_;
};

/// Can values be replaced: does every numbered value of the operation have a place?
bool rebindable(const compile::Plan& plan, int slots);

/// Replaces the values of `statement` by those of a raw query string of the same shape.
Result<void> bind_values(const ReadPlan& plan, sql::Statement& statement, std::string_view query,
                         const sql::Dialect& dialect);

}  // namespace ballast::rest
