#include "graphql/parser.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "graphql/lexer.hpp"

namespace ballast::graphql {
namespace {

/// Words that start a type system definition or extension.
constexpr std::array<std::string_view, 9> type_system = {"schema", "scalar", "type",      "interface", "union",
                                                         "enum",   "input",  "directive", "extend"};

/// Of the grammar's Value[Const] and what contains it: may a variable stand there?
enum class Const : bool { no, yes };

/// Every function takes what its name says, or returns false with the problem set.
class Parser {
 public:
  Parser(std::string_view source, const ParseLimits& limits) : lexer_(source), limits_(limits) {}

  std::variant<Document, Problem> run() {
    Document document;
    if (!advance()) return std::move(problem_);
    do {
      if (!definition(document)) return std::move(problem_);
    } while (!token_.is(TokenKind::end));
    return document;
  }

 private:
  bool fail(std::string_view message, Position at) {
    problem_ = {"Syntax Error: " + std::string(message), {at}, "GRAPHQL_PARSE_FAILED", {}};
    return false;
  }
  bool unexpected() { return fail("Unexpected " + describe(token_) + ".", token_.at); }
  bool expected(std::string_view what) {
    return fail("Expected " + std::string(what) + ", found " + describe(token_) + ".", token_.at);
  }

  bool advance() {
    token_ = lexer_.next();
    if (token_.is(TokenKind::invalid)) return fail(token_.value, token_.at);
    if (!token_.is(TokenKind::end) && ++tokens_ > limits_.max_tokens) {
      return fail("Document contains more than " + std::to_string(limits_.max_tokens) + " tokens. Parsing aborted.",
                  token_.at);
    }
    return true;
  }

  bool peek(std::string_view keyword) const { return token_.is(TokenKind::name) && token_.text == keyword; }
  bool expect(TokenKind kind) { return token_.is(kind) ? advance() : expected(describe(kind)); }
  bool expect(std::string_view keyword) {
    return peek(keyword) ? advance() : expected("\"" + std::string(keyword) + "\"");
  }

  /// One level of nesting, as long as it lives.
  class Nesting {
   public:
    explicit Nesting(int& depth) : depth_(depth) { ++depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --depth_; }

   private:
    int& depth_;
  };
  bool too_deep() {
    return depth_ > limits_.max_depth &&
           !fail("Document is nested more than " + std::to_string(limits_.max_depth) + " levels deep.", token_.at);
  }

  /// `open item* close`
  template <class Item>
  bool any(TokenKind open, TokenKind close, Item item) {
    if (!expect(open)) return false;
    while (!token_.is(close)) {
      if (!item()) return false;
    }
    return advance();
  }
  /// `open item+ close`
  template <class Item>
  bool many(TokenKind open, TokenKind close, Item item) {
    if (!expect(open)) return false;
    do {
      if (!item()) return false;
    } while (!token_.is(close));
    return advance();
  }

  bool name(std::string& into) {
    if (!token_.is(TokenKind::name)) return expected(describe(TokenKind::name));
    into = token_.text;
    return advance();
  }

  // Definition : Description? OperationType … | Description? fragment … | SelectionSet
  bool definition(Document& document) {
    const Position start = token_.at;
    const bool described = token_.is(TokenKind::string_value) || token_.is(TokenKind::block_string);
    if (described && !advance()) return false;
    if (token_.is(TokenKind::open_brace)) {
      if (described) {
        return fail("Unexpected description, descriptions are not supported on shorthand queries.", start);
      }
      Operation& operation = document.operations.emplace_back();
      operation.at = start;
      return selection_set(operation.selections);
    }
    if (peek("fragment")) return fragment_definition(document.fragments.emplace_back());
    for (const auto type : {OperationType::query, OperationType::mutation, OperationType::subscription}) {
      if (peek(to_string(type))) return operation_definition(document.operations.emplace_back(), type);
    }
    if (token_.is(TokenKind::name) &&
        std::find(type_system.begin(), type_system.end(), token_.text) != type_system.end()) {
      return fail("Expected an operation or a fragment; type system definitions are not executable.", token_.at);
    }
    return unexpected();
  }

  // OperationType Name? VariablesDefinition? Directives? SelectionSet
  bool operation_definition(Operation& into, OperationType type) {
    into.at = token_.at;
    into.type = type;
    if (!advance()) return false;
    if (token_.is(TokenKind::name) && !name(into.name)) return false;
    if (token_.is(TokenKind::open_parenthesis)) {
      const auto item = [&] { return variable_definition(into.variables.emplace_back()); };
      if (!many(TokenKind::open_parenthesis, TokenKind::close_parenthesis, item)) return false;
    }
    return directives(into.directives, Const::no) && selection_set(into.selections);
  }

  // Description? Variable : Type DefaultValue? Directives[Const]?
  bool variable_definition(VariableDefinition& into) {
    if ((token_.is(TokenKind::string_value) || token_.is(TokenKind::block_string)) && !advance()) return false;
    into.at = token_.at;
    if (!expect(TokenKind::dollar) || !name(into.name) || !expect(TokenKind::colon) || !type(into.type)) return false;
    if (token_.is(TokenKind::equals)) {
      if (!advance() || !value(into.default_value.emplace(), Const::yes)) return false;
    }
    return directives(into.directives, Const::yes);
  }

  // NamedType | [ Type ] | NamedType ! | [ Type ] !
  bool type(TypeReference& into) {
    into.at = token_.at;
    if (token_.is(TokenKind::open_bracket)) {
      const Nesting nesting(depth_);
      if (too_deep() || !advance() || !type(*into.items.emplace()) || !expect(TokenKind::close_bracket)) return false;
    } else if (!name(into.name)) {
      return false;
    }
    into.non_null = token_.is(TokenKind::exclamation);
    return !into.non_null || advance();
  }

