#include "json/reader.hpp"

#include <simdjson.h>

#include <algorithm>

#include "base/check.hpp"
#include "json/scanner.hpp"
#include "text/utf8.hpp"

namespace ballast::json {
namespace {

/// Valid values were measured when they were parsed; walking them again needs no limit.
constexpr int no_limit = 1 << 30;

constexpr std::size_t few_members = 16;

}  // namespace

ValueKind kind_of(std::string_view raw) noexcept {
  switch (raw.empty() ? '\0' : raw.front()) {
    case '{':
      return ValueKind::object;
    case '[':
      return ValueKind::array;
    case '"':
      return ValueKind::string;
    case 't':
    case 'f':
      return ValueKind::boolean;
    case 'n':
      return ValueKind::null;
    default:
      return ValueKind::number;
  }
}

Error invalid_json(std::string_view text, std::size_t at, std::string_view what) {
  const std::string_view before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  // A column is a character, so continuation bytes do not count.
  const auto column = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(),
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }) +
                      1;
  std::string details = "line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
  details += what;
  return make_error(400, "PGRST102", "Empty or invalid json").with_details(std::move(details));
}

Result<Document> parse(std::string_view text, Limits limits) {
  if (text.size() > limits.size) {
    return make_error(413, "BLST413", "expected a JSON text of at most " + std::to_string(limits.size) + " bytes");
  }
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    std::size_t at = 0;
    while (const std::size_t n = text::sequence_length(text.substr(at))) at += n;
    return invalid_json(text, at, "expected UTF-8");
  }
  Scanner in(text, limits.depth);
  if (in.done()) return invalid_json(text, in.at(), "expected a value");
  Document document;
  if (!in.value(document.raw)) {
    if (in.too_deep()) {
      return invalid_json(text, in.at(), "expected at most " + std::to_string(limits.depth) + " levels of nesting");
    }
    return invalid_json(text, in.at(), in.what());
  }
  if (!in.done()) return invalid_json(text, in.at(), "expected nothing after the value");
  document.kind = kind_of(document.raw);
  return document;
}

void members(std::string_view raw, Members& out) {
  Scanner in(raw, no_limit);
  check(in.eat('{'), "json::members() of a value that is no object");
  std::size_t count = 0;
  for (in.skip_space(); !in.eat('}'); in.skip_space()) {
    if (count > 0) {
      in.eat(',');
      in.skip_space();
    }
    std::string_view inner;
    std::string_view value;
    const bool has_key = in.string(inner);
    in.skip_space();
    check(has_key && in.eat(':') && in.value(value), "json::members() of an invalid object");
    if (count == out.size()) out.emplace_back();
    Member& member = out[count++];
    member.key.clear();
    append_unescaped(member.key, inner);
    member.raw = value;
  }
  out.resize(count);
  if (count <= few_members) {
    for (std::size_t i = 1; i < out.size();) {
      const auto same = std::find_if(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(i),
                                     [&](const Member& m) { return m.key == out[i].key; });
      if (same == out.begin() + static_cast<std::ptrdiff_t>(i)) {
        ++i;
        continue;
      }
      same->raw = out[i].raw;
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return;
  }
  // Many keys: sorting finds the duplicates without comparing every pair.
  std::vector<std::size_t> by_key(out.size());
  for (std::size_t i = 0; i < by_key.size(); ++i) by_key[i] = i;
  std::stable_sort(by_key.begin(), by_key.end(), [&](std::size_t a, std::size_t b) { return out[a].key < out[b].key; });
  std::vector<bool> drop(out.size());
  for (std::size_t i = 0; i < by_key.size();) {
    std::size_t end = i + 1;
    for (; end < by_key.size() && out[by_key[end]].key == out[by_key[i]].key; ++end) drop[by_key[end]] = true;
    out[by_key[i]].raw = out[by_key[end - 1]].raw;
    i = end;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (drop[i]) continue;
    if (kept != i) out[kept] = std::move(out[i]);
    ++kept;
  }
  out.resize(kept);
}

Members members(std::string_view raw) {
  Members out;
  members(raw, out);
  return out;
}

std::string_view find(const Members& members, std::string_view key) {
  for (const auto& member : members) {
    if (member.key == key) return member.raw;
  }
  return {};
}

Result<void> each_element(std::string_view raw, const std::function<Result<void>(std::string_view)>& visit) {
  Scanner in(raw, no_limit);
  check(in.eat('['), "json::each_element() of a value that is no array");
  bool first = true;
  for (in.skip_space(); !in.eat(']'); in.skip_space()) {
    if (!first) in.eat(',');
    first = false;
    std::string_view element;
    check(in.value(element), "json::each_element() of an invalid array");
    BALLAST_CHECKED(visit(element));
  }
  return {};
}

}  // namespace ballast::json
