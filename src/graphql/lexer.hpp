#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "graphql/token.hpp"
#include "text/cursor.hpp"

namespace ballast::graphql {

/// Reads a source's tokens one after the other (specification, sections 2.1.1 to 2.1.7): ignores byte order marks,
/// white space, line terminators, comments and commas, and takes the longest token there is.
class Lexer {
 public:
  /// The source outlives the lexer and the tokens.
  explicit Lexer(std::string_view source) noexcept : cursor_(source) {}

  /// Behind the last token, and behind an invalid one, comes the end, again and again.
  Token next();

 private:
  Position here() const noexcept;
  void skip_ignored();
  bool line_terminator();
  template <class Stop>
  std::string_view characters(Stop stop);

  Token punctuator(Token token, TokenKind kind, std::size_t length);
  Token number(Token token);
  Token string(Token token);
  Token block_string(Token token);
  Token finish(Token token, TokenKind kind, std::size_t start) const;
  Token mistake(std::string message);
  bool escape(std::string& out, std::string& mistake);

  text::Cursor cursor_;
  std::uint32_t line_ = 1;
  std::size_t line_start_ = 0;  // its offset
  std::size_t extra_ = 0;       // bytes of the line so far that are no characters of their own
};

}  // namespace ballast::graphql
