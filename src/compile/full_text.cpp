#include "compile/full_text.hpp"

#include <optional>
#include <vector>

#include "text/cursor.hpp"

namespace ballast::compile {
namespace {

using query::FullTextMode;

/// Levels of parentheses and `!` in a tsquery.
constexpr int depth_limit = 50;

/// Words in one query. FTS5 refuses expressions deeper than 256 (SQLITE_FTS5_MAX_EXPR_DEPTH).
constexpr std::size_t word_limit = 200;

enum class Join : std::uint8_t { none, phrase, conjunction, disjunction, exclusion };

/// An expression, and whether its complement is meant. Without text it is nothing at all.
struct Term {
  std::string text;
  bool negated = false;
  Join join = Join::none;  ///< what holds its text together; `phrase`: strings joined by '+', may be extended
  std::size_t words = 0;
  bool empty() const noexcept { return text.empty(); }
};

bool has_word(std::string_view text) {
  for (const char c : text) {
    if (text::is(c, text::digit | text::alpha) || static_cast<unsigned char>(c) >= 0x80) return true;
  }
  return false;
}

Term quoted(std::string_view words) {
  Term term;
  if (!has_word(words)) return term;
  term.text = "\"";
  for (const char c : words) {
    if (c == '"') term.text += c;
    term.text += c;
  }
  term.text += '"';
  term.join = Join::phrase;
  term.words = 1;
  return term;
}

bool compound(Join join) { return join == Join::conjunction || join == Join::disjunction || join == Join::exclusion; }

/// FTS5's operators associate to the left, so that a chain of one operator needs no parentheses.
Term joined(Term a, Join join, Term b, bool negated) {
  if (compound(a.join) && a.join != join) {
    a.text.insert(0, 1, '(');
    a.text += ')';
  }
  a.text += join == Join::conjunction ? " AND " : join == Join::disjunction ? " OR " : " NOT ";
  if (compound(b.join)) a.text += '(';
  a.text += b.text;
  if (compound(b.join)) a.text += ')';
  a.join = join;
  a.negated = negated;
  a.words += b.words;
  return a;
}

// De Morgan keeps negation at the outside, since FTS5 only knows the binary `a NOT b`.
Term both(Term a, Term b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  if (a.negated && b.negated) return joined(std::move(a), Join::disjunction, std::move(b), true);
  if (a.negated) return joined(std::move(b), Join::exclusion, std::move(a), false);
  return joined(std::move(a), b.negated ? Join::exclusion : Join::conjunction, std::move(b), false);
}

Term either(Term a, Term b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  if (a.negated && b.negated) return joined(std::move(a), Join::conjunction, std::move(b), true);
  if (a.negated) return joined(std::move(a), Join::exclusion, std::move(b), true);
  if (b.negated) return joined(std::move(b), Join::exclusion, std::move(a), true);
  return joined(std::move(a), Join::disjunction, std::move(b), false);
}

Term complement(Term term) {
  if (!term.empty()) term.negated = !term.negated;
  if (term.join == Join::phrase) term.join = Join::none;
  return term;
}

Term all_words(std::string_view text) {
  text::Cursor in(text);
  Term all;
  while (!in.done()) {
    in.run(text::space);
    all = both(std::move(all), quoted(in.until_any(" \t\n\r\v\f")));
  }
  return all;
}

// web ::= conjunction ( "or" conjunction )* ; conjunction ::= ( [ '-' ] ( '"' phrase '"' | word ) )*
Term web_search(std::string_view text) {
  text::Cursor in(text);
  Term any;
  Term all;
  const auto is_or = [](std::string_view word) {
    return word.size() == 2 && text::lower(word[0]) == 'o' && text::lower(word[1]) == 'r';
  };
  while (!in.done()) {
    in.run(text::space);
    const bool excluded = in.eat('-');
    Term term;
    if (in.eat('"')) {
      term = quoted(in.until('"'));
      in.eat('"');
    } else {
      const std::string_view word = in.until_any(" \t\n\r\v\f\"");
      if (!excluded && is_or(word)) {
        any = either(std::move(any), std::move(all));
        all = {};
        continue;
      }
      term = quoted(word);
    }
    all = both(std::move(all), excluded ? complement(std::move(term)) : std::move(term));
  }
  return either(std::move(any), std::move(all));
}

/// PostgreSQL manual, section 8.11.2.
///
///     or     ::= and ( '|' and )*
///     and    ::= phrase ( '&' phrase )*
///     phrase ::= unary ( '<->' unary )*
///     unary  ::= '!' unary | '(' or ')' | lexeme [ ':' ( '*' | [A-Da-d] )+ ]
///     lexeme ::= quoted with single quotes, or anything up to a space or one of & | ! ( ) < : '
class TsQuery {
 public:
  explicit TsQuery(std::string_view text) : text_(text), in_(text) {}

