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
#include "rest/row_tag.hpp"
#include "rest/to_query.hpp"
#include "rest/write.hpp"
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
  if (!facts.version().empty()) answer.add("ETag", quoted_tag(row_tag(facts.version(), digests, body)));
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
  BALLAST_TRY(write->precondition, precondition_of(request.method, headers, *relation));
  if (!write->precondition.none()) {
    BALLAST_TRY(write->current, to_read_versions(with, *relation, parameters, options.representation, 2));
  }
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
    } else if (request.method == http::Method::put && write->precondition.exists) {
      BALLAST_CHECKED(keep_rows_of(payload, key, settings_.json_depth));
      BALLAST_TRY(operation, to_update(with, *relation, parameters, std::move(payload), options));
    } else if (request.method == http::Method::post && carries_versions(payload, *relation, settings_.json_depth)) {
      if (preferences.resolution != Preferences::Resolution::merge) {
        return unusable_precondition("rows with a \"$version\" are updates",
                                     "send them with Prefer: resolution=merge-duplicates");
      }
      heeded.resolution = true;
      write->merges = true;
      BALLAST_TRY(operation, plan_row_updates(*write, with, *relation, parameters, std::move(payload)));
    } else {
      if (request.method == http::Method::put) { BALLAST_CHECKED(keep_rows_of(payload, key, settings_.json_depth)); }
      const bool put = request.method == http::Method::put;
      if (write->precondition.is_new || (!put && preferences.resolution == Preferences::Resolution::ignore)) {
        options.on_conflict = query::OnConflict::ignore;
      } else if (put || preferences.resolution == Preferences::Resolution::merge) {
        options.on_conflict = query::OnConflict::merge;
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
      if (write->merges && relation->requires_version) {
        return version_required(*relation, "say each row's \"$version\"");
      }
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
  demand(*write, operation, *relation, may_see_versions(request, snapshot, *rules, *relation));
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

/// An upsert whose rows say which versions of them were read.
Result<query::Update> Api::plan_row_updates(Write& write, const Resolution& with, const catalog::Relation& relation,
                                            const Parameters& parameters, Payload payload) {
  const std::size_t rows = payload.rows;
  WriteOptions options;
  options.representation = write.representation();
  const Payload& read = payload;
  const auto& key = parameters.on_conflict ? *parameters.on_conflict : relation.primary_key;
  BALLAST_TRY(write.versions, row_versions(read, key, settings_.json_depth));
  write.current = named_rows(relation, key, read, settings_.json_depth);
  write.terms.all_of = static_cast<std::int64_t>(rows);
  return to_update_rows(with, relation, parameters, std::move(payload), options);
}

/// Makes the precondition a part of the statement, and has it tell the version of a row that is answered with.
void Api::demand(Write& write, query::Operation& operation, const catalog::Relation& relation, bool sees) const {
  query::Returning* returning = nullptr;
  query::Predicate* where = nullptr;
  if (auto* update = std::get_if<query::Update>(&operation)) {
    where = &update->where;
    returning = &update->returning;
  } else if (auto* remove = std::get_if<query::Delete>(&operation)) {
    where = &remove->where;
    returning = &remove->returning;
  } else {
    returning = &std::get<query::Insert>(operation).returning;
  }
  if (write.precondition.exists && !write.precondition.any) demand_version(*where, write.precondition.versions);
  // What is gone has no tag.
  const bool stays = write.method != http::Method::del;
  if (*returning && sees && stays && is_single(write.format.media) && !write.format.plan) {
    (*returning)->versioned = true;
    write.digests = needs_digest(**returning, write.format, postgres() && write.preferences.timezone);
  }
  // What a view's trigger writes is only counted by the rows that come back.
  if (!*returning && (write.current || write.versions) && relation.is_view && !postgres()) {
    returning->emplace();
    (*returning)->schema = relation.schema;
    (*returning)->relation = relation.name;
  }
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
    const bool missed = unit.written() == 0 && (done || done.error().code == "PGRST116");
    if (write->current && (missed || (!done && done.error().code == rows_changed_code))) {
      auto stale = co_await stale_answer(request, *write, context);
      if (stale) co_return finished(request, std::move(*stale));
    }
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
