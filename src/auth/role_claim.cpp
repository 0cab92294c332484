#include "auth/role_claim.hpp"

#include <charconv>

#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "text/chars.hpp"

namespace ballast::auth {

class RoleClaimParser {
 public:
  explicit RoleClaimParser(std::string_view text) : text_(text) {}

  Result<RoleClaim> run() {
    eat("$");
    while (at_ < text_.size()) {
      if (claim_.sliced_) return wrong("the end behind a slice");
      if (claim_.steps_.size() >= RoleClaim::step_limit) return wrong("at most 32 steps");
      BALLAST_CHECKED(text_[at_] == '.' ? member() : bracket());
    }
    return std::move(claim_);
  }

 private:
  bool eat(std::string_view token) {
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  void spaces() {
    while (eat(" ")) continue;
  }
  Error wrong(std::string_view expected) const {
    return make_error(
               500, "BLST_SETTING",
               "jwt.role_claim_key: expected " + std::string(expected) + " at character " + std::to_string(at_ + 1))
        .with_hint("for example .role, .app_metadata.role or .\"https://example.com/roles\"[0]");
  }

  Result<std::string> quoted() {
    if (!eat("\"")) return wrong("'\"'");
    const std::size_t end = text_.find('"', at_);
    if (end == std::string_view::npos) return wrong("a closing '\"'");
    std::string inner(text_.substr(at_, end - at_));
    at_ = end + 1;
    return inner;
  }

  Result<void> member() {
    ++at_;
    if (at_ < text_.size() && text_[at_] == '"') {
      BALLAST_TRY(auto name, quoted());
      claim_.steps_.emplace_back(RoleClaim::Member{std::move(name)});
      return {};
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && (text::is(text_[at_], text::alpha | text::digit | text::underscore) ||
                                  text_[at_] == '$' || text_[at_] == '@')) {
      ++at_;
    }
    if (at_ == start) return wrong("a key");
    claim_.steps_.emplace_back(RoleClaim::Member{std::string(text_.substr(start, at_ - start))});
    return {};
  }

  Result<std::optional<std::int64_t>> integer() {
    std::int64_t number = 0;
    const char* begin = text_.data() + at_;
    const auto [end, fault] = std::from_chars(begin, text_.data() + text_.size(), number);
    if (fault == std::errc::result_out_of_range) return wrong("a smaller number");
    if (fault != std::errc()) return std::optional<std::int64_t>();
    at_ += static_cast<std::size_t>(end - begin);
    return std::optional<std::int64_t>(number);
  }

  Result<void> bracket() {
    if (!eat("[")) return wrong("'.' or '['");
    if (eat("?(")) return filter();
    BALLAST_TRY(const auto first, integer());
    if (eat(":")) {
      BALLAST_TRY(const auto last, integer());
      claim_.sliced_ = true;
      claim_.from_ = first;
      claim_.to_ = last;
    } else if (!first || *first < 0) {
      return wrong("an index, a slice or a filter");
    } else {
      claim_.steps_.emplace_back(RoleClaim::Element{static_cast<std::size_t>(*first)});
    }
    if (!eat("]")) return wrong("']'");
    return {};
  }

  Result<void> filter() {
    using Test = RoleClaim::Test;
    spaces();
    if (!eat("@")) return wrong("'@'");
    spaces();
    Test test = Test::equal;
    if (eat("==^")) {
      test = Test::end;
    } else if (eat("^==")) {
      test = Test::start;
    } else if (eat("*==")) {
      test = Test::contain;
    } else if (eat("!=")) {
      test = Test::differ;
    } else if (!eat("==")) {
      return wrong("==, !=, ^==, ==^ or *==");
    }
    spaces();
    BALLAST_TRY(auto text, quoted());
    spaces();
    if (!eat(")]")) return wrong("')]'");
    claim_.steps_.emplace_back(RoleClaim::Filter{test, std::move(text)});
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  RoleClaim claim_;
};

namespace {

/// A byte offset for a position among characters, which counts from the end when negative, clamped to the text.
std::size_t offset_of(std::string_view text, std::int64_t position) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  std::int64_t count = 0;
  for (const char c : text) count += starts(c) ? 1 : 0;
  if (position < 0) position = std::max<std::int64_t>(0, position + count);
  if (position >= count) return text.size();
  std::size_t at = 0;
  for (std::int64_t seen = -1; at < text.size(); ++at) {
    if (starts(text[at]) && ++seen == position) break;
  }
  return at;
}

}  // namespace

Result<RoleClaim> RoleClaim::parse(std::string_view text) { return RoleClaimParser(text).run(); }

std::string_view RoleClaim::follow(std::string_view json, const Step& step) {
  const auto kind = json::kind_of(json);
  if (const auto* member = std::get_if<Member>(&step)) {
    if (kind != json::ValueKind::object) return {};
    for (const auto& [key, raw] : json::members(json)) {
      if (key == member->name) return raw;
    }
    return {};
  }
  if (kind != json::ValueKind::array) return {};
  std::string_view found;
  std::size_t index = 0;
  const auto take = [&](std::string_view element) -> Result<void> {
    bool wanted = false;
    if (const auto* at = std::get_if<Element>(&step)) {
      wanted = index++ == at->index;
    } else if (found.empty() && json::kind_of(element) == json::ValueKind::string) {
      const auto& [test, text] = std::get<Filter>(step);
      const std::string value = json::string_value(element);
      switch (test) {
        case Test::equal:
          wanted = value == text;
          break;
        case Test::differ:
          wanted = value != text;
          break;
        case Test::start:
          wanted = value.starts_with(text);
          break;
        case Test::end:
          wanted = value.ends_with(text);
          break;
        case Test::contain:
          wanted = value.find(text) != std::string::npos;
          break;
      }
    }
    if (wanted) found = element;
    return {};
  };
  return json::each_element(json, take) ? found : std::string_view();
}

std::string RoleClaim::find(std::string_view claims) const {
  std::string_view value = claims;
  for (const Step& step : steps_) {
    value = follow(value, step);
    if (value.empty()) return {};
  }
  std::string role;
  switch (json::kind_of(value)) {
    case json::ValueKind::null:
    case json::ValueKind::array:
    case json::ValueKind::object:
      return {};
    case json::ValueKind::boolean:
    case json::ValueKind::number:
      role = value;
      break;
    case json::ValueKind::string:
      role = json::string_value(value);
      break;
  }
  if (!sliced_) return role;
  const std::size_t from = from_ ? offset_of(role, *from_) : 0;
  const std::size_t to = to_ ? offset_of(role, *to_) : role.size();
  return from < to ? role.substr(from, to - from) : std::string();
}

}  // namespace ballast::auth
