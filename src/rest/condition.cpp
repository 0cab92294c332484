#include "rest/condition.hpp"

#include <algorithm>
#include <array>

#include "base/nearest.hpp"
#include "rest/failure.hpp"
#include "rest/names.hpp"

namespace ballast::rest {
namespace {

struct Operator {
  std::string_view word;
  query::Op op;
  bool quantifiable;
  bool bindable;
};

/// A word that starts another stands behind it.
constexpr std::array<Operator, 19> operators = {{
    {"eq", query::Op::eq, true, true},
    {"neq", query::Op::neq, false, true},
    {"gte", query::Op::gte, true, true},
    {"gt", query::Op::gt, true, true},
    {"lte", query::Op::lte, true, true},
    {"lt", query::Op::lt, true, true},
    {"like", query::Op::like, true, true},
    {"ilike", query::Op::ilike, true, true},
    {"match", query::Op::match, true, false},
    {"imatch", query::Op::imatch, true, false},
    {"isdistinct", query::Op::is_distinct, false, false},
    {"cs", query::Op::contains, false, false},
    {"cd", query::Op::contained, false, false},
    {"ov", query::Op::overlaps, false, false},
    {"sl", query::Op::strictly_left, false, false},
    {"sr", query::Op::strictly_right, false, false},
    {"nxr", query::Op::not_right, false, false},
    {"nxl", query::Op::not_left, false, false},
    {"adj", query::Op::adjacent, false, false},
}};

struct TextSearch {
  std::string_view word;
  query::FullTextMode mode;
};
constexpr std::array<TextSearch, 4> text_searches = {{
    {"fts", query::FullTextMode::fts},
    {"plfts", query::FullTextMode::plain},
    {"phfts", query::FullTextMode::phrase},
    {"wfts", query::FullTextMode::web},
}};

constexpr std::array<std::pair<std::string_view, query::Is>, 5> tests = {{
    {"not_null", query::Is::not_null},
    {"null", query::Is::null},
    {"true", query::Is::true_},
    {"false", query::Is::false_},
    {"unknown", query::Is::unknown},
}};

constexpr std::string_view operator_label = "operator (eq, gt, ...)";

/// The operator that was meant, when what stands here looks like one.
std::string meant(std::string_view rest) {
  const std::string_view word = rest.substr(0, rest.find_first_of(".("));
  if (word.size() < 2 || word.size() == rest.size()) return {};
  std::vector<std::string> words = {"in", "is", "not"};
  for (const auto& known : operators) words.emplace_back(known.word);
  for (const auto& known : text_searches) words.emplace_back(known.word);
  return nearest(word, words);
}

class ConditionParser {
 public:
  ConditionParser(text::Cursor& at, const TreeText& tree, bool in_tree, const Settings& settings)
      : at_(at), tree_(tree), in_tree_(in_tree), settings_(settings) {}

  Result<Condition> run() {
    Condition condition;
    condition.negated = at_.eat("not.");
    const std::string_view word = at_.rest().substr(0, at_.rest().find_first_of(".("));
    const bool dot = word.size() < at_.rest().size() && at_.rest()[word.size()] == '.';
    if (word == "in" && word.size() < at_.rest().size()) {
      at_.skip(2);
      if (!at_.eat('.')) return fail("delimiter (.)");
      return in_list(std::move(condition));
    }
    if (word == "is" && dot) {
      at_.skip(3);
      return is(std::move(condition));
    }
    for (const auto& search : text_searches) {
      if (word == search.word) return full_text(std::move(condition), search);
    }
    for (const auto& known : operators) {
      if (word == known.word) return comparison(std::move(condition), known);
    }
    auto error = fail(condition.negated ? std::string(operator_label) : "\"not\" or " + std::string(operator_label));
    if (const auto near = meant(at_.rest()); !near.empty())
      error.hint = "Perhaps you meant the operator '" + near + "'.";
    return error;
  }

 private:
  Error fail(std::string_view expecting) const {
    return parse_failure(in_tree_ ? "logic tree" : "filter", tree_.text, at_.at(), expecting, tree_.prefix);
  }

  Result<Condition> in_list(Condition condition) {
    skip_blanks(at_);
    if (!at_.eat('(')) return fail("\"(\"");
    skip_blanks(at_);
    InList list;
    if (!at_.eat(')')) {
      do {
        skip_blanks(at_);
        list.values.push_back(element());
        if (list.values.size() > settings_.list_values) {
          return too_much("values in a list", settings_.list_values, "rest.list_values");
        }
      } while (at_.eat(','));
      if (!at_.eat(')')) return fail("\",\" or \")\"");
    }
    if (!in_tree_ && !at_.done()) {
      skip_blanks(at_);
      if (!at_.done()) return fail("end of input");
    }
    condition.operation = std::move(list);
    return condition;
  }

  /// Quoted only when the quotes span the whole element: `"a"b` is taken as written.
  std::string element() {
    if (at_.peek() == '"') {
      const std::size_t start = at_.at();
      auto value = quoted(at_);
      if (value) {
        const std::size_t end = at_.at();
        skip_blanks(at_);
        if (at_.done() || at_.peek() == ',' || at_.peek() == ')') return std::move(*value);
        at_.back_to(end);
      }
      at_.back_to(start);
    }
    std::string value(at_.until_any(",)"));
    while (!value.empty() && text::is(value.back(), text::space)) value.pop_back();
    return value;
  }

