#include "rest/api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "encode/count_rows.hpp"
#include "encode/json_rows.hpp"
#include "encode/tree_body.hpp"
#include "policy/authorize.hpp"
#include "rest/answer.hpp"
#include "rest/errors.hpp"
#include "rest/estimate.hpp"
#include "rest/functions.hpp"
#include "rest/parameters.hpp"
#include "rest/preferences.hpp"
#include "rest/row_tag.hpp"
#include "rest/session.hpp"
#include "rest/to_query.hpp"

namespace ballast::rest {
namespace {

std::atomic<std::uint64_t> apis{0};

bool reads(http::Method method) { return method == http::Method::get || method == http::Method::head; }

bool writes(http::Method method) {
  return method == http::Method::post || method == http::Method::patch || method == http::Method::put ||
         method == http::Method::del;
}

/// Server-Timing as PostgREST spells it, in milliseconds.
void tell_times(http::Stopwatch& watch, http::Response& response) {
  constexpr std::array<std::string_view, 5> names = {"jwt", "parse", "plan", "transaction", "response"};
  watch.lap(http::Phase::response);
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::chrono::duration<double, std::milli> took = watch.laps()[i];
    text += fmt::format("{}{};dur={:.1f}", i == 0 ? "" : ", ", names[i], took.count());
  }
  response.set("Server-Timing", std::move(text));
}

}  // namespace

Api::Api(storage::Storage& storage, const catalog::Holder& catalog, std::shared_ptr<const policy::Rules> rules,
         Settings settings)
    : storage_(storage),
      catalog_(catalog),
      rules_(std::move(rules)),
      settings_(std::move(settings)),
      base_(normalized_base(settings_.path)),
      sessions_(settings_, base_),
      id_(apis.fetch_add(1, std::memory_order_relaxed)) {}

http::Reply Api::handle(http::Request& request) {
  if (auto allowed = sessions_.check(request.principal); !allowed) {
    return http::ready(refused(request, allowed.error()));
  }
  const bool calls = reads(request.method) || writes(request.method);
  if (calls && names_function(request.path)) return answer_call(request);
  if (reads(request.method) && names_root(request.path)) {
    if (!settings_.root_function.empty()) return answer_call(request);
    return http::ready(finished(request, describe(request)));
  }
  if (reads(request.method)) {
    auto read = bound_read(request, request.within == nullptr);
    request.watch.lap(http::Phase::plan);
    if (!read) return http::ready(refused(request, read.error()));
    return run_read(request, std::move(read).value());
  }
  if (writes(request.method)) return answer_write(request);
  if (request.method == http::Method::options) return http::ready(finished(request, options(request)));
  return http::ready(refused(request, unsupported_method(request.method_name)));
}

PlanCache& Api::plan_cache() {
  // One per thread and Api; an Api's number is never used again.
  thread_local std::unordered_map<std::uint64_t, PlanCache> caches;
  const auto found = caches.find(id_);
  if (found != caches.end()) return found->second;
  return caches.try_emplace(id_, settings_.plan_cache).first->second;
}

storage::Context Api::context_of(const http::Request& request, const SessionWishes& wishes, bool listens,
                                 SessionLoan& loan) const {
  storage::Context context{request.deadline};
  context.within = request.within;
  const bool wishes_something = !wishes.timezone.empty() || wishes.read_only;
  if (!sessions_.roles() && !wishes_something) return context;
  sessions_.write(
      loan.session(), request, wishes,
      request.principal.role.empty() ? std::string_view(rules_.load()->anonymous_role) : std::string_view());
  if (request.within != nullptr) {
    // What an earlier request of the transaction left for its own answer is not this one's.
    loan.session().settings.emplace_back("response.headers", "");
    loan.session().settings.emplace_back("response.status", "");
  }
  context.session = &loan.session();
  if (sessions_.roles() && (listens || sessions_.pre_request())) context.answer = &loan.answer();
  return context;
}

http::Response Api::refused(http::Request& request, const Error& error) const {
  http::Response answer = render_error(error, settings_.terse_errors);
  // What an anonymous caller may not do, somebody else might (PostgREST, "Errors").
  if (sessions_.roles() && error.status == 403 && error.code == "42501" && !request.principal.authenticated) {
    answer.status = 401;
    answer.set("WWW-Authenticate", "Bearer");
  }
  if (request.watch.running()) tell_times(request.watch, answer);
  return answer;
}

http::Response Api::finished(http::Request& request, Result<http::Response> answer, const SessionLoan* loan) const {
  if (!answer) return refused(request, answer.error());
  http::Response response = std::move(answer).value();
  if (loan != nullptr && loan->answered() != nullptr) {
    if (auto applied = apply(*loan->answered(), response); !applied) return refused(request, applied.error());
  }
  if (request.watch.running()) tell_times(request.watch, response);
  return response;
}