  // fragment FragmentName TypeCondition Directives? SelectionSet
  bool fragment_definition(Fragment& into) {
    into.at = token_.at;
    if (!advance()) return false;
    if (peek("on")) return unexpected();
    return name(into.name) && expect("on") && name(into.on) && directives(into.directives, Const::no) &&
           selection_set(into.selections);
  }

  // { Selection+ }
  bool selection_set(std::vector<Selection>& into) {
    const Nesting nesting(depth_);
    if (too_deep()) return false;
    return many(TokenKind::open_brace, TokenKind::close_brace, [&] { return selection(into.emplace_back()); });
  }

  // Field | FragmentSpread | InlineFragment
  bool selection(Selection& into) {
    if (!token_.is(TokenKind::spread)) return field(into.node.emplace<Field>());
    const Position at = token_.at;
    if (!advance()) return false;
    if (token_.is(TokenKind::name) && !peek("on")) {
      auto& spread = into.node.emplace<FragmentSpread>();
      spread.at = at;
      return name(spread.name) && directives(spread.directives, Const::no);
    }
    auto& fragment = into.node.emplace<InlineFragment>();
    fragment.at = at;
    if (peek("on") && (!advance() || !name(fragment.on))) return false;
    return directives(fragment.directives, Const::no) && selection_set(fragment.selections);
  }

  // Alias? Name Arguments? Directives? SelectionSet?
  bool field(Field& into) {
    into.at = token_.at;
    if (!name(into.name)) return false;
    if (token_.is(TokenKind::colon)) {
      into.alias = std::move(into.name);
      if (!advance() || !name(into.name)) return false;
    }
    if (!arguments(into.arguments, Const::no) || !directives(into.directives, Const::no)) return false;
    return !token_.is(TokenKind::open_brace) || selection_set(into.selections);
  }

  // ( Argument[?Const]+ ), or nothing
  bool arguments(std::vector<Argument>& into, Const constant) {
    if (!token_.is(TokenKind::open_parenthesis)) return true;
    return many(TokenKind::open_parenthesis, TokenKind::close_parenthesis, [&] {
      Argument& argument = into.emplace_back();
      argument.at = token_.at;
      return name(argument.name) && expect(TokenKind::colon) && value(argument.value, constant);
    });
  }

  // Directive[?Const]*
  bool directives(std::vector<Directive>& into, Const constant) {
    while (token_.is(TokenKind::at)) {
      Directive& directive = into.emplace_back();
      directive.at = token_.at;
      if (!advance() || !name(directive.name) || !arguments(directive.arguments, constant)) return false;
    }
    return true;
  }

  bool value(Value& into, Const constant) {
    into.at = token_.at;
    switch (token_.kind) {
      case TokenKind::dollar:
        return variable(into, constant);
      case TokenKind::int_value:
        into.node = IntValue{std::string(token_.text)};
        return advance();
      case TokenKind::float_value:
        into.node = FloatValue{std::string(token_.text)};
        return advance();
      case TokenKind::string_value:
      case TokenKind::block_string:
        into.node = StringValue{std::move(token_.value)};
        return advance();
      case TokenKind::name:
        into.node = named_value(token_.text);
        return advance();
      case TokenKind::open_bracket:
        return list(into.node.emplace<ListValue>(), constant);
      case TokenKind::open_brace:
        return object(into.node.emplace<ObjectValue>(), constant);
      default:
        return unexpected();
    }
  }

  bool variable(Value& into, Const constant) {
    if (!advance()) return false;
    if (constant == Const::yes && token_.is(TokenKind::name)) {
      std::string what = describe(token_);
      what.replace(0, what.find('"') + 1, "variable \"$");
      return fail("Unexpected " + what + " in constant value.", into.at);
    }
    if (constant == Const::yes) return fail("Unexpected " + describe(TokenKind::dollar) + ".", into.at);
    return name(into.node.emplace<VariableValue>().name);
  }

  // BooleanValue | NullValue | EnumValue
  static decltype(Value::node) named_value(std::string_view name) {
    if (name == "true" || name == "false") return BooleanValue{name == "true"};
    if (name == "null") return NullValue{};
    return EnumValue{std::string(name)};
  }

  bool list(ListValue& into, Const constant) {
    const Nesting nesting(depth_);
    if (too_deep()) return false;
    return any(TokenKind::open_bracket, TokenKind::close_bracket,
               [&] { return value(into.items.emplace_back(), constant); });
  }

  bool object(ObjectValue& into, Const constant) {
    const Nesting nesting(depth_);
    if (too_deep()) return false;
    return any(TokenKind::open_brace, TokenKind::close_brace, [&] {
      ObjectField& field = into.fields.emplace_back();
      field.at = token_.at;
      return name(field.name) && expect(TokenKind::colon) && value(field.value, constant);
    });
  }

  Lexer lexer_;
  const ParseLimits& limits_;
  Token token_;
  std::size_t tokens_ = 0;
  int depth_ = 0;
  Problem problem_;
};

}  // namespace

std::variant<Document, Problem> parse(std::string_view source, const ParseLimits& limits) {
  if (source.size() > limits.max_bytes) {
    return Problem{"Syntax Error: Document is longer than " + std::to_string(limits.max_bytes) + " bytes.",
                   {},
                   "GRAPHQL_PARSE_FAILED",
                   {}};
  }
  return Parser(source, limits).run();
}

}  // namespace ballast::graphql
