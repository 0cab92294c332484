#include "graphql/writing.hpp"

#include <algorithm>
#include <charconv>

#include "encode/count_rows.hpp"
#include "graphql/filter.hpp"
#include "graphql/insert_tree.hpp"
#include "graphql/key_rows.hpp"
#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"
#include "policy/authorize.hpp"

namespace ballast::graphql {
namespace {

using Run = storage::UnitOfWork::Run;
using Next = Result<std::optional<Run>>;

/// The rows as they are before they are gone. For engines whose RETURNING cannot say all that is asked.
class ReadThenDelete final : public FieldWrite {
 public:
  ReadThenDelete(std::unique_ptr<AnswerRows> rows, compile::Plan remove, AtMost most)
      : rows_(std::move(rows)), remove_(std::move(remove)), most_(most) {}

  Next next() override {
    switch (at_++) {
      case 0:
        return std::optional<Run>(Run{&rows_->statements().front(), &rows_->sink()});
      case 1:
        BALLAST_CHECKED(most_.check(rows_->count()));
        return std::optional<Run>(Run{&remove_.statements.front(), nullptr});
      default:
        return std::optional<Run>();
    }
  }
  std::size_t written() const override { return rows_->count(); }
  void restart() override {
    at_ = 0;
    rows_->restart();
  }
  void write_value(std::string& out) override { rows_->write_value(out); }

 private:
  std::unique_ptr<AnswerRows> rows_;
  compile::Plan remove_;
  AtMost most_;
  int at_ = 0;
};

/// A write of records in given versions. When it finds none, those that are there in others make it fail.
class VersionedWrite final : public FieldWrite {
 public:
  VersionedWrite(std::unique_ptr<FieldWrite> write, compile::Plan there)
      : write_(std::move(write)), there_(std::move(there)), rows_(there_.shape) {}

  Next next() override {
    if (!looked_) {
      BALLAST_TRY(auto run, write_->next());
      if (run || write_->written() > 0) return run;
      looked_ = true;
      return std::optional<Run>(Run{&there_.statements.front(), &rows_});
    }
    const auto& facts = rows_.facts();
    if (facts.rows() == 0) return std::optional<Run>();
    std::string message = "the record is not in a version that ifVersion names";
    if (facts.rows() == 1) message += ": it is in version \"" + facts.version() + "\"";
    return make_error(412, "BLST412", std::move(message));
  }
  std::size_t written() const override { return write_->written(); }
  void restart() override {
    write_->restart();
    rows_.restart();
    looked_ = false;
  }
  void write_value(std::string& out) override { write_->write_value(out); }

 private:
  std::unique_ptr<FieldWrite> write_;
  compile::Plan there_;
  encode::CountRows rows_;
  bool looked_ = false;
};

/// What the answer is read with, once it is known which rows were written.
struct LateAnswer {
  const catalog::Snapshot* snapshot;
  const sql::Dialect* dialect;
  query::Read read;
  ListDraft value;
  std::vector<const catalog::Column*> key;
  std::size_t limit;
};

query::Value text_of(const std::string& json) {
  return {json::kind_of(json) == json::ValueKind::string ? json::string_value(json) : json, -1};
}

/// The rows whose keys these are.
query::Predicate keyed(const std::vector<const catalog::Column*>& key,
                       const std::vector<std::vector<std::string>>& rows) {
  if (key.size() == 1) {
    query::In in{path_of(*key.front()), {}};
    for (const auto& row : rows) in.values.push_back(text_of(row.front()));
    return {std::move(in)};
  }
  query::Or any;
  for (const auto& row : rows) {
    query::And all;
    for (std::size_t i = 0; i < key.size(); ++i) {
      all.all.push_back({query::Compare{path_of(*key[i]), query::Op::eq, query::Quantifier::one, {text_of(row[i])}}});
    }
    any.any.push_back({std::move(all)});
  }
  return {std::move(any)};
}

Result<std::unique_ptr<AnswerRows>> answer_of(const LateAnswer& late,
                                              const std::vector<std::vector<std::string>>& rows) {
  query::Read read = late.read;
  read.where = keyed(late.key, rows);
  for (const catalog::Column* column : late.key) read.order.push_back({"", path_of(*column), {}, {}});
  BALLAST_TRY(compile::Plan plan, compile::compile(query::Operation(query::Tree{{std::move(read)}, std::nullopt}),
                                                   *late.snapshot, *late.dialect));
  return AnswerRows::make(std::move(plan), late.value, late.limit);
}

/// Writes that give the keys of what they wrote; then the answer is read.
class WriteThenRead final : public FieldWrite {
 public:
  WriteThenRead(compile::Plan write, LateAnswer late, AtMost most)
      : write_(std::move(write)), late_(std::move(late)), most_(most) {
    keys_.expect(write_.shape);
  }