  Result<Term> parse() {
    in_.run(text::space);
    if (in_.done()) return Term{};
    BALLAST_TRY(Term term, either_of(0));
    if (!in_.done()) return mistake();
    return term;
  }

 private:
  Error mistake() const {
    std::string message = "syntax error in tsquery: \"";
    message += text_;
    message += '"';
    return make_error(400, "42601", std::move(message))
        .with_hint("join words with & (and), | (or), <-> (followed by); use plfts or wfts for plain words");
  }

  bool take(char op) {
    in_.run(text::space);
    return in_.eat(op);
  }

  Result<Term> either_of(int depth) {
    BALLAST_TRY(Term term, all_of(depth));
    while (take('|')) {
      BALLAST_TRY(Term next, all_of(depth));
      term = either(std::move(term), std::move(next));
    }
    return term;
  }

  Result<Term> all_of(int depth) {
    BALLAST_TRY(Term term, phrase(depth));
    while (take('&')) {
      BALLAST_TRY(Term next, phrase(depth));
      term = both(std::move(term), std::move(next));
    }
    return term;
  }

  Result<Term> phrase(int depth) {
    BALLAST_TRY(Term term, unary(depth));
    for (;;) {
      in_.run(text::space);
      if (!in_.eat("<->") && !in_.eat("<1>")) break;
      BALLAST_TRY(Term next, unary(depth));
      if (next.empty()) continue;
      if (term.empty()) {
        term = std::move(next);
        continue;
      }
      if (term.join != Join::phrase || next.join != Join::phrase) {
        return make_error(400, "0A000", "<-> between anything but words is not available on this engine (SQLite)");
      }
      term.text += " + ";
      term.text += next.text;
      term.words += next.words;
    }
    if (in_.peek() == '<') {
      return make_error(400, "0A000", "<N> between words is not available on this engine (SQLite)")
          .with_hint("use <-> for words that follow each other, or & for words anywhere");
    }
    return term;
  }

  Result<Term> unary(int depth) {
    if (depth > depth_limit) return mistake();
    in_.run(text::space);
    if (in_.eat('!')) {
      BALLAST_TRY(Term term, unary(depth + 1));
      return complement(std::move(term));
    }
    if (in_.eat('(')) {
      BALLAST_TRY(Term term, either_of(depth + 1));
      if (!take(')')) return mistake();
      if (term.join == Join::phrase) term.join = Join::none;
      return term;
    }
    std::string word;
    if (in_.eat('\'')) {
      for (;;) {
        word += in_.until('\'');
        if (!in_.eat('\'')) return mistake();
        if (!in_.eat('\'')) break;
        word += '\'';
      }
    } else {
      word = in_.until_any(" \t\n\r\v\f&|!()<:'");
      if (word.empty()) return mistake();
    }
    Term term = quoted(word);
    if (in_.eat(':')) {
      bool prefix = false;
      std::size_t flags = 0;
      for (;; ++flags) {
        if (in_.eat('*')) {
          prefix = true;
        } else if (text::lower(in_.peek()) >= 'a' && text::lower(in_.peek()) <= 'd') {
          in_.skip();
        } else {
          break;
        }
      }
      if (flags == 0) return mistake();
      if (prefix && !term.empty()) {
        term.text += " *";
        term.join = Join::none;  // a prefix ends a phrase
      }
    }
    return term;
  }

  std::string_view text_;
  text::Cursor in_;
};

Result<Term> translate(FullTextMode mode, std::string_view text) {
  switch (mode) {
    case FullTextMode::fts:
      return TsQuery(text).parse();
    case FullTextMode::plain:
      return all_words(text);
    case FullTextMode::phrase:
      return quoted(text);
    case FullTextMode::web:
      return web_search(text);
  }
  return Term{};
}

}  // namespace

Result<Fts5Query> to_fts5(FullTextMode mode, std::string_view text, std::string_view column) {
  if (text.find('\0') != std::string_view::npos) {
    return make_error(400, "22021", "invalid byte sequence for encoding \"UTF8\": 0x00");
  }
  BALLAST_TRY(Term term, translate(mode, text));
  if (term.words > word_limit) {
    return make_error(400, "54000", "expected at most " + std::to_string(word_limit) + " words in a search");
  }
  Fts5Query out;
  if (term.empty()) {
    out.text = "\"\"";
    return out;
  }
  out.negated = term.negated;
  if (column.empty()) {
    out.text = std::move(term.text);
    return out;
  }
  out.text = "\"";
  for (const char c : column) {
    if (c == '"') out.text += c;
    out.text += c;
  }
  out.text += "\" : (";
  out.text += term.text;
  out.text += ')';
  return out;
}

}  // namespace ballast::compile
