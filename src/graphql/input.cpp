#include "graphql/input.hpp"

namespace ballast::graphql {

const Input* Input::member(std::string_view name) const noexcept {
  const auto* object = std::get_if<Object>(&value);
  if (object == nullptr) return nullptr;
  for (const auto& [key, member] : *object) {
    if (key == name) return &member;
  }
  return nullptr;
}

bool operator==(const Input& a, const Input& b) noexcept { return a.variable == b.variable && a.value == b.value; }

}  // namespace ballast::graphql
