#include "graphql/argument_default.hpp"

#include <algorithm>
#include <string>

#include "json/writer.hpp"
#include "text/chars.hpp"

namespace ballast::graphql {
namespace {

/// Nothing, or `::character varying(10)`.
bool is_cast(std::string_view rest) {
  if (rest.empty()) return true;
  if (!rest.starts_with("::")) return false;
  return std::ranges::all_of(rest.substr(2), [](char c) {
    return text::is(c, text::alpha | text::digit | text::underscore) || c == ' ' || c == '.' || c == '"' || c == '(' ||
           c == ')' || c == ',';
  });
}

/// `'it''s'`, from which `rest` is what follows. One with escapes (`E'…'`) is none.
std::optional<std::string> quoted_text(std::string_view sql, std::string_view& rest) {
  if (!sql.starts_with('\'')) return std::nullopt;
  std::string out;
  for (std::size_t i = 1; i < sql.size(); ++i) {
    if (sql[i] != '\'') {
      out.push_back(sql[i]);
    } else if (i + 1 < sql.size() && sql[i + 1] == '\'') {
      out.push_back(sql[++i]);
    } else {
      rest = sql.substr(i + 1);
      return out;
    }
  }
  return std::nullopt;
}

std::optional<Input> written(std::string text, std::string_view scalar) {
  if (scalar == "Int" || scalar == "Float") {
    if (!json::is_number(text)) return std::nullopt;
    const bool integer = text.find_first_of(".eE") == text.npos;
    if (scalar == "Int" && !integer) return std::nullopt;
    return Input{.value = Input::Number{std::move(text), integer}, .variable = {}};
  }
  if (scalar == "Boolean") {
    if (text != "true" && text != "false") return std::nullopt;
    return Input{.value = text == "true", .variable = {}};
  }
  return Input{.value = std::move(text), .variable = {}};
}

}  // namespace

std::optional<Input> argument_default(std::string_view sql, std::string_view scalar) {
  std::string_view rest;
  if (auto text = quoted_text(sql, rest)) return is_cast(rest) ? written(std::move(*text), scalar) : std::nullopt;
  const std::string_view word = sql.substr(0, sql.find("::"));
  if (!is_cast(sql.substr(word.size()))) return std::nullopt;
  if (word != "true" && word != "false" && !json::is_number(word)) return std::nullopt;
  return written(std::string(word), scalar);
}

}  // namespace ballast::graphql
