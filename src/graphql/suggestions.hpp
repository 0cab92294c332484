#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/nearest.hpp"
#include "graphql/budget.hpp"

namespace ballast::graphql {

/// The names that somebody who misspelt one may have meant. Comparing names is dear, so one document has so many
/// comparisons and goes without suggestions after that.
class Suggestions {
 public:
  explicit Suggestions(bool enabled) noexcept : comparisons_(enabled ? 5'000 : 0) {}

  /// ` Did you mean "id"?`, or nothing. `candidates` have a `name`; `what` stands before it: `the enum value `.
  template <class Candidates>
  std::string did_you_mean(std::string_view wanted, const Candidates& candidates, std::string_view what = "") {
    std::vector<std::string> alike;
    const std::size_t slack = std::max<std::size_t>(1, wanted.size() / 3);
    for (const auto& candidate : candidates) {
      const std::string_view name = name_of(candidate);
      const std::size_t difference = std::max(name.size(), wanted.size()) - std::min(name.size(), wanted.size());
      if (difference > slack || name.starts_with("__") != wanted.starts_with("__")) continue;
      if (!comparisons_.spend()) return "";
      alike.emplace_back(name);
    }
    return sentence(nearest(wanted, alike), what);
  }

  /// For other suggestions: may so many names be looked at?
  bool afford(std::size_t names) noexcept { return comparisons_.spend(names); }

 private:
  template <class T>
  static std::string_view name_of(const T& candidate) noexcept {
    return candidate.name;
  }
  template <class T>
  static std::string_view name_of(const std::unique_ptr<T>& candidate) noexcept {
    return candidate->name;
  }
  static std::string sentence(const std::string& name, std::string_view what) {
    if (name.empty()) return "";
    std::string out = " Did you mean ";
    out += what;
    return out + '"' + name + "\"?";
  }

  Budget comparisons_;
};

}  // namespace ballast::graphql
