#include "graphql/same_arguments.hpp"

#include <algorithm>

namespace ballast::graphql {
namespace {

template <class T>
std::vector<const T*> by_name(const std::vector<T>& all) {
  std::vector<const T*> sorted;
  sorted.reserve(all.size());
  for (const T& one : all) sorted.push_back(&one);
  std::ranges::sort(sorted, {}, &T::name);
  return sorted;
}

bool same(const Value& a, const Value& b);

/// Do both give the same names the same values, in whatever order?
template <class T>
bool same_members(const std::vector<T>& a, const std::vector<T>& b) {
  if (&a == &b || (a.empty() && b.empty())) return true;
  return std::ranges::equal(by_name(a), by_name(b), [](const T* one, const T* other) {
    return one->name == other->name && same(one->value, other->value);
  });
}

struct SameNode {
  const Value& other;
  bool operator()(const NullValue&) const { return std::holds_alternative<NullValue>(other.node); }
  bool operator()(const ListValue& list) const {
    const auto* others = std::get_if<ListValue>(&other.node);
    return others != nullptr && std::ranges::equal(list.items, others->items, same);
  }
  bool operator()(const ObjectValue& object) const {
    const auto* others = std::get_if<ObjectValue>(&other.node);
    return others != nullptr && same_members(object.fields, others->fields);
  }
  bool operator()(const VariableValue& node) const { return equal(node, &VariableValue::name); }
  bool operator()(const IntValue& node) const { return equal(node, &IntValue::text); }
  bool operator()(const FloatValue& node) const { return equal(node, &FloatValue::text); }
  bool operator()(const StringValue& node) const { return equal(node, &StringValue::text); }
  bool operator()(const BooleanValue& node) const { return equal(node, &BooleanValue::value); }
  bool operator()(const EnumValue& node) const { return equal(node, &EnumValue::name); }

 private:
  template <class Node, class Member>
  bool equal(const Node& node, Member Node::*member) const {
    const auto* others = std::get_if<Node>(&other.node);
    return others != nullptr && node.*member == others->*member;
  }
};

bool same(const Value& a, const Value& b) { return std::visit(SameNode{b}, a.node); }

}  // namespace

bool same_arguments(const std::vector<Argument>& a, const std::vector<Argument>& b) { return same_members(a, b); }

}  // namespace ballast::graphql