std::string_view Api::route_of(const catalog::Relation& relation) {
  std::string route = base_ + "/" + relation.name;
  const std::lock_guard lock(routes_mutex_);
  return *routes_.insert(std::move(route)).first;
}

Result<std::string> Api::schema_of(const catalog::Snapshot& snapshot, std::string_view profile) const {
  const auto& schemas = snapshot.schemas();
  if (profile.empty()) return schemas.empty() ? std::string("public") : schemas.front();
  if (std::find(schemas.begin(), schemas.end(), profile) != schemas.end()) return std::string(profile);
  std::string exposed;
  for (const auto& schema : schemas) exposed.append(exposed.empty() ? "" : ", ").append(schema);
  return make_error(406, "PGRST106", "Invalid schema: " + std::string(profile))
      .with_hint("Only the following schemas are exposed: " + exposed);
}

Result<BoundRead> Api::bound_read(http::Request& request, bool as_tree) {
  thread_local std::string key;
  const RequestHeaders headers(request);
  auto snapshot = catalog_.load();
  auto rules = rules_.load();
  bool cacheable = settings_.plan_cache > 0 && !request.lock;
  if (cacheable) {
    // In roles mode the row's version is shown to those who may see what it is made of.
    const bool tagged = sessions_.roles() && headers.accept().find("vnd.pgrst.object") != std::string_view::npos;
    shape_key(request, headers, !rules->open || tagged, key);
    cacheable = key.size() <= settings_.plan_cache_key_limit;
  }
  if (cacheable) {
    auto& cache = plan_cache();
    cache.renew(snapshot, rules);
    if (auto plan = as_tree ? cache.find(key) : nullptr) {
      BoundRead read(std::move(plan));
      BALLAST_CHECKED(bind_values(read.plan(), read.statement(), request.query, storage_.dialect()));
      request.route = read.plan().route;
      return read;
    }
  }
  int slots = 0;
  BALLAST_TRY(auto plan, plan_read(request, headers, *snapshot, *rules, slots, as_tree));
  if (cacheable && rebindable(plan->plan, slots)) plan_cache().insert(key, plan);
  return BoundRead(std::move(plan));
}

Result<std::shared_ptr<ReadPlan>> Api::plan_read(http::Request& request, const RequestHeaders& headers,
                                                 const catalog::Snapshot& snapshot, const policy::Rules& rules,
                                                 int& slots, bool as_tree) {
  BALLAST_TRY(const Target target, parse_target(request.path, base_));
  BALLAST_TRY(const std::string schema, schema_of(snapshot, headers.profile()));
  const auto preferences = parse_preferences(headers.prefer());
  BALLAST_CHECKED(check_preferences(preferences));
  BALLAST_TRY(const Parameters parameters, parse_parameters(request.query, settings_));
  request.watch.lap(http::Phase::parse);
  const auto* relation = snapshot.relation(schema, target.name);
  if (relation == nullptr) return unknown_relation(snapshot, schema, target.name);
  auto plan = std::make_shared<ReadPlan>();
  plan->route = route_of(*relation);
  request.route = plan->route;
  const Offers offers{snapshot, relation, nullptr, selects_all(parameters.select),
                      postgres() && settings_.plan_enabled};
  BALLAST_TRY(plan->format, choose_format(headers.accept(), offers));
  BALLAST_TRY(const Page page, page_of(request, headers, parameters));
  const Resolution with{snapshot, settings_, storage_.dialect().engine() == sql::Engine::sqlite};
  BALLAST_TRY(query::Read read, to_read(with, *relation, parameters, page, preferences.counting()));
  read.fold = plan->format.fold;
  read.as_text = plan->format.media == Media::csv;
  const bool json = plan->format.media == Media::json || plan->format.media == Media::object;
  read.as_tree = as_tree && postgres() && json && !plan->format.plan;
  const bool single = is_single(plan->format.media) && json && !plan->format.plan;
  read.versioned = single && may_see_versions(request, snapshot, rules, *relation);
  plan->digests = read.versioned && needs_digest(read, plan->format, postgres() && preferences.timezone);
  read.lock = request.lock;
  const query::Operation operation(std::move(read));
  BALLAST_CHECKED(policy::authorize(operation, request.principal, rules));
  BALLAST_TRY(plan->plan, compile::compile(operation, snapshot, storage_.dialect()));
  if (plan->format.plan) explain(plan->plan, *plan->format.plan);
  if (plan->plan.shape.levels.empty()) {
    plan->writer.emplace(plan->plan.shape.root);
  } else {
    plan->tree.emplace(plan->plan.shape);
  }
  plan->head = request.method == http::Method::head;
  plan->offset = page.offset;
  plan->count = preferences.counting();
  Heeded heeded;
  heeded.transaction = settings_.allow_tx_rollback;
  heeded.timezone = postgres();
  if (postgres()) plan->timezone = preferences.timezone.value_or(std::string());
  plan->preference_applied = preference_applied(preferences, heeded);
  if (snapshot.schemas().size() > 1) plan->content_profile = schema;
  if (sessions_.roles()) plan->search_path = sessions_.search_path(schema);
  slots = parameters.slots;
  return plan;
}

