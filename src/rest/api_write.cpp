#include <utility>
#include <variant>

#include "encode/count_rows.hpp"
#include "encode/sorted_rows.hpp"
#include "policy/authorize.hpp"
#include "rest/answer.hpp"
#include "rest/api.hpp"
#include "rest/errors.hpp"
#include "rest/existing_rows.hpp"
#include "rest/parameters.hpp"
#include "rest/payload.hpp"
#include "rest/preferences.hpp"
#include "rest/to_query.hpp"
#include "rest/write_unit.hpp"

namespace ballast::rest {
namespace {

/// Leaves the one row that a PUT's address names.
Result<void> keep_rows_of(Payload& payload, const std::vector<std::pair<std::string, std::string>>& key,
                          int depth_limit) {
  std::vector<std::string> columns;
  for (const auto& [column, value] : key) columns.push_back(column);
  std::string kept;
  std::size_t rows = 0;
  for (const auto& row : payload_rows(payload, columns, depth_limit)) {
    bool same = true;
    for (std::size_t i = 0; i < key.size(); ++i) same = same && row.values[i] == key[i].second;
    if (!same) continue;
    kept = "[" + std::string(row.json) + "]";
    ++rows;
  }
  if (rows != 1) { return make_error(400, "PGRST115", "Payload values do not match URL in primary key column(s)"); }
  payload.json = std::move(kept);
  payload.rows = 1;
  return {};
}

Heeded heeded_by(http::Method method, bool transaction) {
  Heeded heeded;
  heeded.wanted = true;
  heeded.transaction = transaction;
  heeded.missing = method == http::Method::post || method == http::Method::patch;
  heeded.max_affected = method == http::Method::patch || method == http::Method::del;
  return heeded;
}

}  // namespace

/// One write, from its plan to its answer. Lives in the reply's frame.
struct Api::Write {
  catalog::SnapshotPtr snapshot;
  http::Method method = http::Method::post;
  Format format;
  Preferences preferences;
  std::string applied;
  std::string content_profile;
  std::string search_path;
  std::string path;  ///< of the collection, for Location
  compile::Plan plan;
  std::optional<compile::Plan> existing;  ///< counts the rows that an upsert will find, when it cannot do so itself
  std::size_t payload_rows = 0;
  bool merges = false;
  bool nothing = false;  ///< no row in the body, or no column to set: nothing is run
  WriteTerms terms;

  bool representation() const { return preferences.representation(); }

