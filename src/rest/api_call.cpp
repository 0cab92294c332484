#include <utility>

#include "encode/count_rows.hpp"
#include "policy/authorize.hpp"
#include "rest/answer.hpp"
#include "rest/api.hpp"
#include "rest/errors.hpp"
#include "rest/functions.hpp"
#include "rest/parameters.hpp"
#include "rest/preferences.hpp"
#include "rest/to_call.hpp"
#include "rest/write_unit.hpp"

namespace ballast::rest {

/// One call, from its plan to its answer. Lives in the reply's frame.
struct Api::Call {
  catalog::SnapshotPtr snapshot;
  const catalog::Function* function = nullptr;
  compile::Plan plan;
  Format format;
  bool head = false;
  bool counts_rows = false;  ///< the rows that come are all there are
  std::uint64_t offset = 0;
  std::string applied;
  std::string timezone;
  std::string search_path;
  std::string content_profile;
  std::optional<std::int64_t> max_affected;
  bool roll_back = false;

  /// One value or one object instead of an array.
  bool single() const { return is_single(format.media) || !function->returns_set; }
  bool conditional() const { return max_affected.has_value() || is_single(format.media); }

  /// Refuses an outcome that the client did not want.
  Result<void> accept(const encode::RowFacts& facts) const;
  http::Response answer(const encode::RowFacts& facts, Spool body) const;
};

Result<void> Api::Call::accept(const encode::RowFacts& facts) const {
  if (format.plan) return {};
  if (max_affected && facts.rows() > *max_affected) return too_many_affected(facts.rows());
  if (is_single(format.media) && function->returns_set && facts.rows() != 1) return not_one_row(facts.rows());
  const std::int64_t total = facts.total().value_or(-1);
  if (total >= 0 && static_cast<std::int64_t>(offset) > total) return beyond_the_end(offset, total);
  return {};
}

http::Response Api::Call::answer(const encode::RowFacts& facts, Spool body) const {
  if (format.plan) return plan_answer(format, std::move(body));
  const std::int64_t rows = facts.rows();
  const std::int64_t total = counts_rows ? rows : facts.total().value_or(-1);
  const auto first = static_cast<std::int64_t>(offset);
  http::Response answer;
  answer.status = function->returns_void ? 204 : total >= 0 && rows < total ? 206 : 200;
  answer.headers.reserve(8);
  if (!function->returns_void) answer.add("Content-Type", format.content_type);
  answer.add("Content-Range", content_range(first, first + rows - 1, total));
  if (!content_profile.empty()) answer.add("Content-Profile", content_profile);
  if (!applied.empty()) answer.add("Preference-Applied", applied);
  if (head || function->returns_void) return answer;
  if (rows == 0 && single() && format.media != Media::raw) {
    answer.body = std::string("null");
  } else {
    answer.body = body_of(std::move(body));
  }
  return answer;
}

bool Api::names_function(std::string_view path) const {
  return path.starts_with(base_) && path.substr(base_.size()).starts_with("/rpc/");
}

std::string_view Api::route_of(const catalog::Function& function) {
  std::string route = base_ + "/rpc/" + function.name;
  const std::lock_guard lock(routes_mutex_);
  return *routes_.insert(std::move(route)).first;
}

Result<std::unique_ptr<Api::Call>> Api::plan_call(http::Request& request) {
  const RequestHeaders headers(request);
  auto call = std::make_unique<Call>();
  call->snapshot = catalog_.load();
  const auto& snapshot = *call->snapshot;
  const bool posts = request.method == http::Method::post;
  if (!posts && request.method != http::Method::get && request.method != http::Method::head) {
    return make_error(405, "PGRST101",
                      "Cannot use the " + std::string(http::to_string(request.method)) + " method on RPC")
        .with_header("Allow", "OPTIONS,GET,HEAD,POST");
  }
  BALLAST_TRY(Target target, parse_target(request.path, base_));
  const bool root = target.kind == Target::Kind::root;
  if (root) target.name = settings_.root_function;
  BALLAST_TRY(const std::string schema, schema_of(snapshot, headers.profile()));
  const Preferences preferences = parse_preferences(headers.prefer());
  BALLAST_CHECKED(check_preferences(preferences));
  Passed passed;
  std::string filters;
  if (!posts) { BALLAST_TRY(passed, passed_in_query(request.query, filters)); }
  BALLAST_TRY(const Parameters parameters, parse_parameters(posts ? request.query : filters, settings_));
  if (posts) {
    BALLAST_TRY(const CallBody type, call_body(headers.content_type()));
    BALLAST_TRY(passed, passed_in_body(type, std::move(request.body), parameters.columns, settings_));
  }
  request.watch.lap(http::Phase::parse);
  BALLAST_TRY(call->function, find_function(snapshot, schema, target.name, passed));
  const catalog::Function& function = *call->function;
  request.route = route_of(function);
  call->head = request.method == http::Method::head;
  // There, nothing could keep it from changing what it likes.
  if (!posts && request.within != nullptr && function.volatility == catalog::Volatility::volatile_) {
    return make_error(405, "25006", "a function that may change something is called by POST within a transaction")
        .with_header("Allow", "OPTIONS,POST");
  }
  if (preferences.strict() && preferences.max_affected) {
    if (!function.returns_set) {
      return make_error(400, "PGRST128",
                        "Function must return SETOF or TABLE when max-affected preference is used with "
                        "handling=strict");
    }
    call->max_affected = preferences.max_affected;
  }
  BALLAST_TRY(const Page page, page_of(request, headers, parameters));
  call->offset = page.offset;
  // A guess would be one about the function's rows, which no planner knows.
  query::Count count = preferences.counting();
  if (count != query::Count::none) count = query::Count::exact;
  const bool whole = !page.limit && page.offset == 0 && settings_.max_rows == 0;
  call->counts_rows = whole && count != query::Count::none;
  if (whole) count = query::Count::none;

  const Resolution with{snapshot, settings_, storage_.dialect().engine() == sql::Engine::sqlite};
  BALLAST_TRY(query::Call operation, to_call(with, function, std::move(passed), parameters, page, count));
  const auto* relation = snapshot.relation(function.returns_schema, function.returns_relation);
  const Offers offers{snapshot, relation, &function, selects_all(parameters.select),
                      postgres() && settings_.plan_enabled};
  BALLAST_TRY(call->format, root ? choose_root_format(headers.accept()) : choose_format(headers.accept(), offers));
  operation.result.fold = call->format.fold;
  operation.result.as_text = call->format.media == Media::csv;
  operation.read_only = !posts || function.volatility != catalog::Volatility::volatile_;
  const query::Operation whatever(std::move(operation));
  const auto rules = rules_.load();
  BALLAST_CHECKED(policy::authorize(whatever, request.principal, *rules));
  BALLAST_TRY(call->plan, compile::compile(whatever, snapshot, storage_.dialect()));
  if (call->format.plan) explain(call->plan, *call->format.plan);
  Heeded heeded;
  heeded.transaction = settings_.allow_tx_rollback;
  heeded.max_affected = true;
  heeded.timezone = true;
  call->timezone = preferences.timezone.value_or(std::string());
  call->applied = preference_applied(preferences, heeded);
  call->roll_back = rolls_back(preferences, settings_);
  if (snapshot.schemas().size() > 1) call->content_profile = schema;
  if (sessions_.roles()) call->search_path = sessions_.search_path(schema);
  return call;
}

http::Reply Api::answer_call(http::Request& request) {
  auto call = plan_call(request);
  request.watch.lap(http::Phase::plan);
  if (!call) return http::ready(refused(request, call.error()));
  return run_call(request, std::move(call).value());
}

http::Reply Api::run_call(http::Request& request, std::unique_ptr<Call> call) {
  const auto& plan = call->plan;
  encode::CountRows counted(plan.shape);
  std::unique_ptr<encode::BodyRows> rows;
  const bool shown = !call->head && (call->format.plan || !call->function->returns_void);
  if (shown) rows = body_rows(call->format, plan.shape, call->single(), settings_);
  sql::RowSink& sink = rows != nullptr ? static_cast<sql::RowSink&>(*rows) : counted;
  const encode::RowFacts& facts = rows != nullptr ? rows->facts() : counted.facts();
  const auto complete = [&]() -> Result<void> {
    BALLAST_CHECKED(call->accept(facts));
    return rows != nullptr ? rows->finish() : Result<void>();
  };
  SessionLoan loan;
  SessionWishes wishes{call->search_path, call->timezone};
  // A GET must not change anything, whatever the function says about itself.
  wishes.read_only =
      !plan.writes && call->function->volatility == catalog::Volatility::volatile_ && request.within == nullptr;
  const storage::Context context = context_of(request, wishes, true, loan);
  if (plan.writes) {
    WriteTerms terms;
    terms.roll_back = call->roll_back;
    terms.defers = true;
    WriteUnit unit(plan, sink, terms, nullptr, nullptr);
    unit.before_commit(complete, call->conditional());
    const auto done = co_await storage_.transact(unit, context);
    request.watch.lap(http::Phase::transaction);
    if (!done) co_return refused(request, done.error());
  } else {
    const auto outcome = co_await storage_.read(plan.statements.front(), sink, context);
    request.watch.lap(http::Phase::transaction);
    if (!outcome) co_return refused(request, outcome.error());
    if (auto done = complete(); !done) co_return refused(request, done.error());
  }
  co_return finished(request, call->answer(facts, rows != nullptr ? rows->take_body() : Spool()), &loan);
}

}  // namespace ballast::rest
