#include "storage/sqlite/ddl_tokens.hpp"

#include <algorithm>

namespace ballast::storage::sqlite {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == '\0'; }
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// From the opening quote at `at`; a doubled closing quote stands for one, except in brackets.
std::size_t unquote(std::string_view sql, std::size_t at, std::string& out) {
  const char close = sql[at] == '[' ? ']' : sql[at];
  for (++at; at < sql.size(); ++at) {
    if (sql[at] != close) {
      out.push_back(sql[at]);
    } else if (close != ']' && at + 1 < sql.size() && sql[at + 1] == close) {
      out.push_back(close);
      ++at;
    } else {
      return at + 1;
    }
  }
  return at;
}

}  // namespace

bool Token::is(std::string_view wanted) const { return kind == Kind::word && same_name(text, wanted); }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return upper(x) == upper(y); });
}

std::vector<Token> tokens_of(std::string_view sql) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < sql.size()) {
    const char c = sql[at];
    if (is_space(c)) {
      ++at;
    } else if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql.substr(at, 2) == "/*") {
      const auto end = sql.find("*/", at + 2);
      at = end == std::string_view::npos ? sql.size() : end + 2;
    } else {
      Token token;
      token.begin = at;
      if (c == '"' || c == '`' || c == '[' || c == '\'') {
        token.kind = c == '\'' ? Token::Kind::string : Token::Kind::quoted;
        at = unquote(sql, at, token.text);
      } else if (is_word(c)) {
        token.kind = Token::Kind::word;
        while (at < sql.size() && is_word(sql[at])) token.text.push_back(sql[at++]);
      } else {
        token.text.assign(1, c);
        ++at;
      }
      token.end = at;
      tokens.push_back(std::move(token));
    }
  }
  return tokens;
}

}  // namespace ballast::storage::sqlite