  Next next() override {
    if (at_ < write_.statements.size()) return std::optional<Run>(Run{&write_.statements[at_++], &keys_});
    if (rows_ != nullptr) return std::optional<Run>();
    BALLAST_CHECKED(most_.check(keys_.rows().size()));
    BALLAST_TRY(rows_, answer_of(late_, keys_.rows()));
    return std::optional<Run>(Run{&rows_->statements().front(), &rows_->sink()});
  }
  std::size_t written() const override { return keys_.rows().size(); }
  void restart() override {
    at_ = 0;
    keys_.restart();
    rows_.reset();
  }
  void write_value(std::string& out) override { rows_->write_value(out); }

 private:
  compile::Plan write_;
  LateAnswer late_;
  AtMost most_;
  KeyRows keys_;
  std::size_t at_ = 0;
  std::unique_ptr<AnswerRows> rows_;
};

/// Nested inserts, row by row, since each needs the keys of others; then the answer is read.
class InsertTreeWrite final : public FieldWrite {
 public:
  InsertTreeWrite(InsertTree tree, LateAnswer late) : tree_(std::move(tree)), late_(std::move(late)) {
    known_.resize(tree_.rows.size());
  }

  Next next() override {
    if (at_ > 0 && rows_ == nullptr) BALLAST_CHECKED(learn(at_ - 1));
    if (at_ < tree_.rows.size()) {
      BALLAST_TRY(plan_, compile::compile(query::Operation(insert_of(at_)), *late_.snapshot, *late_.dialect));
      ++at_;
      keys_.restart();
      keys_.expect(plan_.shape);
      return std::optional<Run>(Run{&plan_.statements.front(), &keys_});
    }
    if (rows_ != nullptr) return std::optional<Run>();
    std::vector<std::vector<std::string>> keys;
    for (const std::size_t root : tree_.roots) {
      auto& row = keys.emplace_back();
      for (const catalog::Column* column : late_.key) row.push_back(value_of(root, column->name));
    }
    BALLAST_TRY(rows_, answer_of(late_, keys));
    return std::optional<Run>(Run{&rows_->statements().front(), &rows_->sink()});
  }
  void restart() override {
    at_ = 0;
    rows_.reset();
    for (auto& row : known_) row.clear();
  }
  void write_value(std::string& out) override { rows_->write_value(out); }

 private:
  Result<void> learn(std::size_t number) {
    if (keys_.rows().size() != 1) return make_error(409, "BLST409", "a nested record was not inserted");
    known_[number] = keys_.rows().front();
    return {};
  }

  const std::string& value_of(std::size_t number, const std::string& column) const {
    const auto& names = tree_.rows[number].returned;
    const auto found = std::ranges::find(names, column);
    check(found != names.end(), "a column of an inserted row that was not asked for");
    return known_[number][static_cast<std::size_t>(found - names.begin())];
  }

