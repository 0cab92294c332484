#include "rest/api.hpp"

#include <algorithm>
#include <unordered_map>

#include "encode/count_rows.hpp"
#include "encode/json_rows.hpp"
#include "policy/authorize.hpp"
#include "rest/answer.hpp"
#include "rest/errors.hpp"
#include "rest/estimate.hpp"
#include "rest/functions.hpp"
#include "rest/parameters.hpp"
#include "rest/preferences.hpp"
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

}  // namespace

Api::Api(storage::Storage& storage, const catalog::Holder& catalog, std::shared_ptr<const policy::Rules> rules,
         Settings settings)
    : storage_(storage),
      catalog_(catalog),
      rules_(std::move(rules)),
      settings_(std::move(settings)),
      base_(normalized_base(settings_.path)),
      id_(apis.fetch_add(1, std::memory_order_relaxed)) {}

/// What roles mode keeps at hand while a request is answered.
struct Api::InRole {
  storage::Session session;
  storage::SessionAnswer answer;
};

http::Reply Api::handle(http::Request& request) {
  return settings_.roles ? answer_in_role(request) : answer(request);
}

http::Reply Api::answer_in_role(http::Request& request) {
  const auto own = std::make_shared<InRole>();
  {
    const auto snapshot = catalog_.load();
    const RequestHeaders headers(request);
    const auto schema = schema_of(*snapshot, headers.profile());
    const std::string_view path = request.path.substr(std::min(base_.size(), request.path.size()));
    own->session = session_of(request, path, schema ? schema.value() : snapshot->schemas().front(),
                              rules_.load()->anonymous_role, settings_);
  }
  request.attachment = own;
  auto reply = answer(request);
  http::Response response = co_await std::move(reply);
  request.attachment.reset();
  // PostgREST, "Errors": what an anonymous caller may not do, somebody else might.
  const auto* status = response.find("Proxy-Status");
  if (response.status == 403 && !request.principal.authenticated && status != nullptr && status->ends_with("=42501")) {
    response.status = 401;
    response.set("WWW-Authenticate", "Bearer");
  }
  if (auto applied = apply(own->answer, response); !applied) co_return render_error(applied.error());
  co_return response;
}

http::Reply Api::answer(http::Request& request) {
  const bool calls = reads(request.method) || writes(request.method);
  if (calls && names_function(request.path)) return answer_call(request);
  if (reads(request.method) && names_root(request.path)) {
    if (!settings_.root_function.empty()) return answer_call(request);
    auto answer = describe(request);
    return http::ready(answer ? std::move(answer).value() : render_error(answer.error()));
  }
  if (reads(request.method)) {
    auto read = bound_read(request);
    if (!read) return http::ready(render_error(read.error()));
    return run_read(request, std::move(read).value());
  }
  if (writes(request.method)) return answer_write(request);
  if (request.method == http::Method::options) {
    auto answer = options(request);
    return http::ready(answer ? std::move(answer).value() : render_error(answer.error()));
  }
  return http::ready(render_error(unsupported_method(request.method_name)));
}

PlanCache& Api::plan_cache() {
  // One per thread and Api; an Api's number is never used again.
  thread_local std::unordered_map<std::uint64_t, PlanCache> caches;
  const auto found = caches.find(id_);
  if (found != caches.end()) return found->second;
  return caches.try_emplace(id_, settings_.plan_cache).first->second;
}

