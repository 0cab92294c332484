#include "graphql/print_input.hpp"

#include <variant>

#include "json/writer.hpp"

namespace ballast::graphql {
namespace {

struct InputPrinter {
  std::string& out;

  void print(const Input& input) const { std::visit(*this, input.value); }
  void operator()(std::monostate) const { out += "null"; }
  void operator()(bool boolean) const { out += boolean ? "true" : "false"; }
  void operator()(const Input::Number& number) const { out += number.text; }
  // Every escape of JSON is one of GraphQL.
  void operator()(const std::string& text) const { json::append_string(out, text); }
  void operator()(const Input::Enum& member) const { out += member.name; }
  void operator()(const Input::List& list) const {
    out += '[';
    for (const Input& item : list) {
      if (&item != &list.front()) out += ", ";
      print(item);
    }
    out += ']';
  }
  void operator()(const Input::Object& object) const {
    out += '{';
    for (const auto& member : object) {
      if (&member != &object.front()) out += ", ";
      out += member.first;
      out += ": ";
      print(member.second);
    }
    out += '}';
  }
};

}  // namespace

std::string print(const Input& input) {
  std::string out;
  InputPrinter{out}.print(input);
  return out;
}

}  // namespace ballast::graphql