  query::Insert insert_of(std::size_t number) const {
    const RowInsert& row = tree_.rows[number];
    query::Insert insert;
    insert.schema = row.relation->schema;
    insert.relation = row.relation->name;
    insert.missing_is_default = true;
    insert.payload = "[{";
    const auto add = [&](const std::string& column, const std::string& json) {
      if (insert.payload.size() > 2) insert.payload += ',';
      json::append_string(insert.payload, column);
      insert.payload += ':';
      insert.payload += json;
      insert.columns.push_back(column);
    };
    for (const auto& taken : row.taken) add(taken.column, value_of(taken.from, taken.source));
    for (const auto& [column, json] : row.values) {
      if (std::ranges::find(insert.columns, column) == insert.columns.end()) add(column, json);
    }
    insert.payload += "}]";
    insert.returning.emplace();
    insert.returning->schema = insert.schema;
    insert.returning->relation = insert.relation;
    for (const std::string& name : row.returned) {
      if (const auto* column = row.relation->column(name)) column_alias(*insert.returning, path_of(*column));
    }
    if (insert.returning->outputs.empty()) { column_alias(*insert.returning, path_of(row.relation->columns.front())); }
    return insert;
  }

  InsertTree tree_;
  LateAnswer late_;
  std::vector<std::vector<std::string>> known_;  ///< the returned values of each row, as JSON
  std::size_t at_ = 0;
  compile::Plan plan_;
  KeyRows keys_;
  std::unique_ptr<AnswerRows> rows_;
};

class Writer {
 public:
  Writer(const CollectedField& field, Reader& reader, Collector& collector, const WritingContext& context)
      : field_(field),
        reader_(reader),
        collector_(collector),
        context_(context),
        relation_(*field.definition->binding.relation) {}

  Result<std::unique_ptr<FieldWrite>> insert() {
    const Input* objects = field_.argument(Meaning::objects);
    const InputField* declared = field_.definition->argument("objects");
    if (objects == nullptr || declared == nullptr) return bad_input("At least one record must be provided to objects");
    const TypeDefinition& type = *declared->type.named;
    if (const auto* list = std::get_if<Input::List>(&objects->value); list != nullptr && list->empty()) {
      return bad_input("At least one record must be provided to objects");
    }
    query::Insert insert;
    insert.schema = relation_.schema;
    insert.relation = relation_.name;
    insert.missing_is_default = true;
    if (has_nested(*objects, type)) {
      if (field_.argument(Meaning::on_conflict) != nullptr) {
        return bad_input("onConflict cannot be combined with nested records");
      }
      BALLAST_TRY(InsertTree tree, to_insert_tree(*objects, type, relation_, context_.schema));
      for (const RowInsert& row : tree.rows) {
        query::Insert one;
        one.schema = row.relation->schema;
        one.relation = row.relation->name;
        BALLAST_CHECKED(allowed(query::Operation(std::move(one))));
      }
      BALLAST_TRY(LateAnswer late, late_answer());
      return std::unique_ptr<FieldWrite>(std::make_unique<InsertTreeWrite>(std::move(tree), std::move(late)));
    }
    BALLAST_TRY(const InsertTree flat, to_insert_tree(*objects, type, relation_, context_.schema));
    insert.payload = "[";
    for (const RowInsert& row : flat.rows) {
      if (insert.payload.size() > 1) insert.payload += ',';
      add_object(insert.payload, row.values, insert.columns);
    }
    insert.payload += ']';
    add_conflict(insert);
    if (insert.on_conflict == query::OnConflict::merge && relation_.requires_version) return version_required();
    return write(std::move(insert), {});
  }

  Result<std::unique_ptr<FieldWrite>> update() {
    const Input* set = field_.argument(Meaning::set);
    const InputField* declared = field_.definition->argument("set");
    query::Update update;
    update.schema = relation_.schema;
    update.relation = relation_.name;
    std::vector<std::pair<std::string, std::string>> values;
    const auto* members = set == nullptr ? nullptr : std::get_if<Input::Object>(&set->value);
    if (members != nullptr) {
      for (const auto& [name, value] : *members) {
        const InputField* column = declared->type.named->input(name);
        if (column == nullptr) continue;
        if (column->binding.meaning == Meaning::increment) {
          BALLAST_CHECKED(add_increments(value, *column->type.named, values, update.increments));
          continue;
        }
        BALLAST_TRY(std::string json, column_json(value, *column));
        values.emplace_back(column->binding.column->name, std::move(json));
      }
    }
    if (values.empty()) return bad_input("At least one mapping must be provided to set argument");
    for (const std::string& name : update.increments) {
      if (std::ranges::count(values, name, &std::pair<std::string, std::string>::first) > 1) {
        return bad_input("column \"" + name + "\" is both set and incremented");
      }
    }
    add_object(update.payload, values, update.columns);
    update.where = filter();
    BALLAST_TRY(const std::int64_t most, at_most());
    BALLAST_TRY(auto guard, guard_of(update.where));
    BALLAST_TRY(auto done, write(std::move(update), {"update", most}));
    return guarded(std::move(done), std::move(guard));
  }