  Result<Condition> is(Condition condition) {
    for (const auto& [word, test] : tests) {
      const std::string_view rest = at_.rest();
      if (rest.size() < word.size()) continue;
      if (!std::equal(word.begin(), word.end(), rest.begin(), [](char a, char b) { return a == text::lower(b); }))
        continue;
      const std::size_t start = at_.at();
      at_.skip(word.size());
      skip_blanks(at_);
      if (in_tree_ ? at_.done() || at_.peek() == ',' || at_.peek() == ')' : at_.done()) {
        condition.operation = test;
        return condition;
      }
      at_.back_to(start);
    }
    return fail("isVal: (null, not_null, true, false, unknown)");
  }

  Result<Condition> full_text(Condition condition, const TextSearch& search) {
    at_.skip(search.word.size());
    FullTextMatch match;
    match.mode = search.mode;
    if (at_.eat('(')) {
      match.language = std::string(at_.run(text::alpha | text::digit | text::underscore));
      if (match.language.empty()) return fail("a text search configuration's name");
      if (!at_.eat(')')) return fail("\")\"");
    }
    if (!at_.eat('.')) return fail("delimiter (.)");
    match.query = value();
    condition.operation = std::move(match);
    return condition;
  }

  Result<Condition> comparison(Condition condition, const Operator& known) {
    at_.skip(known.word.size());
    Comparison comparison;
    comparison.op = known.op;
    if (known.quantifiable) {
      if (at_.eat("(any)"))
        comparison.quantifier = query::Quantifier::any;
      else if (at_.eat("(all)"))
        comparison.quantifier = query::Quantifier::all;
    }
    if (!at_.eat('.'))
      return fail(at_.peek() == '(' && known.quantifiable ? "\"(any)\", \"(all)\" or delimiter (.)" : "delimiter (.)");
    comparison.value = value();
    condition.operation = std::move(comparison);
    return condition;
  }

  std::string value() {
    if (!in_tree_) {
      std::string all(at_.rest());
      at_.skip(all.size());
      return all;
    }
    if (at_.peek() == '{') {
      if (const std::size_t length = balanced(at_.rest()); length > 0) {
        std::string array(at_.rest().substr(0, length));
        at_.skip(length);
        return array;
      }
    }
    return element();
  }

  /// The length of the braces that open `text` and what they hold; 0 when they do not close.
  static std::size_t balanced(std::string_view text) {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '{') ++depth;
      if (text[i] == '}' && --depth == 0) return i + 1;
    }
    return 0;
  }

  text::Cursor& at_;
  const TreeText& tree_;
  bool in_tree_;
  const Settings& settings_;
};

}  // namespace

Result<Condition> parse_condition(std::string_view text, const Settings& settings) {
  text::Cursor at(text);
  const TreeText tree{text, {}};
  return ConditionParser(at, tree, false, settings).run();
}

Result<Condition> condition_in_tree(text::Cursor& at, const TreeText& tree, const Settings& settings) {
  return ConditionParser(at, tree, true, settings).run();
}

bool begins_with_operator(std::string_view text) noexcept {
  if (text.starts_with("not.")) return true;
  const std::string_view word = text.substr(0, text.find_first_of(".("));
  if (word.size() == text.size()) return false;
  const bool dot = text[word.size()] == '.';
  if (word == "in" || word == "is") return dot;
  const auto is = [word](const auto& known) { return known.word == word; };
  if (std::any_of(text_searches.begin(), text_searches.end(), is)) return true;
  const auto* const found = std::find_if(operators.begin(), operators.end(), is);
  if (found == operators.end()) return false;
  const std::string_view rest = text.substr(word.size());
  return dot || (found->quantifiable && (rest.starts_with("(any).") || rest.starts_with("(all).")));
}

std::size_t bindable_prefix(std::string_view raw) noexcept {
  const std::size_t skipped = raw.starts_with("not.") ? 4 : 0;
  const std::string_view rest = raw.substr(skipped);
  for (const auto& known : operators) {
    if (!known.bindable) break;
    if (rest.size() > known.word.size() && rest[known.word.size()] == '.' && rest.starts_with(known.word)) {
      return skipped + known.word.size() + 1;
    }
  }
  return 0;
}

std::optional<std::vector<std::string>> parse_array_literal(std::string_view text) {
  text::Cursor at(text);
  skip_blanks(at);
  if (!at.eat('{')) return std::nullopt;
  std::vector<std::string> elements;
  skip_blanks(at);
  if (!at.eat('}')) {
    do {
      skip_blanks(at);
      if (at.peek() == '"') {
        auto element = quoted(at);
        if (!element) return std::nullopt;
        elements.push_back(std::move(*element));
        skip_blanks(at);
      } else {
        std::string element(at.until_any(",}"));
        while (!element.empty() && text::is(element.back(), text::space)) element.pop_back();
        elements.push_back(std::move(element));
      }
    } while (at.eat(','));
    if (!at.eat('}')) return std::nullopt;
  }
  skip_blanks(at);
  if (!at.done()) return std::nullopt;
  return elements;
}

}  // namespace ballast::rest
