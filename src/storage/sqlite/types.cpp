#include "storage/sqlite/types.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace ballast::storage::sqlite {

catalog::Type type_of(std::string_view declared) {
  // Names that SQLite's users write and PostgreSQL does not know, or knows as something narrower.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 20> names{{
      {"mediumint", "integer"},
      {"tinyint", "smallint"},
      {"unsigned big int", "bigint"},
      {"big int", "bigint"},
      {"bigint unsigned", "bigint"},
      {"int unsigned", "bigint"},
      {"number", "numeric"},
      {"real", "double precision"},
      {"double", "double precision"},
      {"nvarchar", "character varying"},
      {"varying character", "character varying"},
      {"native character", "character varying"},
      {"varchar2", "character varying"},
      {"string", "text"},
      {"nchar", "character"},
      {"clob", "text"},
      {"blob", "bytea"},
      {"datetime", "timestamp"},
      {"guid", "uuid"},
      {"bit", "boolean"},
  }};
  std::string text(declared);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto open = text.find('(');
  std::string base = text.substr(0, open);
  while (!base.empty() && base.back() == ' ') base.pop_back();
  const auto found = std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.first == base; });
  if (found != names.end()) text.replace(0, base.size(), found->second);
  catalog::Type type = catalog::type_named(text);
  if (type.kind == catalog::Kind::other || type.kind == catalog::Kind::array) return {};
  // "int(11)" and "text(50)" are common; only these types have a length.
  if (type.kind != catalog::Kind::numeric && type.kind != catalog::Kind::text) type.precision = 0;
  if (type.name == "text") type.precision = 0;
  if (type.kind != catalog::Kind::numeric) type.scale = -1;
  return type;
}

}  // namespace ballast::storage::sqlite