  Result<std::unique_ptr<FieldWrite>> remove() {
    query::Predicate where = filter();
    BALLAST_TRY(auto guard, guard_of(where));
    BALLAST_TRY(auto done, remove(std::move(where)));
    return guarded(std::move(done), std::move(guard));
  }

 private:
  Result<std::unique_ptr<FieldWrite>> remove(query::Predicate where) {
    query::Delete remove;
    remove.schema = relation_.schema;
    remove.relation = relation_.name;
    remove.where = std::move(where);
    BALLAST_TRY(const std::int64_t most, at_most());
    query::Read read = answered();
    BALLAST_TRY(ListDraft value, response_draft(field_, reader_, collector_, read));
    if (!sqlite() || plain(read)) {
      remove.returning = std::move(read);
      return finish(query::Operation(std::move(remove)), value, {"delete", most});
    }
    read.where = remove.where;
    read.limit = static_cast<std::uint64_t>(most) + 1;
    const query::Operation before(query::Tree{{std::move(read)}, std::nullopt});
    const query::Operation gone(std::move(remove));
    BALLAST_CHECKED(allowed(before));
    BALLAST_CHECKED(allowed(gone));
    BALLAST_TRY(compile::Plan plan, compile::compile(before, context_.schema.snapshot(), context_.dialect));
    BALLAST_TRY(auto rows, AnswerRows::make(std::move(plan), value, context_.answer_limit));
    BALLAST_TRY(compile::Plan remover, compile::compile(gone, context_.schema.snapshot(), context_.dialect));
    return std::unique_ptr<FieldWrite>(
        std::make_unique<ReadThenDelete>(std::move(rows), std::move(remover), AtMost{"delete", most}));
  }

  Error version_required() const {
    return make_error(
        428, "BLST428",
        "\"" + relation_.name + "\" is only changed by who says which version of the record they have read");
  }

  /// `ifVersion` becomes a part of the condition; none is given: nothing. The guard reads what was there by the
  /// condition without it.
  Result<std::optional<compile::Plan>> guard_of(query::Predicate& where) const {
    const Input* given = field_.argument(Meaning::if_version);
    if (given == nullptr || given->null()) {
      if (relation_.requires_version) return version_required();
      return std::optional<compile::Plan>();
    }
    query::In in{query::row_version(), {}};
    if (const auto* list = std::get_if<Input::List>(&given->value)) {
      for (const Input& item : *list) in.values.push_back({std::get<std::string>(item.value), -1});
    } else {
      in.values.push_back({std::get<std::string>(given->value), -1});
    }
    query::Read there;
    there.schema = relation_.schema;
    there.relation = relation_.name;
    there.where = where;
    there.limit = 2;
    there.versioned = true;
    query::And both;
    both.all.push_back(std::move(where));
    both.all.push_back({std::move(in)});
    where = query::Predicate{std::move(both)};
    const query::Operation operation(std::move(there));
    BALLAST_CHECKED(allowed(operation));
    BALLAST_TRY(compile::Plan plan, compile::compile(operation, context_.schema.snapshot(), context_.dialect));
    return std::optional(std::move(plan));
  }

  static std::unique_ptr<FieldWrite> guarded(std::unique_ptr<FieldWrite> write, std::optional<compile::Plan> guard) {
    if (!guard) return write;
    return std::make_unique<VersionedWrite>(std::move(write), std::move(*guard));
  }

