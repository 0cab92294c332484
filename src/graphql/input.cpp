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

}  // namespace ballast::graphql
