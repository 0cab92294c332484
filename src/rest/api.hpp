#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/published.hpp"
#include "catalog/holder.hpp"
#include "encode/row_facts.hpp"
#include "http/handler.hpp"
#include "policy/rules.hpp"
#include "rest/openapi_cache.hpp"
#include "rest/plan_cache.hpp"
#include "rest/session.hpp"
#include "rest/settings.hpp"
#include "rest/target.hpp"
#include "rest/to_query.hpp"
#include "storage/storage.hpp"

namespace ballast::rest {

/// PostgREST's dialect over one database. Thread-safe; outlives the replies it gave.
class Api {
 public:
  Api(storage::Storage& storage, const catalog::Holder& catalog, std::shared_ptr<const policy::Rules> rules,
      Settings settings);

  /// Answers a request whose path lies under `settings.path`. Errors are answers too.
  http::Reply handle(http::Request& request);

  /// From the next request on.
  void set_rules(std::shared_ptr<const policy::Rules> rules) { rules_.store(std::move(rules)); }
  const Settings& settings() const noexcept { return settings_; }

 private:
  struct Write;
  struct Call;

  Result<std::string> schema_of(const catalog::Snapshot& snapshot, std::string_view profile) const;
  Result<std::shared_ptr<ReadPlan>> plan_read(http::Request& request, const RequestHeaders& headers,
                                              const catalog::Snapshot& snapshot, const policy::Rules& rules, int& slots,
                                              bool as_tree);
  /// `as_tree`: an answer with lists may be put together here.
  Result<BoundRead> bound_read(http::Request& request, bool as_tree = true);
  http::Reply run_read(http::Request& request, BoundRead read);
  /// All rows that a read found, as far as its client wants to know.
  boost::asio::awaitable<Result<std::optional<std::int64_t>>> total_of(const ReadPlan& plan,
                                                                       const encode::RowFacts& facts,
                                                                       storage::Context context);
  Result<std::unique_ptr<Write>> plan_write(http::Request& request);
  Result<query::Update> plan_row_updates(Write& write, const Resolution& with, const catalog::Relation& relation,
                                         const Parameters& parameters, Payload payload);
  void demand(Write& write, query::Operation& operation, const catalog::Relation& relation, bool sees) const;
  /// In roles mode: may the caller read what the relation's versions are made of? A caller who may not is not told any.
  bool may_see_versions(const http::Request& request, const catalog::Snapshot& snapshot, const policy::Rules& rules,
                        const catalog::Relation& relation) const;
  /// 412 or 409 with the rows as they are, for a write that found none of the versions it demands; nothing when there
  /// is no such row at all, which is no failure of If-Match with tags on PATCH and DELETE.
  boost::asio::awaitable<std::optional<http::Response>> stale_answer(const http::Request& request, const Write& write,
                                                                     storage::Context context);
  http::Reply answer_write(http::Request& request);
  http::Reply run_write(http::Request& request, std::unique_ptr<Write> write);
  /// Under which conditions the request's statements run; `listens` to what the transaction says of the answer. The
  /// loan outlives the statements.
  storage::Context context_of(const http::Request& request, const SessionWishes& wishes, bool listens,
                              SessionLoan& loan) const;
  http::Response refused(http::Request& request, const Error& error) const;
  http::Response finished(http::Request& request, Result<http::Response> answer,
                          const SessionLoan* loan = nullptr) const;
  bool postgres() const noexcept { return storage_.dialect().engine() == sql::Engine::postgres; }
  bool names_function(std::string_view path) const;
  bool names_root(std::string_view path) const;
  OpenApiCache::Text description(const catalog::SnapshotPtr& snapshot, const std::string& schema,
                                 const policy::Principal& principal);
  Result<http::Response> describe(http::Request& request);
  Result<std::unique_ptr<Call>> plan_call(http::Request& request);
  http::Reply answer_call(http::Request& request);
  http::Reply run_call(http::Request& request, std::unique_ptr<Call> call);
  Result<http::Response> options(http::Request& request);
  std::string_view route_of(const catalog::Relation& relation);
  std::string_view route_of(const catalog::Function& function);
  PlanCache& plan_cache();

  storage::Storage& storage_;
  const catalog::Holder& catalog_;
  Published<policy::Rules> rules_;
  const Settings settings_;
  const std::string base_;
  const Sessions sessions_;
  const std::uint64_t id_;
  OpenApiCache descriptions_;
  std::mutex routes_mutex_;
  std::set<std::string, std::less<>> routes_;  // grows by the relations ever seen, never shrinks: views stay valid
};

}  // namespace ballast::rest
