#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ballast::graphql {

/// An argument's value once its variables are replaced and it is coerced to its type (specification sections 3 and
/// 6.4.1). Numbers keep the digits they were written with.
struct Input {
  struct Number {
    std::string text;
    bool integer = true;  ///< written without fraction and exponent
    friend bool operator==(const Number&, const Number&) = default;
  };
  struct Enum {
    std::string name;
    friend bool operator==(const Enum&, const Enum&) = default;
  };
  using List = std::vector<Input>;
  struct Member;
  using Object = std::vector<Member>;  ///< in the order of the source; each name once
  std::variant<std::monostate, bool, Number, std::string, Enum, List, Object> value;
  /// The variable whose whole value this is; empty: written in the document, at least in part. Documents that differ
  /// only in such scalars share a plan.
  std::string variable;

  bool null() const noexcept { return std::holds_alternative<std::monostate>(value); }
  /// A member of an object; null pointer when absent or when this is no object.
  const Input* member(std::string_view name) const noexcept;
  friend bool operator==(const Input& a, const Input& b) noexcept;
};

struct Input::Member {
  Member(std::string name, Input input) : first(std::move(name)), second(std::move(input)) {}
  std::string first;  ///< name
  Input second;
  friend bool operator==(const Member&, const Member&) = default;
};

}  // namespace ballast::graphql
