#include "graphql/untyped.hpp"

namespace ballast::graphql {
namespace {

struct Untyped {
  Input operator()(const NullValue&) const { return {}; }
  Input operator()(const VariableValue&) const { return {}; }
  Input operator()(const IntValue& number) const { return {.value = Input::Number{number.text, true}, .variable = {}}; }
  Input operator()(const FloatValue& number) const {
    return {.value = Input::Number{number.text, false}, .variable = {}};
  }
  Input operator()(const StringValue& string) const { return {.value = string.text, .variable = {}}; }
  Input operator()(const BooleanValue& boolean) const { return {.value = boolean.value, .variable = {}}; }
  Input operator()(const EnumValue& member) const { return {.value = Input::Enum{member.name}, .variable = {}}; }
  Input operator()(const ListValue&) const { return {.value = Input::List{}, .variable = {}}; }
  Input operator()(const ObjectValue&) const { return {.value = Input::Object{}, .variable = {}}; }
};

}  // namespace

Input untyped(const Value& value) { return std::visit(Untyped{}, value.node); }

}  // namespace ballast::graphql