http::Reply Api::run_read(http::Request& request, BoundRead read) {
  const ReadPlan& plan = read.plan();
  SessionLoan loan;
  const storage::Context context =
      context_of(request, {plan.search_path, plan.timezone}, plan.format.fold.has_value(), loan);
  if (plan.head && !plan.digests) {
    encode::CountRows rows(plan.plan.shape);
    const auto outcome = co_await storage_.read(read.statement(), rows, context);
    if (!outcome) co_return refused(request, outcome.error());
    const auto total = co_await total_of(plan, rows.facts(), context);
    request.watch.lap(http::Phase::transaction);
    if (!total) co_return refused(request, total.error());
    co_return finished(request, read_answer(request, plan, rows.facts(), *total, Spool()), &loan);
  }
  if (plan.format.plan || plan.format.media == Media::csv || plan.format.media == Media::raw) {
    const auto rows = body_rows(plan.format, plan.plan.shape, false, settings_);
    const auto outcome = co_await storage_.read(read.statement(), *rows, context);
    if (!outcome) co_return refused(request, outcome.error());
    if (auto done = rows->finish(); !done) co_return refused(request, done.error());
    const auto total = co_await total_of(plan, rows->facts(), context);
    request.watch.lap(http::Phase::transaction);
    if (!total) co_return refused(request, total.error());
    co_return finished(request, read_answer(request, plan, rows->facts(), *total, rows->take_body()), &loan);
  }
  if (plan.tree) {
    encode::TreeBody rows(plan.plan.shape, *plan.tree, is_single(plan.format.media), settings_.tree_limit,
                          spool_limits(settings_));
    const auto outcome = co_await storage_.read(read.statement(), rows, context);
    request.watch.lap(http::Phase::transaction);
    if (!outcome && outcome.error().code == encode::tree_too_large) {
      // From now on the database makes the lists of requests of this shape.
      auto again = bound_read(request, false);
      if (!again) co_return refused(request, again.error());
      http::Reply other = run_read(request, std::move(again).value());
      co_return co_await std::move(other);
    }
    if (!outcome) co_return refused(request, outcome.error());
    if (auto done = rows.finish(); !done) co_return refused(request, done.error());
    co_return finished(request, read_answer(request, plan, rows.facts(), std::nullopt, rows.take_body()), &loan);
  }
  encode::JsonRows rows(plan.plan.shape, *plan.writer, {is_single(plan.format.media), strips_nulls(plan.format.media)},
                        spool_limits(settings_));
  const auto outcome = co_await storage_.read(read.statement(), rows, context);
  request.watch.lap(http::Phase::transaction);
  if (!outcome) co_return refused(request, outcome.error());
  if (auto done = rows.finish(); !done) co_return refused(request, done.error());
  if (!plan.plan.estimate) {
    co_return finished(request, read_answer(request, plan, rows.facts(), rows.facts().total(), rows.take_body()),
                       &loan);
  }
  const auto total = co_await total_of(plan, rows.facts(), context);
  request.watch.lap(http::Phase::transaction);
  if (!total) co_return refused(request, total.error());
  co_return finished(request, read_answer(request, plan, rows.facts(), *total, rows.take_body()), &loan);
}

boost::asio::awaitable<Result<std::optional<std::int64_t>>> Api::total_of(const ReadPlan& plan,
                                                                          const encode::RowFacts& facts,
                                                                          storage::Context context) {
  const auto counted = facts.total();
  if (!plan.plan.estimate) co_return counted;
  EstimateSink estimate;
  const auto outcome = co_await storage_.read(*plan.plan.estimate, estimate, context);
  if (!outcome) co_return outcome.error();
  co_return std::optional(estimated_total(plan.count, counted, estimate.rows(), settings_.max_rows));
}

Result<http::Response> Api::options(http::Request& request) {
  const RequestHeaders headers(request);
  const auto snapshot = catalog_.load();
  BALLAST_TRY(const Target target, parse_target(request.path, base_));
  BALLAST_TRY(const std::string schema, schema_of(*snapshot, headers.profile()));
  http::Response answer;
  if (target.kind == Target::Kind::root) {
    answer.add("Allow", "OPTIONS,GET,HEAD");
    return answer;
  }
  if (target.kind == Target::Kind::function) {
    std::string allowed = allowed_methods(*snapshot, schema, target.name);
    if (allowed.empty()) return unknown_function(schema, target.name);
    answer.add("Allow", std::move(allowed));
    return answer;
  }
  const auto* relation = snapshot->relation(schema, target.name);
  if (relation == nullptr) return unknown_relation(*snapshot, schema, target.name);
  request.route = route_of(*relation);
  answer.add("Allow", allowed_methods(*relation));
  return answer;
}

}  // namespace ballast::rest
