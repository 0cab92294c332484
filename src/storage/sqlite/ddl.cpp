#include "storage/sqlite/ddl.hpp"

#include <algorithm>
#include <utility>

#include "storage/sqlite/ddl_tokens.hpp"

namespace ballast::storage::sqlite {
namespace {

class Parser {
 public:
  Parser(std::string_view sql, Ddl& into) : sql_(sql), tokens_(tokens_of(sql)), into_(into) {}

  // create ::= CREATE [TEMP] (TABLE name "(" items ")" options | VIRTUAL TABLE name USING module ["(" args ")"]
  //                          | TRIGGER name [INSTEAD OF event] …)
  void create() {
    if (!eat("CREATE")) return;
    if (!eat("TEMP")) eat("TEMPORARY");
    if (eat("VIRTUAL")) {
      if (eat("TABLE")) virtual_table();
    } else if (eat("TABLE")) {
      table();
    } else if (eat("TRIGGER")) {
      trigger();
    }
  }

 private:
  bool done() const { return at_ >= tokens_.size(); }
  const Token& peek() const {
    static const Token end;
    return done() ? end : tokens_[at_];
  }
  bool eat(std::string_view word) {
    if (!peek().is(word)) return false;
    ++at_;
    return true;
  }
  bool eat(char c) {
    if (done() || !peek().is(c)) return false;
    ++at_;
    return true;
  }
  std::string name() { return peek().is_name() && !done() ? tokens_[at_++].text : std::string(); }

  void qualified_name() {
    if (eat("IF") && eat("NOT")) eat("EXISTS");
    name();
    if (eat('.')) name();
  }

  /// Past the group that opens here. The source text between its parentheses.
  std::string_view group() {
    if (!eat('(')) return {};
    const std::size_t begin = tokens_[at_ - 1].end;
    std::size_t end = sql_.size();
    for (int depth = 1; !done(); ++at_) {
      if (peek().is('(')) ++depth;
      if (peek().is(')') && --depth == 0) {
        end = peek().begin;
        ++at_;
        break;
      }
    }
    return sql_.substr(begin, end - begin);
  }

  // "(" name [COLLATE name] [ASC|DESC] {"," …} ")"
  std::vector<std::string> names() {
    std::vector<std::string> list;
    if (!eat('(')) return list;
    bool expected = true;
    int depth = 1;
    while (!done() && depth > 0) {
      const Token& token = peek();
      if (token.is('(')) {
        ++depth;
      } else if (token.is(')')) {
        --depth;
      } else if (token.is(',') && depth == 1) {
        expected = true;
      } else if (expected && token.is_name()) {
        list.push_back(token.text);
        expected = false;
      }
      ++at_;
    }
    return list;
  }

  void table() {
    qualified_name();
    if (!eat('(')) return;
    while (!done() && !peek().is(')')) {
      if (starts_table_constraint()) {
        constraints({});
      } else {
        const std::string column = name();
        if (column.empty()) ++at_;
        constraints(column);
      }
      eat(',');
    }
    eat(')');
    for (; !done(); ++at_) {
      if (peek().is("WITHOUT")) into_.without_rowid = true;
    }
  }

  bool starts_table_constraint() const {
    const Token& token = peek();
    return token.is("CONSTRAINT") || token.is("PRIMARY") || token.is("UNIQUE") || token.is("CHECK") ||
           token.is("FOREIGN");
  }

