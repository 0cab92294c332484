#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace ballast::auth {

/// Where the role stands in a token's claims, in the language of PostgREST's jwt-role-claim-key:
///
///     path   = [ "$" ] *step [ slice ]
///     step   = "." ( 1*( ALPHA / DIGIT / "_" / "$" / "@" ) / quoted ) / "[" index "]" / filter
///     filter = "[?(@" ( "==" / "!=" / "^==" / "==^" / "*==" ) quoted ")]"
///     slice  = "[" [ integer ] ":" [ integer ] "]"          ; of the role's characters, negative from its end
///
/// A filter takes the first string of an array that equals, differs from, starts with, ends with or contains the text.
class RoleClaim {
 public:
  static constexpr std::size_t step_limit = 32;

  /// The setting's text; an error says where it is wrong.
  static Result<RoleClaim> parse(std::string_view text);

  /// The role in valid JSON claims: a string as it is, another scalar as written. Empty when there is none.
  std::string find(std::string_view claims) const;

 private:
  enum class Test : std::uint8_t { equal, differ, start, end, contain };
  struct Member {
    std::string name;
  };
  struct Element {
    std::size_t index;
  };
  struct Filter {
    Test test;
    std::string text;
  };
  using Step = std::variant<Member, Element, Filter>;

  /// The value that a step leads to; empty when there is none.
  static std::string_view follow(std::string_view json, const Step& step);
  friend class RoleClaimParser;

  std::vector<Step> steps_;
  bool sliced_ = false;
  std::optional<std::int64_t> from_;
  std::optional<std::int64_t> to_;
};

}  // namespace ballast::auth
