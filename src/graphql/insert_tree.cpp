#include "graphql/insert_tree.hpp"

#include <algorithm>

#include "graphql/filter.hpp"
#include "graphql/input_json.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace ballast::graphql {
namespace {

const catalog::Relationship* nested_way(const InputField* field) {
  return field != nullptr && field->binding.meaning == Meaning::relationship ? field->binding.relationship : nullptr;
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

const std::vector<Input>& items(const Input& value) {
  static const std::vector<Input> none;
  const auto* list = std::get_if<Input::List>(&value.value);
  return list == nullptr ? none : *list;
}

class Builder {
 public:
  explicit Builder(const Schema& schema) : schema_(schema) {}

  Result<InsertTree> build(const Input& objects, const TypeDefinition& type, const catalog::Relation& relation) {
    if (std::holds_alternative<Input::Object>(objects.value)) {
      BALLAST_TRY(const std::size_t row, add(objects, type, relation, {}));
      tree_.roots.push_back(row);
    }
    for (const Input& object : items(objects)) {
      BALLAST_TRY(const std::size_t row, add(object, type, relation, {}));
      tree_.roots.push_back(row);
    }
    for (const std::size_t root : tree_.roots) {
      for (const std::string& column : schema_.collection(relation).key) add_once(tree_.rows[root].returned, column);
    }
    return std::move(tree_);
  }

 private:
  /// Rows that the object refers to come first, those that refer to it last. The number of its own row.
  Result<std::size_t> add(const Input& object, const TypeDefinition& type, const catalog::Relation& relation,
                          std::vector<RowInsert::Taken> taken) {
    RowInsert row;
    row.relation = &relation;
    row.taken = std::move(taken);
    std::vector<std::pair<const InputField*, const Input*>> later;
    const auto* members = std::get_if<Input::Object>(&object.value);
    if (members != nullptr) {
      for (const auto& [name, value] : *members) {
        const InputField* field = type.input(name);
        if (const auto* way = nested_way(field)) {
          if (value.null()) continue;
          if (!way->to_one() || way->source_columns.empty() || refers_back(*way, relation)) {
            later.emplace_back(field, &value);
            continue;
          }
          BALLAST_TRY(const std::size_t target, add(value, *field->type.named, *field->binding.relation, {}));
          for (std::size_t i = 0; i < way->source_columns.size(); ++i) {
            row.taken.push_back({way->source_columns[i], target, way->target_columns[i]});
            add_once(tree_.rows[target].returned, way->target_columns[i]);
          }
        } else if (field != nullptr) {
          BALLAST_TRY(std::string json, column_json(value, *field));
          row.values.emplace_back(field->binding.column->name, std::move(json));
        }
      }
    }
    const std::size_t number = tree_.rows.size();
    tree_.rows.push_back(std::move(row));
    for (const auto& [field, value] : later) BALLAST_CHECKED(add_below(number, *field, *value));
    return number;
  }

  /// A one-to-one relationship whose key is the other side's.
  static bool refers_back(const catalog::Relationship& way, const catalog::Relation& relation) {
    return std::ranges::none_of(relation.foreign_keys,
                                [&](const catalog::ForeignKey& key) { return key.name == way.constraint; });
  }

  Result<void> add_below(std::size_t number, const InputField& field, const Input& value) {
    const catalog::Relationship& way = *field.binding.relationship;
    std::vector<RowInsert::Taken> taken;
    for (std::size_t i = 0; i < way.target_columns.size(); ++i) {
      taken.push_back({way.target_columns[i], number, way.source_columns[i]});
      add_once(tree_.rows[number].returned, way.source_columns[i]);
    }
    const auto one = [&](const Input& object) -> Result<void> {
      BALLAST_TRY(const std::size_t row, add(object, *field.type.named, *field.binding.relation, taken));
      static_cast<void>(row);
      return {};
    };
    if (std::holds_alternative<Input::Object>(value.value)) return one(value);
    for (const Input& object : items(value)) BALLAST_CHECKED(one(object));
    return {};
  }

  const Schema& schema_;
  InsertTree tree_;
};

}  // namespace

Result<InsertTree> to_insert_tree(const Input& objects, const TypeDefinition& type, const catalog::Relation& relation,
                                  const Schema& schema) {
  return Builder(schema).build(objects, type, relation);
}

bool has_nested(const Input& objects, const TypeDefinition& type) {
  const auto nested = [&](const Input& object) {
    const auto* members = std::get_if<Input::Object>(&object.value);
    return members != nullptr && std::ranges::any_of(*members, [&](const auto& member) {
             return nested_way(type.input(member.first)) != nullptr && !member.second.null();
           });
  };
  return nested(objects) || std::ranges::any_of(items(objects), nested);
}

Result<std::string> column_json(const Input& value, const InputField& field) {
  const TypeDefinition& type = *field.type.named;
  std::string json;
  if (value.null()) return std::string("null");
  const auto* text = std::get_if<std::string>(&value.value);
  if (type.name == "JSON" && text != nullptr) {
    if (!json::parse(*text)) {
      return make_error(400, "22P02", "invalid input syntax for type json")
          .with_details("column \"" + field.name + "\"");
    }
    return *text;
  }
  if (type.kind == TypeKind::enumeration && !std::holds_alternative<Input::List>(value.value)) {
    json::append_string(json, database_text(value, type));
    return json;
  }
  if (type.kind == TypeKind::enumeration) {
    json = "[";
    for (const Input& item : std::get<Input::List>(value.value)) {
      if (json.size() > 1) json += ',';
      if (item.null()) {
        json += "null";
      } else {
        json::append_string(json, database_text(item, type));
      }
    }
    return json + "]";
  }
  append_json(json, value);
  return json;
}

}  // namespace ballast::graphql