storage::Context Api::context_of(const http::Request& request, storage::Session& session) const {
  storage::Context context{request.deadline};
  if (request.attachment != nullptr) {
    auto& own = *static_cast<InRole*>(request.attachment.get());
    // What the request's preferences ask for stands behind its role.
    session.pre_request = own.session.pre_request;
    session.settings.insert(session.settings.begin(), own.session.settings.begin(), own.session.settings.end());
    const bool plain_read = reads(request.method) && !names_function(request.path) && session.pre_request.empty();
    if (!plain_read) context.answer = &own.answer;
  }
  if (!session.settings.empty()) context.session = &session;
  return context;
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

Result<BoundRead> Api::bound_read(http::Request& request) {
  thread_local std::string key;
  const RequestHeaders headers(request);
  auto snapshot = catalog_.load();
  auto rules = rules_.load();
  bool cacheable = settings_.plan_cache > 0;
  if (cacheable) {
    shape_key(request, headers, key);
    cacheable = key.size() <= settings_.plan_cache_key_limit;
  }
  if (cacheable) {
    auto& cache = plan_cache();
    cache.renew(snapshot, rules);
    if (auto plan = cache.find(key)) {
      BoundRead read(std::move(plan));
      BALLAST_CHECKED(bind_values(read.plan(), read.statement(), request.query, storage_.dialect()));
      request.route = read.plan().route;
      return read;
    }
  }
  int slots = 0;
  BALLAST_TRY(auto plan, plan_read(request, headers, *snapshot, *rules, slots));
  if (cacheable && rebindable(plan->plan, slots)) plan_cache().insert(key, plan);
  return BoundRead(std::move(plan));
}

Result<std::shared_ptr<ReadPlan>> Api::plan_read(http::Request& request, const RequestHeaders& headers,
                                                 const catalog::Snapshot& snapshot, const policy::Rules& rules,
                                                 int& slots) {
  BALLAST_TRY(const Target target, parse_target(request.path, base_));
  BALLAST_TRY(const std::string schema, schema_of(snapshot, headers.profile()));
  const auto preferences = parse_preferences(headers.prefer());
  BALLAST_CHECKED(check_preferences(preferences));
  BALLAST_TRY(const Parameters parameters, parse_parameters(request.query, settings_));
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
  const query::Operation operation(std::move(read));
  BALLAST_CHECKED(policy::authorize(operation, request.principal, rules));
  BALLAST_TRY(plan->plan, compile::compile(operation, snapshot, storage_.dialect()));
  if (plan->format.plan) explain(plan->plan, *plan->format.plan);
  plan->writer.emplace(plan->plan.shape.root);
  plan->head = request.method == http::Method::head;
  plan->offset = page.offset;
  plan->count = preferences.counting();
  Heeded heeded;
  heeded.transaction = settings_.allow_tx_rollback;
  heeded.timezone = postgres();
  if (postgres()) plan->timezone = preferences.timezone.value_or(std::string());
  plan->preference_applied = preference_applied(preferences, heeded);
  if (snapshot.schemas().size() > 1) plan->content_profile = schema;
  slots = parameters.slots;
  return plan;
}

http::Reply Api::run_read(http::Request& request, BoundRead read) {
  const ReadPlan& plan = read.plan();
  storage::Session session;
  if (!plan.timezone.empty()) session.settings.emplace_back("timezone", plan.timezone);
  const storage::Context context = context_of(request, session);
  if (plan.head) {
    encode::CountRows rows(plan.plan.shape);
    const auto outcome = co_await storage_.read(read.statement(), rows, context);
    if (!outcome) co_return render_error(outcome.error());
    const auto total = co_await total_of(plan, rows.facts(), context);
    if (!total) co_return render_error(total.error());
    co_return read_answer(request, plan, rows.facts(), *total, Spool());
  }
  if (plan.format.plan || plan.format.media == Media::csv || plan.format.media == Media::raw) {
    const auto rows = body_rows(plan.format, plan.plan.shape, false, settings_);
    const auto outcome = co_await storage_.read(read.statement(), *rows, context);
    if (!outcome) co_return render_error(outcome.error());
    if (auto finished = rows->finish(); !finished) co_return render_error(finished.error());
    const auto total = co_await total_of(plan, rows->facts(), context);
    if (!total) co_return render_error(total.error());
    co_return read_answer(request, plan, rows->facts(), *total, rows->take_body());
  }
  encode::JsonRows rows(plan.plan.shape, *plan.writer, {is_single(plan.format.media), strips_nulls(plan.format.media)},
                        spool_limits(settings_));
  const auto outcome = co_await storage_.read(read.statement(), rows, context);
  if (!outcome) co_return render_error(outcome.error());
  if (auto finished = rows.finish(); !finished) co_return render_error(finished.error());
  if (!plan.plan.estimate) co_return read_answer(request, plan, rows.facts(), rows.facts().total(), rows.take_body());
  const auto total = co_await total_of(plan, rows.facts(), context);
  if (!total) co_return render_error(total.error());
  co_return read_answer(request, plan, rows.facts(), *total, rows.take_body());
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