  /// To the comma or parenthesis that ends the definition. `column` is empty among table constraints, which need no
  /// comma between them.
  void constraints(const std::string& column) {
    std::string constraint;
    while (!done() && !peek().is(',') && !peek().is(')')) {
      if (eat("CONSTRAINT")) {
        constraint = name();
        continue;
      }
      if (eat("CHECK")) {
        into_.checks.push_back({std::exchange(constraint, {}), trimmed(group())});
      } else if (eat("PRIMARY")) {
        eat("KEY");
        key(constraint, column, true);
      } else if (eat("UNIQUE")) {
        key(constraint, column, false);
      } else if (eat("FOREIGN")) {
        eat("KEY");
        into_.references.push_back({std::exchange(constraint, {}), names()});
        if (eat("REFERENCES")) referenced();
      } else if (eat("REFERENCES")) {
        into_.references.push_back({std::exchange(constraint, {}), {column}});
        referenced();
      } else if (eat("DEFAULT") || eat("AS")) {
        constraint.clear();
        if (peek().is('(')) {
          group();
        } else if (!done()) {
          ++at_;
        }
      } else if (peek().is('(')) {
        group();
      } else {
        if (peek().is("NULL") || peek().is("COLLATE")) constraint.clear();
        ++at_;
      }
    }
  }

  void key(std::string& constraint, const std::string& column, bool primary) {
    Ddl::Key found{std::exchange(constraint, {}), {column}, primary};
    if (column.empty()) found.columns = names();
    into_.keys.push_back(std::move(found));
  }

  // name ["(" columns ")"] {ON … | MATCH … | [NOT] DEFERRABLE …}: the rest is skipped by the caller
  void referenced() {
    name();
    if (peek().is('(')) group();
    if (eat("ON") || eat("MATCH")) ++at_;
  }

  void virtual_table() {
    qualified_name();
    if (!eat("USING")) return;
    into_.module = name();
    std::transform(into_.module.begin(), into_.module.end(), into_.module.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (!eat('(')) return;
    int depth = 1;
    std::size_t begin = done() ? sql_.size() : tokens_[at_ - 1].end;
    for (; !done() && depth > 0; ++at_) {
      const Token& token = peek();
      if (token.is('(')) ++depth;
      if (token.is(')')) --depth;
      if (depth == 0 || (depth == 1 && token.is(','))) {
        into_.arguments.push_back(trimmed(sql_.substr(begin, token.begin - begin)));
        begin = token.end;
      }
    }
  }

  void trigger() {
    qualified_name();
    if (!eat("INSTEAD") || !eat("OF")) return;
    if (eat("INSERT")) into_.instead_of = Ddl::Instead::insert;
    if (eat("UPDATE")) into_.instead_of = Ddl::Instead::update;
    if (eat("DELETE")) into_.instead_of = Ddl::Instead::delete_;
  }

  static std::string trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(space) - begin + 1));
  }

  std::string_view sql_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  Ddl& into_;
};

}  // namespace

Ddl parse_ddl(std::string_view sql) {
  Ddl ddl;
  Parser(sql, ddl).create();
  return ddl;
}

std::string option(const Ddl& ddl, std::string_view name) {
  for (const auto& argument : ddl.arguments) {
    const auto tokens = tokens_of(argument);
    if (tokens.size() >= 3 && same_name(tokens[0].text, name) && tokens[1].is('=')) return tokens[2].text;
  }
  return {};
}

std::vector<std::string> enumerated(std::string_view expression, std::string_view column) {
  const auto tokens = tokens_of(expression);
  std::vector<std::string> values;
  if (tokens.size() < 5 || !tokens[0].is_name() || !same_name(tokens[0].text, column) || !tokens[1].is("IN") ||
      !tokens[2].is('(') || !tokens.back().is(')')) {
    return values;
  }
  for (std::size_t i = 3; i + 1 < tokens.size(); ++i) {
    const bool value_expected = i % 2 == 1;
    if (value_expected ? tokens[i].kind != Token::Kind::string : !tokens[i].is(',')) return {};
    if (value_expected) values.push_back(tokens[i].text);
  }
  return values;
}

std::vector<std::string> columns_in(std::string_view expression, const std::vector<std::string>& columns) {
  std::vector<std::string> found;
  for (const Token& token : tokens_of(expression)) {
    if (token.kind != Token::Kind::word && token.kind != Token::Kind::quoted) continue;
    for (const auto& column : columns) {
      if (!same_name(column, token.text)) continue;
      if (std::find(found.begin(), found.end(), column) == found.end()) found.push_back(column);
    }
  }
  return found;
}

}  // namespace ballast::storage::sqlite
