#include "graphql/validate_operations.hpp"

#include <unordered_set>

#include "graphql/shown.hpp"

namespace ballast::graphql {
namespace {

/// The fields of a subscription's root, with fragments spread; each fragment once.
class RootFields {
 public:
  explicit RootFields(Validation& validation) : validation_(validation) {}

  void collect(const std::vector<Selection>& all) {
    for (const Selection& selection : all) {
      if (!validation_.spend()) return;
      if (const auto* field = std::get_if<Field>(&selection.node)) {
        fields.push_back(field);
      } else if (const auto* inlined = std::get_if<InlineFragment>(&selection.node)) {
        collect(inlined->selections);
      } else {
        pending_.push_back(std::get<FragmentSpread>(selection.node).name);
      }
    }
  }

  void spread() {
    while (!pending_.empty()) {
      const Fragment* fragment = validation_.fragment(pending_.back());
      pending_.pop_back();
      if (fragment != nullptr && spread_.insert(fragment).second) collect(fragment->selections);
    }
  }

  std::vector<const Field*> fields;

 private:
  Validation& validation_;
  std::vector<std::string_view> pending_;
  std::unordered_set<const Fragment*> spread_;
};

void check_single_root_field(Validation& validation, const Operation& operation) {
  RootFields root(validation);
  root.collect(operation.selections);
  root.spread();
  const std::string subject =
      operation.name.empty() ? "Anonymous Subscription" : "Subscription " + quoted(operation.name);
  std::vector<Position> extra;
  std::vector<Position> introspection;
  for (const Field* field : root.fields) {
    if (field->key() != root.fields.front()->key()) extra.push_back(field->at);
    if (field->name.starts_with("__")) introspection.push_back(field->at);
  }
  if (!extra.empty()) validation.report(subject + " must select only one top level field.", extra);
  if (!introspection.empty()) {
    validation.report(subject + " must not select an introspection top level field.", introspection);
  }
}

}  // namespace

const TypeDefinition* root_type(const Schema& schema, OperationType type) noexcept {
  switch (type) {
    case OperationType::query:
      return schema.query();
    case OperationType::mutation:
      return schema.mutation();
    case OperationType::subscription:
      return nullptr;
  }
  return nullptr;
}

void check_operations(Validation& validation) {
  std::unordered_map<std::string_view, const Operation*> named;
  for (const Operation& operation : validation.document.operations) {
    if (operation.name.empty()) {
      if (validation.document.operations.size() > 1) {
        validation.report("This anonymous operation must be the only defined operation.", {operation.at});
      }
    } else if (const auto [first, fresh] = named.emplace(operation.name, &operation); !fresh) {
      validation.report("There can be only one operation named " + quoted(operation.name) + ".",
                        {first->second->at, operation.at});
    }
    if (operation.type == OperationType::subscription) check_single_root_field(validation, operation);
    if (root_type(validation.schema, operation.type) == nullptr) {
      validation.report("Schema is not configured to execute " + std::string(to_string(operation.type)) + " operation.",
                        {operation.at});
    }
  }
}

}  // namespace ballast::graphql
