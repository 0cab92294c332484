#include "graphql/print.hpp"

#include <string_view>
#include <utility>

namespace ballast::graphql {
namespace {

class Printer {
 public:
  std::string take() { return std::move(out_); }

  void operation(const Operation& operation) {
    const bool shorthand = operation.type == OperationType::query && operation.name.empty() &&
                           operation.variables.empty() && operation.directives.empty();
    if (!shorthand) {
      put(to_string(operation.type));
      if (!operation.name.empty()) put(" ").put(operation.name);
      if (!operation.variables.empty()) {
        if (operation.name.empty()) put(" ");
        put("(");
        join(operation.variables, [&](const VariableDefinition& variable) { definition(variable); });
        put(")");
      }
      directives(operation.directives);
      put(" ");
    }
    selection_set(operation.selections);
    put("\n");
  }

  void fragment(const Fragment& fragment) {
    put("fragment ").put(fragment.name).put(" on ").put(fragment.on);
    directives(fragment.directives);
    put(" ");
    selection_set(fragment.selections);
    put("\n");
  }

  void value(const Value& value) {
    std::visit([&](const auto& node) { print(node); }, value.node);
  }

  void type(const TypeReference& reference) {
    if (reference.items) {
      put("[");
      type(**reference.items);
      put("]");
    } else {
      put(reference.name);
    }
    if (reference.non_null) put("!");
  }

  void blank_line() {
    if (!out_.empty()) put("\n");
  }

 private:
  Printer& put(std::string_view text) {
    out_ += text;
    return *this;
  }
  template <class Items, class Print>
  void join(const Items& items, Print print) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) put(", ");
      first = false;
      print(item);
    }
  }

  void definition(const VariableDefinition& variable) {
    put("$").put(variable.name).put(": ");
    type(variable.type);
    if (variable.default_value) {
      put(" = ");
      value(*variable.default_value);
    }
    directives(variable.directives);
  }

  void directives(const std::vector<Directive>& all) {
    for (const Directive& directive : all) {
      put(" @").put(directive.name);
      arguments(directive.arguments);
    }
  }

  void arguments(const std::vector<Argument>& all) {
    if (all.empty()) return;
    put("(");
    join(all, [&](const Argument& argument) {
      put(argument.name).put(": ");
      value(argument.value);
    });
    put(")");
  }

  void selection_set(const std::vector<Selection>& selections) {
    put("{\n");
    ++depth_;
    for (const Selection& selection : selections) {
      indent();
      std::visit([&](const auto& node) { print(node); }, selection.node);
      put("\n");
    }
    --depth_;
    indent();
    put("}");
  }
  void indent() { out_.append(2 * depth_, ' '); }

  void print(const Field& field) {
    if (!field.alias.empty()) put(field.alias).put(": ");
    put(field.name);
    arguments(field.arguments);
    directives(field.directives);
    if (field.selections.empty()) return;
    put(" ");
    selection_set(field.selections);
  }
  void print(const FragmentSpread& spread) {
    put("...").put(spread.name);
    directives(spread.directives);
  }
  void print(const InlineFragment& fragment) {
    put("...");
    if (!fragment.on.empty()) put(" on ").put(fragment.on);
    directives(fragment.directives);
    put(" ");
    selection_set(fragment.selections);
  }

  void print(const NullValue&) { put("null"); }
  void print(const VariableValue& variable) { put("$").put(variable.name); }
  void print(const IntValue& number) { put(number.text); }
  void print(const FloatValue& number) { put(number.text); }
  void print(const BooleanValue& boolean) { put(boolean.value ? "true" : "false"); }
  void print(const EnumValue& member) { put(member.name); }
  void print(const ListValue& list) {
    put("[");
    join(list.items, [&](const Value& item) { value(item); });
    put("]");
  }
  void print(const ObjectValue& object) {
    put("{");
    join(object.fields, [&](const ObjectField& field) {
      put(field.name).put(": ");
      value(field.value);
    });
    put("}");
  }
  void print(const StringValue& string) {
    put("\"");
    for (const char c : string.text) {
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (c == '\n') {
        put("\\n");
      } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        put("\\u00");
        out_ += digits[static_cast<unsigned char>(c) >> 4];
        out_ += digits[static_cast<unsigned char>(c) & 0xF];
      } else {
        out_ += c;
      }
    }
    put("\"");
  }

  std::string out_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string print(const Document& document) {
  Printer printer;
  for (const Operation& operation : document.operations) {
    printer.blank_line();
    printer.operation(operation);
  }
  for (const Fragment& fragment : document.fragments) {
    printer.blank_line();
    printer.fragment(fragment);
  }
  return printer.take();
}

std::string print(const Value& value) {
  Printer printer;
  printer.value(value);
  return printer.take();
}

std::string print(const TypeReference& type) {
  Printer printer;
  printer.type(type);
  return printer.take();
}

}  // namespace ballast::graphql
