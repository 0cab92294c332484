#include "graphql/schema.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace ballast::graphql {
namespace {

template <class T>
const T* named(const std::vector<T>& all, std::string_view name) noexcept {
  const auto found = std::ranges::find(all, name, &T::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

bool TypeUse::list() const noexcept {
  const std::size_t at = non_null() ? 1 : 0;
  return wrappers.size() > at && wrappers[at] == Wrapper::list;
}

TypeUse TypeUse::items() const {
  const TypeUse bare = nullable();
  return {bare.named, {bare.wrappers.begin() + 1, bare.wrappers.end()}};
}

TypeUse TypeUse::nullable() const {
  if (!non_null()) return *this;
  return {named, {wrappers.begin() + 1, wrappers.end()}};
}

std::string TypeUse::print() const {
  std::string out = named != nullptr ? named->name : "?";
  for (auto wrapper = wrappers.rbegin(); wrapper != wrappers.rend(); ++wrapper) {
    out = *wrapper == Wrapper::list ? "[" + out + "]" : out + "!";
  }
  return out;
}

const InputField* FieldDefinition::argument(std::string_view name) const noexcept { return named(arguments, name); }
const FieldDefinition* TypeDefinition::field(std::string_view name) const noexcept { return named(fields, name); }
const InputField* TypeDefinition::input(std::string_view name) const noexcept { return named(inputs, name); }
const EnumMember* TypeDefinition::member(std::string_view name) const noexcept { return named(members, name); }

bool TypeDefinition::composite() const noexcept {
  return kind == TypeKind::object || kind == TypeKind::interface || kind == TypeKind::union_;
}

bool TypeDefinition::is_input() const noexcept { return !composite(); }

Schema::Schema(catalog::SnapshotPtr snapshot, std::vector<std::unique_ptr<TypeDefinition>> types,
               std::vector<DirectiveDefinition> directives, const TypeDefinition* query, const TypeDefinition* mutation,
               bool introspection, SchemaDetails details)
    : snapshot_(std::move(snapshot)),
      types_(std::move(types)),
      directives_(std::move(directives)),
      query_(query),
      mutation_(mutation),
      introspection_(introspection),
      details_(std::move(details)) {
  for (const auto& type : types_) {
    by_name_.emplace(type->name, type.get());
    if (type->kind == TypeKind::object && type->binding.relation != nullptr) {
      by_relation_.emplace(type->binding.relation, type.get());
    }
  }
  type_name_.name = "__typename";
  type_name_.type = {type("String"), {TypeUse::Wrapper::non_null}};
  type_name_.binding.meaning = Meaning::type_name;
}

const DirectiveDefinition* Schema::directive(std::string_view name) const noexcept { return named(directives_, name); }

const TypeDefinition* Schema::type(std::string_view name) const noexcept {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

const TypeDefinition* Schema::object_of(const catalog::Relation& relation) const noexcept {
  const auto found = by_relation_.find(&relation);
  return found == by_relation_.end() ? nullptr : found->second;
}

const FieldDefinition* Schema::field(const TypeDefinition& type, std::string_view name) const noexcept {
  if (const FieldDefinition* const own = type.field(name)) return own;
  if (type.composite() && name == type_name_.name) return &type_name_;
  return &type == query_ && introspection_ ? named(details_.meta_fields, name) : nullptr;
}

const Collection& Schema::collection(const catalog::Relation& relation) const {
  const auto found = details_.collections.find(&relation);
  check(found != details_.collections.end(), "Schema::collection() of a relation that has no type");
  return found->second;
}

}  // namespace ballast::graphql
