#include "graphql/type_mapping.hpp"

namespace ballast::graphql {
namespace {

using catalog::Kind;
using catalog::Type;

/// Extensions' types have the name of the schema that they were installed into.
std::string_view without_schema(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == name.npos ? name : name.substr(dot + 1);
}

std::string_view scalar_of(const Type& type) {
  switch (type.kind) {
    case Kind::boolean:
      return "Boolean";
    case Kind::integer:
      return type.name == "bigint" ? "BigInt" : "Int";
    case Kind::floating:
      return "Float";
    case Kind::numeric:
      return "BigFloat";
    case Kind::text:
      return type.name == "name" || type.name == "\"char\"" ? "Opaque" : "String";
    case Kind::date:
      return "Date";
    case Kind::time:
      return type.name.ends_with("with time zone") ? "Opaque" : "Time";
    case Kind::timestamp:
    case Kind::timestamptz:
      return "Datetime";
    case Kind::uuid:
      return "UUID";
    case Kind::json:
      return "JSON";
    default:
      return without_schema(type.name) == "citext" ? "String" : "Opaque";
  }
}

std::optional<MappedType> map_element(const Type& array, bool resolve_base_type) {
  const bool told = array.structure != nullptr && array.structure->element != nullptr;
  std::string_view name = array.name;
  if (!told && !name.ends_with("[]")) return MappedType{.scalar = "Opaque"};
  if (!told) name.remove_suffix(2);
  const Type element = told ? *array.structure->element : catalog::type_named(name);
  auto mapped = map_type(element, resolve_base_type);
  if (!mapped || mapped->list) return std::nullopt;
  mapped->list = true;
  return mapped;
}

}  // namespace

std::optional<MappedType> map_type(const Type& type, bool resolve_base_type) {
  const catalog::Structure* const structure = type.structure.get();
  if (structure != nullptr && structure->base != nullptr) {
    return resolve_base_type ? map_type(*structure->base, true) : MappedType{.scalar = "Opaque"};
  }
  if (structure != nullptr && structure->enumeration) return MappedType{.enumeration = &*structure->enumeration};
  if (type.kind == Kind::array) return map_element(type, resolve_base_type);
  if (type.kind == Kind::composite && (structure == nullptr || structure->row)) return std::nullopt;
  return MappedType{.scalar = scalar_of(type)};
}

}  // namespace ballast::graphql
