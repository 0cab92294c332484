#include "graphql/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <iterator>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "compile/compile.hpp"
#include "graphql/coerce.hpp"
#include "graphql/compatible_messages.hpp"
#include "graphql/compatible_validation.hpp"
#include "graphql/cost.hpp"
#include "graphql/mutation_unit.hpp"
#include "graphql/parser.hpp"
#include "graphql/problem_json.hpp"
#include "graphql/refusal.hpp"
#include "graphql/root_field.hpp"
#include "graphql/shaping.hpp"
#include "graphql/validate.hpp"
#include "graphql/writing.hpp"
#include "json/writer.hpp"
#include "policy/authorize.hpp"

namespace ballast::graphql {
namespace {

constexpr std::string_view bad_request = "BAD_REQUEST";

BuildOptions options_of(const Settings& settings) {
  return {.extensions = settings.extensions && settings.errors == Settings::Errors::full,
          .introspection = settings.introspection,
          .directives = settings.directives};
}

Problem about(const Error& error, Position at, std::string_view key) {
  return {error.message, {at}, error.code, {std::string(key)}};
}
Problem about(const Error& error, const CollectedField& field) { return about(error, field.at, field.key); }

/// The operation of that name, or the only one (specification section 6.1, GetOperation).
std::variant<const Operation*, Problem> choose(const Document& document, std::string_view name) {
  if (name.empty()) {
    if (document.operations.size() == 1) return &document.operations.front();
    return Problem{document.operations.empty() ? "Must provide an operation."
                                               : "Must provide operation name if query contains multiple operations.",
                   {},
                   std::string(bad_request),
                   {}};
  }
  const auto found = std::ranges::find(document.operations, name, &Operation::name);
  if (found != document.operations.end()) return &*found;
  return Problem{"Unknown operation named \"" + std::string(name) + "\".", {}, std::string(bad_request), {}};
}

/// As pg_graphql tells them: the first of each root field, in the fields' order.
void keep_first_of_each_field(Problems& problems) {
  std::set<std::string> seen;
  std::erase_if(problems, [&](const Problem& problem) {
    return !seen.insert(problem.path.empty() ? std::string() : problem.path.front()).second;
  });
  std::ranges::stable_sort(problems, {}, [](const Problem& problem) {
    return problem.at.empty() ? std::pair(0U, 0U) : std::pair(problem.at.front().line, problem.at.front().column);
  });
}

bool refused(const Problems& problems, std::string_view root_field) {
  return std::ranges::any_of(
      problems, [&](const Problem& problem) { return !problem.path.empty() && problem.path.front() == root_field; });
}

void append(Problems& problems, Problems more) {
  problems.insert(problems.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// PostgreSQL manual, appendix A: class 42 is a name that is not there, or one that the role may not use.
bool does_not_fit(const Error& error) { return error.code.starts_with("42"); }

/// Waits until the catalog is as new as the database, but no longer than a client would.
boost::asio::awaitable<void> caught_up(catalog::Freshness& freshness) {
  constexpr std::chrono::seconds patience{2};
  auto timer = std::make_shared<boost::asio::steady_timer>(co_await boost::asio::this_coro::executor, patience);
  freshness.catch_up([timer] { boost::asio::post(timer->get_executor(), [timer] { timer->cancel(); }); });
  co_await timer->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

/// `"key":`, after the brace or the value before it.
void append_key(std::string& json, std::string_view key) {
  if (json.back() != '{') json += ',';
  json::append_string(json, key);
  json += ':';
}

/// A field whose value is known beforehand.
class ConstantField final : public FieldWrite {
 public:
  explicit ConstantField(std::string json) : json_(std::move(json)) {}
  Result<std::optional<storage::UnitOfWork::Run>> next() override { return std::optional<storage::UnitOfWork::Run>(); }
  void restart() override {}
  void write_value(std::string& out) override { out += json_; }

 private:
  std::string json_;
};

}  // namespace

/// Everything of a request that has to outlive its statements.
struct Service::Prepared {
  std::shared_ptr<const policy::Rules> rules;
  SchemaPtr schema;
  std::shared_ptr<const CheckedDocument> checked;
  const Operation* operation = nullptr;
  Variables variables;
  std::optional<Collector> collector;
  std::optional<Reader> reader;
  std::vector<CollectedField> fields;
  Slots slots;
};

Service::Service(storage::Storage& storage, const catalog::Holder& catalog, catalog::Freshness& freshness,
                 std::shared_ptr<const policy::Rules> rules, Settings settings, const rest::Settings& session_settings,
                 bool by_privileges)
    : storage_(storage),
      catalog_(catalog),
      freshness_(freshness),
      rules_(std::move(rules)),
      settings_(std::move(settings)),
      sessions_(session_settings, ""),
      by_privileges_(by_privileges),
      schemas_(options_of(settings_), by_privileges),
      documents_(settings_.document_cache),
      queries_(settings_.document_cache) {}

Outcome Service::refused(const Problems& problems, int status) const {
  Outcome outcome;
  outcome.status = status;
  outcome.body = problems_body(problems, settings_.errors);
  return outcome;
}

Outcome Service::unfit(const Problems& problems) const {
  Outcome outcome = refused(problems);
  outcome.by_schema = true;
  return outcome;
}

Outcome Service::failed(const Problems& problems) const {
  Outcome outcome;
  outcome.stage = Outcome::Stage::executed;
  outcome.body = "{\"data\":null,\"errors\":";
  append_problems(outcome.body, problems, settings_.errors);
  outcome.body += '}';
  return outcome;
}

storage::Context Service::context_of(const http::Request& request, bool read_only, rest::SessionLoan& loan) const {
  storage::Context context{request.deadline};
  context.within = request.within;
  if (!sessions_.roles()) return context;
  rest::SessionWishes wishes;
  const auto snapshot = catalog_.load();
  const std::string path = sessions_.search_path(
      snapshot == nullptr || snapshot->schemas().empty() ? "public" : snapshot->schemas().front());
  wishes.search_path = path;
  wishes.read_only = read_only && request.within == nullptr;
  sessions_.write(
      loan.session(), request, wishes,
      request.principal.role.empty() ? std::string_view(rules_.load()->anonymous_role) : std::string_view());
  context.session = &loan.session();
  if (sessions_.pre_request()) context.answer = &loan.answer();
  return context;
}

boost::asio::awaitable<Outcome> Service::execute(Ask ask, http::Request& request) {
  // pg_graphql reads its schema in the request's own transaction.
  if (compatible() && freshness_.behind() && request.within == nullptr) co_await caught_up(freshness_);
  const auto snapshot = catalog_.load();
  Outcome outcome = co_await attempt(ask, request, snapshot);
  if (!outcome.by_schema || request.within != nullptr) co_return outcome;
  co_await caught_up(freshness_);
  auto newest = catalog_.load();
  if (newest == snapshot) co_return outcome;
  co_return co_await attempt(ask, request, newest);
}

boost::asio::awaitable<Outcome> Service::attempt(const Ask& ask, http::Request& request,
                                                 const catalog::SnapshotPtr& snapshot) {
  if (const auto allowed = sessions_.check(request.principal); !allowed) {
    co_return refused({problem_of(allowed.error())}, allowed.error().status);
  }
  Prepared prepared;
  prepared.rules = rules_.load();
  if (snapshot == nullptr) {
    Outcome outcome = refused({{"the database is not reachable yet", {}, "BLST701", {}}}, 503);
    outcome.retry_after = "1";
    co_return outcome;
  }
  prepared.schema = schemas_.of(request.principal, snapshot, prepared.rules);
  if (compatible() && !prepared.schema->broken_directive().empty()) {
    co_return unfit({{compatible_messages::broken_directive(prepared.schema->broken_directive()), {}, "", {}}});
  }
  prepared.checked = documents_.find(ask.query, prepared.schema);
  if (prepared.checked == nullptr) {
    auto checked = std::make_shared<CheckedDocument>();
    checked->schema = prepared.schema;
    auto parsed = parse(ask.query, settings_.parse);
    if (auto* problem = std::get_if<Problem>(&parsed)) co_return refused({std::move(*problem)});
    checked->document = std::move(std::get<Document>(parsed));
    checked->problems = compatible() ? validate_compatibly(checked->document, *prepared.schema, settings_.validation)
                                     : validate(checked->document, *prepared.schema, settings_.validation);
    const bool sound = checked->problems.empty();
    for (std::size_t i = 0; sound && i < checked->document.operations.size(); ++i) {
      const Operation& operation = checked->document.operations[i];
      checked->slots.emplace_back(operation, checked->document, *prepared.schema);
    }
    prepared.checked = checked;
    documents_.insert(std::string(ask.query), std::move(checked));
  }
  if (!prepared.checked->problems.empty()) co_return unfit(prepared.checked->problems);
  auto chosen = choose(prepared.checked->document, ask.operation_name);
  if (auto* problem = std::get_if<Problem>(&chosen)) {
    if (compatible()) problem->message = compatible_messages::operation_not_found;
    co_return refused({std::move(*problem)});
  }
  prepared.operation = std::get<const Operation*>(chosen);
  const OperationType type = prepared.operation->type;
  if (type == OperationType::subscription) {
    const std::string_view message =
        compatible() ? compatible_messages::subscription : "subscriptions are not available on this server";
    co_return refused({{std::string(message), {prepared.operation->at}, std::string(bad_request), {}}});
  }
  if (type == OperationType::mutation && ask.read_only) {
    co_return refused({{"a mutation has to be sent by POST", {prepared.operation->at}, std::string(bad_request), {}}},
                      405);
  }
  if (type == OperationType::mutation && prepared.schema->mutation() == nullptr) {
    Outcome outcome = failed(
        {{std::string(compatible_messages::no_mutation), {prepared.operation->at}, std::string(bad_request), {}}});
    outcome.by_schema = true;
    co_return outcome;
  }
  auto variables = compatible()
                       ? untyped_variables(*prepared.operation, ask.variables, settings_.coercion)
                       : coerce_variables(*prepared.operation, *prepared.schema, ask.variables, settings_.coercion);
  if (auto* problems = std::get_if<Problems>(&variables)) co_return unfit(*problems);
  prepared.variables = std::move(std::get<Variables>(variables));
  if (type == OperationType::query) co_return co_await query(prepared, request);
  if (auto problem = collect(prepared, *prepared.schema->mutation())) co_return refused({std::move(*problem)});
  co_return co_await mutate(prepared, request);
}

std::optional<Problem> Service::collect(Prepared& prepared, const TypeDefinition& root) const {
  prepared.collector.emplace(prepared.checked->document, *prepared.schema, prepared.variables, settings_.collect,
                             compatible() ? Checked::compatibly : Checked::wholly);
  prepared.reader.emplace(*prepared.schema, *prepared.collector, prepared.slots, ReadingSettings{settings_.max_rows});
  prepared.fields = prepared.collector->root(*prepared.operation, root);
  if (prepared.fields.size() <= settings_.max_root_fields) return std::nullopt;
  return Problem{"expected at most " + std::to_string(settings_.max_root_fields) + " root fields",
                 {prepared.operation->at},
                 std::string(bad_request),
                 {}};
}

std::shared_ptr<const CompiledQuery> Service::compile_query(Prepared& prepared, const http::Request& request,
                                                            Problems& problems) const {
  const catalog::Snapshot& snapshot = prepared.schema->snapshot();
  prepared.slots = prepared.checked->slots_of(*prepared.operation);
  if (auto problem = collect(prepared, *prepared.schema->query())) {
    problems.push_back(std::move(*problem));
    return nullptr;
  }
  auto made = std::make_shared<CompiledQuery>();
  made->checked = prepared.checked;
  const auto compile_field = [&](const CollectedField& field) -> Result<void> {
    auto& next = *made->fields.emplace_back(
        std::make_unique<CompiledQuery::Field>(std::string(field.key), field.definition->type.non_null(), field.at));
    BALLAST_TRY(RootValue value, to_root_value(field, *prepared.schema->query(), *prepared.reader, *prepared.collector,
                                               *prepared.schema, settings_.introspection_limits));
    next.json = std::move(value.json);
    if (!value.reading) return {};
    made->cost += cost_of(value.reading->tree, snapshot);
    const query::Operation operation(std::move(value.reading->tree));
    BALLAST_CHECKED(policy::authorize(operation, request.principal, *prepared.rules));
    BALLAST_TRY(compile::Plan plan, compile::compile(operation, snapshot, storage_.dialect()));
    BALLAST_TRY(encode::Shape shape, shape_of(value.reading->value, plan.shape));
    next.use(std::move(plan), std::move(shape));
    return {};
  };
  append(problems, prepared.collector->take_problems());
  for (const CollectedField& field : prepared.fields) {
    if (graphql::refused(problems, field.key)) continue;
    const auto done = compile_field(field);
    append(problems, prepared.collector->take_problems());
    if (!done) problems.push_back(about(done.error(), field));
  }
  if (compatible()) keep_first_of_each_field(problems);
  made->slots = std::move(prepared.slots);
  return problems.empty() ? made : nullptr;
}

namespace {

/// Introspection's answers are large and seldom asked for.
bool worth_keeping(const CompiledQuery& query) {
  constexpr std::size_t much = 16'384;
  return rebindable(query) && std::ranges::none_of(query.fields, [](const auto& field) {
           return field->json && field->json->size() > much;
         });
}

}  // namespace

boost::asio::awaitable<Outcome> Service::query(Prepared& prepared, http::Request& request) {
  std::string key = fmt::format("{}\n{}", static_cast<const void*>(prepared.checked.get()), prepared.operation->name);
  prepared.checked->slots_of(*prepared.operation).append_key(key, *prepared.operation, prepared.variables);
  Problems problems;
  std::shared_ptr<const CompiledQuery> compiled = queries_.find(key);
  const bool known = compiled != nullptr;
  if (!known) {
    compiled = compile_query(prepared, request, problems);
    if (compiled != nullptr && worth_keeping(*compiled)) queries_.insert(key, compiled);
  }
  const std::uint64_t cost = compiled == nullptr ? 0 : compiled->cost;
  if (settings_.max_cost > 0 && cost > settings_.max_cost) {
    Outcome outcome;
    outcome.body = "{\"errors\":";
    append_problems(outcome.body,
                    {{"the operation may touch " + std::to_string(cost) + " rows, more than the " +
                          std::to_string(settings_.max_cost) + " allowed: ask for smaller pages or less depth",
                      {prepared.operation->at},
                      "BLST422",
                      {}}},
                    settings_.errors);
    outcome.body += ",\"extensions\":{\"cost\":" + std::to_string(cost) + "}}";
    outcome.status = 400;
    co_return outcome;
  }
  bool lost = compiled == nullptr;
  bool by_schema = false;
  rest::SessionLoan loan;
  const storage::Context context = context_of(request, true, loan);
  std::string data = "{";
  const std::size_t count = lost ? 0 : compiled->fields.size();
  for (std::size_t i = 0; i < count && !lost; ++i) {
    const CompiledQuery::Field& field = *compiled->fields[i];
    append_key(data, field.key);
    if (field.json) {
      data += *field.json;
      by_schema = by_schema || field.json->front() != '"';  // introspection is about the schema; __typename is not
      continue;
    }
    Result<sql::Statement> statement = known ? bind_values(*compiled, field, prepared.variables, storage_.dialect())
                                             : Result<sql::Statement>(field.plan.statements.front());
    std::optional<Error> failure;
    if (statement) {
      encode::TreeRows rows(field.shape, *field.writer, settings_.answer_limit);
      const auto outcome = co_await storage_.read(*statement, rows, context);
      if (outcome) {
        rows.write(data);
        continue;
      }
      failure = outcome.error();
    } else {
      failure = statement.error();
    }
    by_schema = by_schema || does_not_fit(*failure);
    if (failure->status == 503 && count == 1) co_return busy(*failure, field.at, field.key);
    problems.push_back(about(*failure, field.at, field.key));
    lost = field.non_null || compatible();
    data += "null";
  }
  Outcome outcome;
  outcome.stage = Outcome::Stage::executed;
  outcome.by_schema = compiled == nullptr || by_schema;
  outcome.body = "{\"data\":";
  if (lost) {
    outcome.body += "null";
  } else {
    outcome.body += data;
    outcome.body += '}';
  }
  if (!problems.empty()) {
    outcome.body += ",\"errors\":";
    append_problems(outcome.body, problems, settings_.errors);
  }
  if (settings_.errors == Settings::Errors::full) {
    outcome.body += ",\"extensions\":{\"cost\":" + std::to_string(cost) + "}";
  }
  outcome.body += '}';
  co_return outcome;
}

Outcome Service::busy(const Error& error, Position at, const std::string& key) const {
  Outcome outcome = refused({about(error, at, key)}, 503);
  for (const auto& [name, value] : error.headers) {
    if (name == "Retry-After") outcome.retry_after = value;
  }
  return outcome;
}

boost::asio::awaitable<Outcome> Service::mutate(Prepared& prepared, http::Request& request) {
  const catalog::Snapshot& snapshot = prepared.schema->snapshot();
  const WritingContext writing{*prepared.schema, storage_.dialect(), request.principal, *prepared.rules,
                               settings_.answer_limit};
  std::vector<std::unique_ptr<FieldWrite>> writes;
  Problems problems;
  const auto to_field = [&](const CollectedField& field) -> Result<std::unique_ptr<FieldWrite>> {
    const Meaning meaning = field.definition->binding.meaning;
    if (meaning == Meaning::insert || meaning == Meaning::update || meaning == Meaning::remove) {
      return to_write(field, *prepared.reader, *prepared.collector, writing);
    }
    BALLAST_TRY(RootValue value, to_root_value(field, *prepared.schema->mutation(), *prepared.reader,
                                               *prepared.collector, *prepared.schema, settings_.introspection_limits));
    if (!value.reading)
      return std::unique_ptr<FieldWrite>(std::make_unique<ConstantField>(value.json.value_or("null")));
    const query::Operation operation(std::move(value.reading->tree));
    BALLAST_CHECKED(policy::authorize(operation, request.principal, *prepared.rules));
    BALLAST_TRY(compile::Plan plan, compile::compile(operation, snapshot, storage_.dialect()));
    BALLAST_TRY(auto rows, AnswerRows::make(std::move(plan), value.reading->value, settings_.answer_limit));
    return std::unique_ptr<FieldWrite>(std::make_unique<RowsWrite>(std::move(rows)));
  };
  append(problems, prepared.collector->take_problems());
  for (const CollectedField& field : prepared.fields) {
    if (graphql::refused(problems, field.key)) continue;
    auto write = to_field(field);
    append(problems, prepared.collector->take_problems());
    if (write) {
      writes.push_back(std::move(write).value());
    } else {
      problems.push_back(about(write.error(), field));
    }
  }
  bool by_schema = !problems.empty();
  if (problems.empty()) {
    MutationUnit unit(std::move(writes));
    rest::SessionLoan loan;
    const storage::Context context = context_of(request, false, loan);
    const auto done = co_await storage_.transact(unit, context);
    if (done) {
      Outcome outcome;
      outcome.stage = Outcome::Stage::executed;
      outcome.body = "{\"data\":{";
      for (std::size_t i = 0; i < prepared.fields.size(); ++i) {
        append_key(outcome.body, prepared.fields[i].key);
        unit.field(i).write_value(outcome.body);
      }
      outcome.body += "}}";
      co_return outcome;
    }
    const CollectedField& failed = prepared.fields[unit.failed().value_or(0)];
    if (done.error().status == 503) co_return busy(done.error(), failed.at, std::string(failed.key));
    by_schema = does_not_fit(done.error());
    problems.push_back(about(done.error(), failed));
    if (!unit.failed()) problems.back().path.clear();
  }
  if (compatible()) keep_first_of_each_field(problems);
  Outcome outcome = failed(problems);
  outcome.by_schema = by_schema;
  co_return outcome;
}

}  // namespace ballast::graphql
