#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Names of the database as names of a schema (pg_graphql, "Inflection").
namespace ballast::graphql {

/// As the specification has it (section 2.1.9), and not one that begins with `__`, which are its own.
bool is_valid_name(std::string_view name) noexcept;

/// `account_holder` → `AccountHolder`; letters that are upper case stay so.
std::string pascal_case(std::string_view name);
/// `account_holder` → `accountHolder`
std::string camel_case(std::string_view name);
/// `AccountHolder` → `accountHolder`
std::string lower_first(std::string_view name);

/// Of a relation or an enum.
std::string type_name(std::string_view name, bool inflect);
/// Of a column, a function, an argument.
std::string field_name(std::string_view name, bool inflect);
/// Of a function, whose name may begin with an underscore that says that it is for rows.
std::string function_field_name(std::string_view name, bool inflect);
/// Of a relationship to one row: from the only column of its foreign key (`owner_id`, `ownerId` → `owner`), or from the
/// type of the row when the column does not end so.
std::string to_one_field_name(const std::vector<std::string>& columns, std::string_view target_type, bool inflect);

}  // namespace ballast::graphql
