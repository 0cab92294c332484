#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::storage::sqlite {

/// One token of SQL as SQLite cuts it (https://sqlite.org/lang_keywords.html, tokenize.c).
struct Token {
  enum class Kind {
    word,    ///< bare identifier, keyword or number
    quoted,  ///< "x", [x] or `x`
    string,  ///< 'x'
    punctuation
  };
  Kind kind = Kind::punctuation;
  std::string text;       ///< unquoted
  std::size_t begin = 0;  ///< bytes in the source
  std::size_t end = 0;

  bool is(char c) const { return kind == Kind::punctuation && text.size() == 1 && text[0] == c; }
  /// A bare word, whatever its case; `upper` is in upper case.
  bool is(std::string_view upper) const;
  bool is_name() const { return kind != Kind::punctuation; }
};

/// Without white space and comments. Unterminated quotes and comments end with the text.
std::vector<Token> tokens_of(std::string_view sql);

/// ASCII only, as SQLite compares names.
bool same_name(std::string_view a, std::string_view b);

}  // namespace ballast::storage::sqlite
