#include "rest/to_query.hpp"

#include <algorithm>

#include "rest/errors.hpp"
#include "rest/increments.hpp"
#include "rest/precondition.hpp"
#include "rest/read_builder.hpp"

namespace ballast::rest {
namespace {

/// The columns a write sets: `columns`, or the payload's keys.
Result<std::vector<std::string>> written_columns(const catalog::Relation& relation, const Parameters& parameters,
                                                 const Payload& payload, bool updates) {
  if (!parameters.columns && !payload.uniform) return invalid_body("All object keys must match");
  const auto& names = parameters.columns ? *parameters.columns : payload.keys;
  for (const auto& name : names) {
    const auto* column = relation.column(name);
    if (column == nullptr) return unknown_payload_column(relation, name);
    if (!column->generated) continue;
    return make_error(400, "428C9",
                      updates ? "column \"" + name + "\" can only be updated to DEFAULT"
                              : "cannot insert a non-DEFAULT value into column \"" + name + "\"")
        .with_details("Column \"" + name + "\" is a generated column.");
  }
  return names;
}

Error not_writable(const catalog::Relation& relation, std::string_view verb) {
  return make_error(405, "55000", "cannot " + std::string(verb) + " view \"" + relation.name + "\"")
      .with_hint("write to the tables behind the view");
}

bool same_columns(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

Result<void> check_conflict_columns(const catalog::Relation& relation, const std::vector<std::string>& columns) {
  for (const auto& column : columns) {
    if (relation.column(column) == nullptr) return unknown_column(relation, column);
  }
  if (same_columns(columns, relation.primary_key)) return {};
  for (const auto& key : relation.unique_keys) {
    if (same_columns(columns, key.columns)) return {};
  }
  for (const auto& index : relation.indexes) {
    if (index.unique && same_columns(columns, index.columns)) return {};
  }
  return make_error(400, "42P10", "there is no unique or exclusion constraint matching the ON CONFLICT specification");
}

bool asks_embeds(const query::Predicate& where) {
  struct Visitor {
    bool operator()(const query::And& node) const { return any(node.all); }
    bool operator()(const query::Or& node) const { return any(node.any); }
    bool operator()(const query::Not& node) const { return asks_embeds(*node.inner); }
    bool operator()(const query::EmbedExists&) const { return true; }
    bool operator()(const query::Compare&) const { return false; }
    bool operator()(const query::In&) const { return false; }
    bool operator()(const query::IsTest&) const { return false; }
    bool operator()(const query::FullText&) const { return false; }
    static bool any(const std::vector<query::Predicate>& nodes) {
      return std::any_of(nodes.begin(), nodes.end(), asks_embeds);
    }
  };
  return std::visit(Visitor{}, where.node);
}

/// A page of a write would be taken for the rows to change, and more would change than was asked.
Result<void> refuse_page(const Parameters& parameters, std::string_view method) {
  const auto at_root = [](const auto& parameter) { return parameter.path.empty(); };
  if (std::none_of(parameters.limits.begin(), parameters.limits.end(), at_root) &&
      std::none_of(parameters.offsets.begin(), parameters.offsets.end(), at_root)) {
    return {};
  }
  std::string message = "limit/offset querystring parameters are not allowed for ";
  message += method;
  Error refused = make_error(400, "PGRST114", std::move(message));
  if (method == "PUT") return refused;
  return std::move(refused).with_hint(
      "name the rows by filters; Prefer: handling=strict, max-affected=N refuses to change more");
}

/// What is answered with, and the write's own conditions.
Result<query::Returning> returning(const Resolution& with, const catalog::Relation& relation,
                                   const Parameters& parameters, bool representation, query::Predicate& where) {
  query::Read read;
  ReadBuilder builder(with, parameters, read);
  BALLAST_CHECKED(builder.outputs(relation));
  BALLAST_CHECKED(builder.conditions(where));
  BALLAST_CHECKED(builder.orders());
  BALLAST_CHECKED(builder.pages());
  if (!representation && asks_embeds(where)) {
    return make_error(400, "0A000", "a condition on an embedded relation needs Prefer: return=representation here");
  }
  if (!representation) return query::Returning{};
  return query::Returning{std::move(read)};
}

}  // namespace

Result<query::Read> to_read(const Resolution& with, const catalog::Relation& relation, const Parameters& parameters,
                            const Page& page, query::Count count) {
  query::Read read;
  ReadBuilder builder(with, parameters, read);
  BALLAST_CHECKED(builder.outputs(relation));
  query::Predicate where;
  BALLAST_CHECKED(builder.conditions(where));
  read.where = std::move(where);
  BALLAST_CHECKED(builder.orders());
  BALLAST_CHECKED(builder.pages());
  read.limit = page.limit;
  read.offset = page.offset;
  if (with.settings.max_rows > 0)
    read.limit = std::min(read.limit.value_or(with.settings.max_rows), with.settings.max_rows);
  read.count = count;
  if (with.settings.max_rows > 0 && count == query::Count::estimated) read.count_limit = with.settings.max_rows + 1;
  return read;
}

Result<query::Read> to_read_versions(const Resolution& with, const catalog::Relation& relation,
                                     const Parameters& parameters, bool shown, std::uint64_t most) {
  BALLAST_TRY(query::Read read, to_read(with, relation, parameters, {}, query::Count::none));
  read.versioned = true;
  read.limit = most;
  read.order.clear();
  if (!shown) read.outputs.clear();
  // What is embedded does not decide which rows are written.
  for (auto& output : read.outputs) {
    if (auto* embed = std::get_if<query::EmbedOutput>(&output)) embed->join = query::Join::left;
  }
  return read;
}

Result<query::Insert> to_insert(const Resolution& with, const catalog::Relation& relation, const Parameters& parameters,
                                Payload payload, const WriteOptions& options) {
  if (!relation.insertable) return not_writable(relation, "insert into");
  query::Insert insert;
  insert.schema = relation.schema;
  insert.relation = relation.name;
  BALLAST_TRY(insert.columns, written_columns(relation, parameters, payload, false));
  insert.missing_is_default = options.missing_is_default;
  const auto& conflict = parameters.on_conflict ? *parameters.on_conflict : relation.primary_key;
  if (options.on_conflict != query::OnConflict::fail && !conflict.empty()) {
    BALLAST_CHECKED(check_conflict_columns(relation, conflict));
    insert.on_conflict = options.on_conflict;
    insert.conflict_columns = conflict;
  }
  if (options.location) insert.location_columns = relation.primary_key;
  query::Predicate unused;  // filters do not restrict what is inserted
  BALLAST_TRY(insert.returning, returning(with, relation, parameters, options.representation, unused));
  insert.payload = std::move(payload.json);
  return insert;
}

Result<query::Update> to_update(const Resolution& with, const catalog::Relation& relation, const Parameters& parameters,
                                Payload payload, const WriteOptions& options) {
  if (!relation.updatable) return not_writable(relation, "update");
  BALLAST_CHECKED(refuse_page(parameters, "PATCH"));
  query::Update update;
  update.schema = relation.schema;
  update.relation = relation.name;
  BALLAST_TRY(update.columns, written_columns(relation, parameters, payload, true));
  update.missing_is_default = options.missing_is_default;
  BALLAST_TRY(update.returning, returning(with, relation, parameters, options.representation, update.where));
  // One object: what stands between the array's brackets.
  const auto start = payload.json.find('{');
  const auto end = payload.json.rfind('}');
  update.payload = payload.json.substr(start, end - start + 1);
  take_increments(relation, update);
  return update;
}

Result<query::Update> to_update_rows(const Resolution& with, const catalog::Relation& relation,
                                     const Parameters& parameters, Payload payload, const WriteOptions& options) {
  if (!relation.updatable) return not_writable(relation, "update");
  query::Update update;
  update.schema = relation.schema;
  update.relation = relation.name;
  update.row_key = parameters.on_conflict ? *parameters.on_conflict : relation.primary_key;
  if (update.row_key.empty()) {
    return unusable_precondition("rows with a \"$version\" are named by a key, and \"" + relation.name + "\" has none");
  }
  BALLAST_CHECKED(check_conflict_columns(relation, update.row_key));
  std::erase(payload.keys, query::version_name);
  BALLAST_TRY(update.columns, written_columns(relation, parameters, payload, true));
  query::Predicate unused;  // filters do not restrict what an upsert writes
  BALLAST_TRY(update.returning, returning(with, relation, parameters, options.representation, unused));
  update.payload = std::move(payload.json);
  return update;
}

Result<query::Delete> to_delete(const Resolution& with, const catalog::Relation& relation, const Parameters& parameters,
                                const WriteOptions& options) {
  if (!relation.deletable) return not_writable(relation, "delete from");
  BALLAST_CHECKED(refuse_page(parameters, "DELETE"));
  query::Delete remove;
  remove.schema = relation.schema;
  remove.relation = relation.name;
  BALLAST_TRY(remove.returning, returning(with, relation, parameters, options.representation, remove.where));
  return remove;
}

Result<std::vector<std::pair<std::string, std::string>>> put_key(const catalog::Relation& relation,
                                                                 const Parameters& parameters) {
  BALLAST_CHECKED(refuse_page(parameters, "PUT"));
  const auto at_root = [](const auto& parameter) { return parameter.path.empty(); };
  const auto mismatch = [] {
    return make_error(405, "PGRST105", "Filters must include all and only primary key columns with 'eq' operators");
  };
  if (relation.primary_key.empty() || std::any_of(parameters.logic.begin(), parameters.logic.end(), at_root)) {
    return mismatch();
  }
  std::vector<std::pair<std::string, std::string>> key;
  for (const auto& filter : parameters.filters) {
    if (!filter.path.empty()) continue;
    const auto* comparison = std::get_if<Comparison>(&filter.value.condition.operation);
    if (comparison == nullptr || comparison->op != query::Op::eq || filter.value.condition.negated ||
        comparison->quantifier != query::Quantifier::one || !filter.value.field.path.empty()) {
      return mismatch();
    }
    key.emplace_back(filter.value.field.name, comparison->value);
  }
  std::vector<std::string> names;
  for (const auto& [name, value] : key) names.push_back(name);
  if (!same_columns(names, relation.primary_key)) return mismatch();
  return key;
}

}  // namespace ballast::rest