  static Error bad_input(std::string message) { return make_error(400, "BAD_USER_INPUT", std::move(message)); }
  bool sqlite() const { return context_.dialect.engine() == sql::Engine::sqlite; }
  Result<void> allowed(const query::Operation& operation) const {
    return policy::authorize(operation, context_.principal, context_.rules);
  }

  /// What RETURNING can say on every engine.
  static bool plain(const query::Read& read) {
    return std::ranges::all_of(read.outputs,
                               [](const auto& output) { return std::holds_alternative<query::ColumnOutput>(output); });
  }

  query::Read answered() const {
    query::Read read;
    read.schema = relation_.schema;
    read.relation = relation_.name;
    read.as_tree = true;
    return read;
  }

  std::vector<const catalog::Column*> key() const {
    std::vector<const catalog::Column*> columns;
    for (const std::string& name : context_.schema.collection(relation_).key) {
      if (const auto* column = relation_.column(name)) columns.push_back(column);
    }
    return columns;
  }

  Result<LateAnswer> late_answer() {
    query::Read read = answered();
    BALLAST_TRY(ListDraft value, response_draft(field_, reader_, collector_, read));
    BALLAST_CHECKED(allowed(query::Operation(query::Tree{{read}, std::nullopt})));
    return LateAnswer{&context_.schema.snapshot(), &context_.dialect, std::move(read), std::move(value), key(),
                      context_.answer_limit};
  }

  /// The write with its answer, or with the keys by which the answer is read.
  template <class Write>
  Result<std::unique_ptr<FieldWrite>> write(Write write, AtMost most) {
    query::Read read = answered();
    BALLAST_TRY(ListDraft value, response_draft(field_, reader_, collector_, read));
    if (!sqlite() || plain(read)) {
      write.returning = std::move(read);
      return finish(query::Operation(std::move(write)), value, most);
    }
    BALLAST_TRY(LateAnswer late, late_answer());
    write.returning = answered();
    write.returning->as_tree = false;
    for (const catalog::Column* column : late.key) column_alias(*write.returning, path_of(*column));
    const query::Operation operation(std::move(write));
    BALLAST_CHECKED(allowed(operation));
    BALLAST_TRY(compile::Plan plan, compile::compile(operation, context_.schema.snapshot(), context_.dialect));
    return std::unique_ptr<FieldWrite>(std::make_unique<WriteThenRead>(std::move(plan), std::move(late), most));
  }

  Result<std::unique_ptr<FieldWrite>> finish(const query::Operation& operation, const ListDraft& value, AtMost most) {
    BALLAST_CHECKED(allowed(operation));
    BALLAST_TRY(compile::Plan plan, compile::compile(operation, context_.schema.snapshot(), context_.dialect));
    BALLAST_TRY(auto rows, AnswerRows::make(std::move(plan), value, context_.answer_limit));
    return std::unique_ptr<FieldWrite>(std::make_unique<RowsWrite>(std::move(rows), most));
  }

  static void add_object(std::string& payload, const std::vector<std::pair<std::string, std::string>>& values,
                         std::vector<std::string>& columns) {
    payload += '{';
    bool first = true;
    for (const auto& [column, json] : values) {
      if (!first) payload += ',';
      first = false;
      json::append_string(payload, column);
      payload += ':';
      payload += json;
      if (std::ranges::find(columns, column) == columns.end()) columns.push_back(column);
    }
    payload += '}';
  }

  static Result<void> add_increments(const Input& value, const TypeDefinition& type,
                                     std::vector<std::pair<std::string, std::string>>& values,
                                     std::vector<std::string>& increments) {
    const auto* members = std::get_if<Input::Object>(&value.value);
    if (members == nullptr) return {};
    for (const auto& [name, amount] : *members) {
      const InputField* column = type.input(name);
      if (column == nullptr || amount.null()) continue;
      BALLAST_TRY(std::string json, column_json(amount, *column));
      values.emplace_back(column->binding.column->name, std::move(json));
      increments.push_back(column->binding.column->name);
    }
    return {};
  }

