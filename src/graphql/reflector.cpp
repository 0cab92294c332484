#include "graphql/reflector.hpp"

#include <algorithm>

#include "graphql/common_types.hpp"
#include "graphql/inflection.hpp"

namespace ballast::graphql {
namespace {

std::string qualified(std::string_view schema, std::string_view name) {
  std::string all(schema);
  all.append(1, '.').append(name);
  return all;
}

}  // namespace

Reflector::Reflector(const catalog::Snapshot& snapshot, const Access& access, const BuildOptions& options)
    : snapshot_(snapshot), access_(access), options_(options) {
  for (std::string& name : common_type_names()) types_.insert(std::move(name));
  bool allowed = false;
  bool denied = false;
  for (const auto& name : snapshot.schemas()) {
    CommentDirective read = directive(settings().schemas, "schema", name, name, snapshot.comment(name));
    if (read.introspection) (*read.introspection ? allowed : denied) = true;
    schemas_.emplace(name, std::move(read));
  }
  result_.introspection = allowed || (!denied && options.introspection);
}

CommentDirective Reflector::directive(const std::map<std::string, std::string>& settings, std::string_view what,
                                      std::string_view schema, std::string_view local, std::string_view comment) {
  auto setting = settings.find(qualified(schema, local));
  if (setting == settings.end()) setting = settings.find(std::string(local));
  auto read = setting != settings.end() ? parse_directive(setting->second) : directive_of(comment);
  if (read) return std::move(*read);
  warn("directive of " + std::string(what) + " " + (schema == local ? std::string(local) : qualified(schema, local)) +
       ": " + read.error().message);
  if (result_.broken_directive.empty()) result_.broken_directive = read.error().message;
  return {};
}

const CommentDirective& Reflector::schema(const std::string& name) { return schemas_[name]; }

bool Reflector::exposed(std::string_view schema) const {
  return std::ranges::find(snapshot_.schemas(), schema) != snapshot_.schemas().end();
}

bool Reflector::take_types(const std::vector<std::string>& names) {
  if (std::ranges::any_of(names, [&](const auto& name) { return types_.contains(name); })) return false;
  types_.insert(names.begin(), names.end());
  return true;
}

ReflectedRelation* Reflector::relation(std::string_view schema, std::string_view name) {
  const auto found = by_relation_.find(snapshot_.relation(schema, name));
  return found == by_relation_.end() ? nullptr : found->second;
}

bool Reflector::selectable(const catalog::Relation& relation, const std::vector<std::string>& columns) const {
  return std::ranges::all_of(columns, [&](const std::string& name) {
    const catalog::Column* const column = relation.column(name);
    return column != nullptr && (access_.on(relation, *column) & catalog::right_select) != 0;
  });
}

void Reflector::show(ReflectedRelation& relation) {
  relation.shown = true;
  for (const auto& computed : relation.computed) {
    if (computed.relationship == nullptr || computed.target->shown) continue;
    show(*this->relation(computed.relationship->target_schema, computed.relationship->target));
  }
}

std::optional<ReflectedType> Reflector::type(const catalog::Type& type, bool resolve_base_type) {
  const auto mapped = map_type(type, resolve_base_type);
  if (!mapped) return std::nullopt;
  if (mapped->enumeration == nullptr) return ReflectedType{.scalar = mapped->scalar, .list = mapped->list};
  if (!exposed(mapped->enumeration->schema)) return std::nullopt;
  const ReflectedEnumeration* const known = enumeration(*mapped->enumeration);
  if (known == nullptr) return ReflectedType{.scalar = "Opaque", .list = mapped->list};
  return ReflectedType{.scalar = {}, .enumeration = known, .list = mapped->list};
}

const ReflectedEnumeration* Reflector::enumeration(const catalog::Enumeration& enumeration) {
  const auto [entry, fresh] = by_enumeration_.try_emplace({enumeration.schema, enumeration.name}, nullptr);
  if (!fresh) return entry->second;
  ReflectedEnumeration made = reflected(enumeration);
  const std::string where = qualified(enumeration.schema, enumeration.name);
  std::set<std::string_view> names;
  for (const auto& member : made.members) {
    if (is_valid_name(member.name) && names.insert(member.name).second) continue;
    warn("enum " + where + " is Opaque: \"" + member.name + "\" is no name that a value can have");
    return nullptr;
  }
  if (!is_valid_name(made.name) || !take_types({made.name, made.name + "Filter", made.name + "ListFilter"})) {
    warn("enum " + where + " is Opaque: \"" + made.name + "\" is no name that its type can have");
    return nullptr;
  }
  return entry->second = &result_.enumerations.emplace_back(std::move(made));
}

ReflectedEnumeration Reflector::reflected(const catalog::Enumeration& enumeration) {
  const CommentDirective read =
      directive(settings().types, "type", enumeration.schema, enumeration.name, enumeration.comment);
  ReflectedEnumeration made;
  made.enumeration = &enumeration;
  made.name = read.name.empty() ? type_name(enumeration.name, schema(enumeration.schema).inflect_names.value_or(false))
                                : read.name;
  made.description = read.description;
  for (const std::string& label : enumeration.labels) {
    const auto mapping = std::ranges::find(read.mappings, label, &std::pair<std::string, std::string>::first);
    made.members.push_back({mapping == read.mappings.end() ? label : mapping->second, label});
  }
  return made;
}

Reflection reflect(const catalog::Snapshot& snapshot, const Access& access, const BuildOptions& options) {
  Reflector reflector(snapshot, access, options);
  reflect_relations(reflector);
  reflect_relationships(reflector);
  reflect_functions(reflector);
  return std::move(reflector.result());
}

}  // namespace ballast::graphql
