#include "compile/array_operators.hpp"

#include <optional>

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "text/cursor.hpp"

namespace ballast::compile {
namespace {

using query::Op;

/// `{a,"b c",NULL}` → JSON. Unquoted elements that spell a number become numbers, so that they equal the numbers of a
/// JSON array. Nested arrays are refused.
std::optional<std::string> json_of_array_literal(std::string_view text) {
  text::Cursor in(text);
  in.run(text::space);
  if (!in.eat('{')) return std::nullopt;
  std::string out = "[";
  in.run(text::space);
  bool first = true;
  while (!in.eat('}')) {
    if (!first && !in.eat(',')) return std::nullopt;
    if (!first) out += ',';
    first = false;
    in.run(text::space);
    std::string element;
    if (in.eat('"')) {
      while (!in.eat('"')) {
        if (in.done()) return std::nullopt;
        in.eat('\\');
        element += in.next();
      }
      in.run(text::space);
      json::append_string(out, element);
      continue;
    }
    element = in.until_any(",}{\"\\");
    while (!element.empty() && text::is(element.back(), text::space)) element.pop_back();
    if (element.empty()) return std::nullopt;
    if (element == "NULL" || element == "null") {
      out += "null";
    } else if (json::is_number(element)) {
      out += element;
    } else {
      json::append_string(out, element);
    }
  }
  in.run(text::space);
  if (!in.done()) return std::nullopt;
  out += ']';
  return out;
}

bool holds_containers(std::string_view raw) {
  bool found = false;
  const auto visit = [&](std::string_view element) {
    const auto kind = json::kind_of(element);
    found |= kind == json::ValueKind::array || kind == json::ValueKind::object;
  };
  if (json::kind_of(raw) == json::ValueKind::array) {
    (void)json::each_element(raw, [&](std::string_view element) -> Result<void> {
      visit(element);
      return {};
    });
  } else {
    for (const json::Member& member : json::members(raw)) visit(member.raw);
  }
  return found;
}

std::string operator_name(Op op) {
  switch (op) {
    case Op::contains:
      return "cs";
    case Op::contained:
      return "cd";
    case Op::overlaps:
      return "ov";
    case Op::strictly_left:
      return "sl";
    case Op::strictly_right:
      return "sr";
    case Op::not_right:
      return "nxr";
    case Op::not_left:
      return "nxl";
    default:
      return "adj";
  }
}

}  // namespace

Result<void> write_array_operator(sql::Writer& out, const query::Compare& node, const sql::Writer& column) {
  const catalog::Kind kind = node.column.result_type().kind;
  const bool set_operator = node.op == Op::contains || node.op == Op::contained || node.op == Op::overlaps;
  if (!set_operator || node.quantifier != query::Quantifier::one ||
      (kind != catalog::Kind::json && kind != catalog::Kind::array)) {
    return not_available(
        "the operator " + operator_name(node.op) + " on a column of type " + node.column.result_type().name,
        "cs, cd and ov work on columns declared JSON that hold arrays");
  }
  const std::string& text = node.values.front().text;
  const auto document = json::parse(text);
  std::string value;
  bool object = false;
  if (document && document->kind != json::ValueKind::object) {
    value =
        document->kind == json::ValueKind::array ? std::string(document->raw) : "[" + std::string(document->raw) + "]";
  } else if (document && !json::members(document->raw).empty()) {
    object = true;
    value = document->raw;
  } else if (auto literal = json_of_array_literal(text)) {
    value = std::move(*literal);
  } else {
    return make_error(400, "22P02", "invalid input syntax for type json")
        .with_details("expected a JSON array or object, or an array literal such as {a,b}");
  }
  if (holds_containers(value) || (object && node.op != Op::contains)) {
    return not_available("the operator " + operator_name(node.op) + " with nested arrays or objects");
  }
  sql::Writer parameter = out.piece();
  parameter.value(std::move(value));
  out.text("(").append(column).text(" IS NOT NULL AND ");
  if (object) {
    out.text("NOT EXISTS (SELECT 1 FROM json_each(")
        .append(parameter)
        .text(
            ") AS w WHERE NOT EXISTS (SELECT 1 FROM"
            " json_each(")
        .append(column)
        .text(
            ") AS h WHERE h.key = w.key AND h.type = w.type AND h.value IS"
            " w.value)))");
  } else if (node.op == Op::overlaps) {
    out.text("EXISTS (SELECT 1 FROM json_each(").append(column).text(") AS h JOIN json_each(").append(parameter);
    out.text(") AS w ON h.value = w.value))");
  } else {
    const bool contains = node.op == Op::contains;
    const sql::Writer& needles = contains ? parameter : column;
    const sql::Writer& haystack = contains ? column : parameter;
    out.text("NOT EXISTS (SELECT 1 FROM json_each(")
        .append(needles)
        .text(
            ") AS w WHERE NOT EXISTS (SELECT 1 FROM"
            " json_each(")
        .append(haystack)
        .text(") AS h WHERE h.value IS w.value)))");
  }
  return {};
}

}  // namespace ballast::compile
