#include "storage/sqlite/inserted_row.hpp"

#include <charconv>

#include "encode/value.hpp"
#include "storage/sqlite/ddl_tokens.hpp"

namespace ballast::storage::sqlite {
namespace {

/// The position of the relation's name among the tokens; past the end when there is none.
std::size_t name_at(const std::vector<Token>& tokens) {
  std::size_t at = 0;
  const auto eat = [&](std::string_view word) {
    return at < tokens.size() && tokens[at].is(word) ? (++at, true) : false;
  };
  if (eat("INSERT")) {
    if (eat("OR")) ++at;
    if (eat("INTO")) return at;
  } else if (eat("UPDATE")) {
    if (eat("OR")) ++at;
    return at;
  } else if (eat("DELETE")) {
    if (eat("FROM")) return at;
  }
  return tokens.size();
}

struct AsCell {
  sql::Cell operator()(sql::Null) const { return {}; }
  sql::Cell operator()(bool value) const { return {sql::Cell::Kind::integer, value ? 1 : 0, 0, {}}; }
  sql::Cell operator()(std::int64_t value) const { return {sql::Cell::Kind::integer, value, 0, {}}; }
  sql::Cell operator()(double value) const { return {sql::Cell::Kind::real, 0, value, {}}; }
  sql::Cell operator()(const std::string& value) const { return {sql::Cell::Kind::text, 0, 0, value}; }
  sql::Cell operator()(const sql::Blob& value) const { return {sql::Cell::Kind::blob, 0, 0, value.bytes}; }
};

}  // namespace

std::string written_relation(std::string_view statement) {
  const auto tokens = tokens_of(statement);
  const std::size_t at = name_at(tokens);
  return at < tokens.size() ? tokens[at].text : std::string();
}

std::vector<Assigned> inserted_values(const sql::Statement& statement) {
  const auto tokens = tokens_of(statement.text);
  std::vector<Assigned> row;
  std::size_t at = name_at(tokens) + 1;
  if (at >= tokens.size() || !tokens[0].is("INSERT") || !tokens[at++].is('(')) return row;
  for (; at + 1 < tokens.size() && tokens[at].is_name(); ++at) {
    row.push_back({tokens[at].text, nullptr});
    if (!tokens[++at].is(',')) break;
  }
  if (at + 2 >= tokens.size() || !tokens[at].is(')') || !tokens[at + 1].is("VALUES") || !tokens[at + 2].is('('))
    return {};
  at += 3;
  // "?" and its number are two tokens.
  for (auto& assigned : row) {
    if (at + 2 >= tokens.size() || !tokens[at].is('?')) return {};
    const std::string& digits = tokens[at + 1].text;
    std::size_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (number == 0 || number > statement.params.size()) return {};
    assigned.value = &statement.params[number - 1];
    at += 3;
  }
  return row;
}

std::string shown(const sql::Param& value, const catalog::Column& column) {
  const sql::Cell cell = std::visit(AsCell{}, value);
  if (cell.kind == sql::Cell::Kind::null) return "null";
  std::string out;
  encode::write_text(out, cell, column.type.kind, column.type.scale);
  return out;
}

}  // namespace ballast::storage::sqlite
