#include "graphql/common_types.hpp"

#include <array>
#include <string_view>

#include "graphql/filter_operators.hpp"

namespace ballast::graphql {
namespace {

struct Scalar {
  std::string_view name;
  std::string_view description;
  bool listed = true;  ///< columns may be lists of it
};

constexpr std::array<Scalar, 14> scalars{{
    {"BigFloat", "A high precision floating point value represented as a string"},
    {"BigInt", "An arbitrary size integer represented as a string"},
    {"Boolean", "A value that is true or false"},
    {"Cursor", "An opaque string using for tracking a position in results during pagination", false},
    {"Date", "A date without time information"},
    {"Datetime", "A date and time"},
    {"Float", "A scalar floating point value up to 32 bits"},
    {"ID", "A globally unique identifier for a given record", false},
    {"Int", "A scalar integer up to 32 bits"},
    {"JSON", "A Javascript Object Notation value serialized as a string", false},
    {"Opaque", "Any type not handled by the type system"},
    {"String", "A string"},
    {"Time", "A time without date information"},
    {"UUID", "A universally unique identifier"},
}};

void add_enumerations(TypeSet& types) {
  types.add(TypeKind::enumeration, "FilterIs").members = {{"NULL", "", {}, "NULL"}, {"NOT_NULL", "", {}, "NOT_NULL"}};
  types.add(TypeKind::enumeration, "OrderByDirection", "Defines a per-field sorting order").members = {
      {"AscNullsFirst", "Ascending order, nulls first", {}, "AscNullsFirst"},
      {"AscNullsLast", "Ascending order, nulls last", {}, "AscNullsLast"},
      {"DescNullsFirst", "Descending order, nulls first", {}, "DescNullsFirst"},
      {"DescNullsLast", "Descending order, nulls last", {}, "DescNullsLast"}};
}

void add_page_info(TypeSet& types) {
  const TypeUse cursor = use(types.get("String"));
  const TypeUse flag = non_null(use(types.get("Boolean")));
  types.add(TypeKind::object, "PageInfo").fields = {
      {.name = "endCursor", .type = cursor, .binding = {.meaning = Meaning::end_cursor}},
      {.name = "hasNextPage", .type = flag, .binding = {.meaning = Meaning::has_next_page}},
      {.name = "hasPreviousPage", .type = flag, .binding = {.meaning = Meaning::has_previous_page}},
      {.name = "startCursor", .type = cursor, .binding = {.meaning = Meaning::start_cursor}}};
}

}  // namespace

void add_common_types(TypeSet& types) {
  for (const Scalar& scalar : scalars) {
    types.add(TypeKind::scalar, std::string(scalar.name), std::string(scalar.description));
  }
  add_enumerations(types);
  for (const Scalar& scalar : scalars) {
    const TypeDefinition& type = types.get(scalar.name);
    const auto operators = scalar_operators(scalar.name);
    if (!operators.empty()) add_value_filter(types, type, operators);
    if (scalar.listed) add_list_filter(types, type);
  }
  add_page_info(types);
  types.add(TypeKind::interface, "Node").fields = {{.name = "nodeId",
                                                    .description = "Retrieves a record by `ID`",
                                                    .type = non_null(use(types.get("ID"))),
                                                    .binding = {.meaning = Meaning::node_id}}};
}

std::vector<std::string> common_type_names() {
  std::vector<std::string> names{"Query", "Mutation", "PageInfo", "Node", "FilterIs", "OrderByDirection"};
  for (const Scalar& scalar : scalars) {
    for (const auto* const suffix : {"", "Filter", "ListFilter"}) names.push_back(std::string(scalar.name) + suffix);
  }
  return names;
}

}  // namespace ballast::graphql