  void add_conflict(query::Insert& insert) const {
    const Input* conflict = field_.argument(Meaning::on_conflict);
    const InputField* declared = field_.definition->argument("onConflict");
    if (conflict == nullptr || declared == nullptr || conflict->null()) return;
    const TypeDefinition& type = *declared->type.named;
    const auto names = [&](std::string_view member) {
      std::vector<std::string> columns;
      const Input* value = conflict->member(member);
      const InputField* field = type.input(member);
      if (value == nullptr || field == nullptr) return columns;
      if (const auto* list = std::get_if<Input::List>(&value->value)) {
        for (const Input& item : *list) columns.push_back(database_text(item, *field->type.named));
      } else if (!value->null()) {
        columns.push_back(database_text(*value, *field->type.named));
      }
      return columns;
    };
    insert.conflict_columns = names("target");
    insert.merge_columns = names("update");
    const Input* update = conflict->member("update");
    const bool ignores = update != nullptr && !update->null() && insert.merge_columns.empty();
    insert.on_conflict = ignores ? query::OnConflict::ignore : query::OnConflict::merge;
  }

  query::Predicate filter() {
    const Input* filter = field_.argument(Meaning::filter);
    const InputField* declared = field_.definition->argument("filter");
    if (filter == nullptr || declared == nullptr) return {query::And{}};
    return to_predicate(*filter, *declared->type.named, context_.schema, reader_.slots());
  }

  Result<std::int64_t> at_most() const {
    const Input* most = field_.argument(Meaning::at_most);
    const auto* number = most == nullptr ? nullptr : std::get_if<Input::Number>(&most->value);
    std::int64_t value = 1;
    if (number != nullptr) {
      std::from_chars(number->text.data(), number->text.data() + number->text.size(), value);
      if (value < 0) return bad_input("atMost must be an unsigned integer");
    }
    return value;
  }

  const CollectedField& field_;
  Reader& reader_;
  Collector& collector_;
  const WritingContext& context_;
  const catalog::Relation& relation_;
};

}  // namespace

Result<ListDraft> response_draft(const CollectedField& field, Reader& reader, Collector& collector, query::Read& read) {
  ListDraft list;
  list.rows.resize(1);
  const TypeDefinition& type = *field.definition->type.named;
  bool first = true;
  const auto put = [&](std::string text) {
    list.parts.push_back({.kind = ListPart::Kind::text, .text = std::move(text)});
  };
  for (const CollectedField& selected : collector.of(field, type)) {
    std::string key = first ? "{" : ",";
    first = false;
    json::append_string(key, selected.key);
    put(key + ':');
    switch (selected.definition->binding.meaning) {
      case Meaning::affected_count:
        list.parts.push_back({.kind = ListPart::Kind::count});
        break;
      case Meaning::records: {
        BALLAST_TRY(FaceDraft face, reader.face(selected, *selected.definition->type.named, read));
        list.rows.front().faces.push_back(std::move(face));
        put("[");
        list.parts.push_back({.kind = ListPart::Kind::rows, .face = list.rows.front().faces.size() - 1});
        put("]");
        break;
      }
      default: {
        std::string name;
        json::append_string(name, type.name);
        put(std::move(name));
      }
    }
  }
  put(first ? "{}" : "}");
  if (read.outputs.empty()) {
    const catalog::Relation& relation = *field.definition->binding.relation;
    const auto* column = relation.primary_key.empty() ? nullptr : relation.column(relation.primary_key.front());
    column_alias(read, path_of(column != nullptr ? *column : relation.columns.front()));
  }
  return list;
}

Result<std::unique_ptr<FieldWrite>> to_write(const CollectedField& field, Reader& reader, Collector& collector,
                                             const WritingContext& context) {
  Writer writer(field, reader, collector, context);
  switch (field.definition->binding.meaning) {
    case Meaning::insert:
      return writer.insert();
    case Meaning::update:
      return writer.update();
    default:
      return writer.remove();
  }
}

}  // namespace ballast::graphql