  http::Response answer(const encode::RowFacts& facts, std::int64_t affected, std::int64_t existing_rows,
                        Spool body) const;
  int status(std::int64_t existing_rows) const;
  std::string range(const encode::RowFacts& facts, std::int64_t affected) const;
};

int Api::Write::status(std::int64_t existing_rows) const {
  const bool inserted = static_cast<std::int64_t>(payload_rows) > existing_rows;
  switch (method) {
    case http::Method::post:
      return merges && !inserted ? 200 : 201;
    case http::Method::put:
      return inserted ? 201 : representation() ? 200 : 204;
    default:
      return representation() ? 200 : 204;
  }
}

std::string Api::Write::range(const encode::RowFacts& facts, std::int64_t affected) const {
  const std::int64_t rows = representation() ? facts.rows() : affected;
  const std::int64_t total = preferences.counting() == query::Count::none ? -1 : rows;
  if (method == http::Method::patch) return content_range(0, rows - 1, total);
  return content_range(1, 0, total);
}

http::Response Api::Write::answer(const encode::RowFacts& facts, std::int64_t affected, std::int64_t existing_rows,
                                  Spool body) const {
  http::Response answer;
  answer.affected = representation() ? facts.rows() : affected;
  answer.status = status(facts.updated().value_or(existing_rows));
  answer.headers.reserve(8);
  if (representation()) answer.add("Content-Type", format.content_type);
  if (method != http::Method::put) answer.add("Content-Range", range(facts, affected));
  if (preferences.wanted == Preferences::Return::headers_only && facts.rows() == 1 && !facts.location().empty()) {
    std::string location = path;
    char separator = '?';
    for (const auto& [column, value] : facts.location()) {
      location.push_back(separator);
      location.append(http::percent_encode(column));
      location.append("=eq.");
      location.append(http::percent_encode(value));
      separator = '&';
    }
    answer.add("Location", std::move(location));
  }
  if (!content_profile.empty()) answer.add("Content-Profile", content_profile);
  if (!applied.empty()) answer.add("Preference-Applied", applied);
  if (representation()) answer.body = body_of(std::move(body));
  return answer;
}

Result<std::unique_ptr<Api::Write>> Api::plan_write(http::Request& request) {
  const RequestHeaders headers(request);
  auto write = std::make_unique<Write>();
  write->snapshot = catalog_.load();
  write->method = request.method;
  const auto& snapshot = *write->snapshot;
  BALLAST_TRY(const Target target, parse_target(request.path, base_));
  BALLAST_TRY(const std::string schema, schema_of(snapshot, headers.profile()));
  if (target.kind == Target::Kind::root) {
    return unsupported_method(request.method_name).with_header("Allow", "OPTIONS,GET,HEAD");
  }
  write->preferences = parse_preferences(headers.prefer());
  const Preferences& preferences = write->preferences;
  BALLAST_CHECKED(check_preferences(preferences));
  BALLAST_TRY(const Parameters parameters, parse_parameters(request.query, settings_));
  request.watch.lap(http::Phase::parse);
  const auto* relation = snapshot.relation(schema, target.name);
  if (relation == nullptr) return unknown_relation(snapshot, schema, target.name);
  request.route = route_of(*relation);
  const Offers offers{snapshot, nullptr, nullptr, false, postgres() && settings_.plan_enabled};
  BALLAST_TRY(write->format, choose_format(headers.accept(), offers));
  write->path = std::string(request.path);
  if (snapshot.schemas().size() > 1) write->content_profile = schema;
  if (sessions_.roles()) write->search_path = sessions_.search_path(schema);

  const Resolution with{snapshot, settings_, storage_.dialect().engine() == sql::Engine::sqlite};
  WriteOptions options;
  options.representation = preferences.representation();
  options.missing_is_default = preferences.missing == Preferences::Missing::default_;
  Heeded heeded = heeded_by(request.method, settings_.allow_tx_rollback);
  heeded.timezone = postgres();
  query::Operation operation;

  if (request.method == http::Method::del) {
    BALLAST_TRY(operation, to_delete(with, *relation, parameters, options));
  } else {
    std::vector<std::pair<std::string, std::string>> key;
    if (request.method == http::Method::put) { BALLAST_TRY(key, put_key(*relation, parameters)); }
    BALLAST_TRY(const BodyType type, body_type(headers.content_type()));
    BALLAST_TRY(Payload payload, parse_payload(type, std::move(request.body), settings_.json_depth));
    if (request.method == http::Method::patch) {
      if (payload.rows > 1) return invalid_body("expected one object with the columns to set, not several");
      const bool nothing = payload.rows == 0 || payload.keys.empty();
      if (payload.rows == 0) payload.json = "[{}]";
      BALLAST_TRY(operation, to_update(with, *relation, parameters, std::move(payload), options));
      write->nothing = nothing;
    } else {
      if (request.method == http::Method::put) { BALLAST_CHECKED(keep_rows_of(payload, key, settings_.json_depth)); }
      if (request.method == http::Method::put || preferences.resolution == Preferences::Resolution::merge) {
        options.on_conflict = query::OnConflict::merge;
      } else if (preferences.resolution == Preferences::Resolution::ignore) {
        options.on_conflict = query::OnConflict::ignore;
      }
      options.location = preferences.wanted == Preferences::Return::headers_only;
      write->payload_rows = payload.rows;
      write->nothing = payload.rows == 0;
      std::optional<query::Read> existing;
      const auto& conflict = parameters.on_conflict ? *parameters.on_conflict : relation->primary_key;
      heeded.resolution = request.method == http::Method::post && !conflict.empty();
      Payload counted;
      const bool counts = options.on_conflict == query::OnConflict::merge && !conflict.empty() && !postgres();
      if (counts) counted = payload;
      BALLAST_TRY(query::Insert insert, to_insert(with, *relation, parameters, std::move(payload), options));
      write->merges = insert.on_conflict == query::OnConflict::merge;
      if (write->merges && counts) existing = count_existing(*relation, conflict, counted, settings_.json_depth);
      if (existing) {
        // A key that is no valid value fails the insert, with the message it deserves.
        auto plan = compile::compile(query::Operation(std::move(*existing)), snapshot, storage_.dialect());
        if (plan) write->existing = std::move(plan).value();
      }
      operation = std::move(insert);
    }
  }

  const auto rules = rules_.load();
  BALLAST_CHECKED(policy::authorize(operation, request.principal, *rules));
  if (!write->nothing) { BALLAST_TRY(write->plan, compile::compile(operation, snapshot, storage_.dialect())); }
  if (write->format.plan) {
    if (write->nothing || write->plan.statements.size() != 1) return no_query_plan();
    write->existing.reset();
    explain(write->plan, *write->format.plan);
  }
  write->applied = preference_applied(preferences, heeded);
  if (preferences.strict() && heeded.max_affected) write->terms.max_affected = preferences.max_affected;
  write->terms.exactly_one = is_single(write->format.media) && !write->format.plan;
  write->terms.roll_back = rolls_back(preferences, settings_);
  write->terms.defers = postgres();
  return write;
}

http::Reply Api::answer_write(http::Request& request) {
  auto write = plan_write(request);
  request.watch.lap(http::Phase::plan);
  if (!write) return http::ready(refused(request, write.error()));
  return run_write(request, std::move(write).value());
}

http::Reply Api::run_write(http::Request& request, std::unique_ptr<Write> write) {
  const auto& plan = write->plan;
  encode::CountRows counted(plan.shape);
  std::unique_ptr<encode::BodyRows> rows;
  if (write->representation() || write->format.plan) rows = body_rows(write->format, plan.shape, false, settings_);
  sql::RowSink& unsorted = rows != nullptr ? static_cast<sql::RowSink&>(*rows) : counted;
  encode::SortedRows sorted(plan.shape, unsorted);
  const bool sorts = rows != nullptr && !plan.shape.order.empty();
  sql::RowSink& sink = sorts ? static_cast<sql::RowSink&>(sorted) : unsorted;
  CountSink existing;
  SessionLoan loan;
  std::int64_t affected = 0;
  if (write->nothing) {
    if (write->terms.exactly_one) co_return refused(request, not_one_row(0));
  } else {
    const sql::Statement* before = write->existing ? &write->existing->statements.front() : nullptr;
    WriteUnit unit(plan, sink, write->terms, before, &existing);
    if (rows != nullptr) {
      unit.before_commit([&sorted, &rows, sorts]() -> Result<void> {
        if (sorts) BALLAST_CHECKED(sorted.flush());
        return rows->finish();
      });
    }
    SessionWishes wishes{write->search_path};
    if (postgres() && write->preferences.timezone) wishes.timezone = *write->preferences.timezone;
    const storage::Context context = context_of(request, wishes, true, loan);
    const auto done = co_await storage_.transact(unit, context);
    request.watch.lap(http::Phase::transaction);
    if (!done) co_return refused(request, done.error());
    affected = unit.affected();
  }
  if (rows == nullptr)
    co_return finished(request, write->answer(counted.facts(), affected, existing.count(), Spool()), &loan);
  if (write->nothing) {
    if (auto done = rows->finish(); !done) co_return refused(request, done.error());
  }
  if (write->format.plan) co_return finished(request, plan_answer(write->format, rows->take_body()), &loan);
  co_return finished(request, write->answer(rows->facts(), affected, existing.count(), rows->take_body()), &loan);
}

}  // namespace ballast::rest
