#include "middleware/trace_parent.hpp"

#include <algorithm>

#include "middleware/random.hpp"

namespace ballast::middleware {
namespace {

constexpr std::size_t length = 55;

bool is_lower_hex(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}
bool is_zero(std::string_view text) noexcept { return text.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

std::optional<TraceParent> parse_trace_parent(std::string_view text) noexcept {
  if (text.size() < length || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  const std::string_view version = text.substr(0, 2);
  if (!is_lower_hex(version) || version == "ff") return std::nullopt;
  if (version == "00" ? text.size() != length : text.size() > length && text[length] != '-') return std::nullopt;
  const TraceParent parent{text.substr(3, 32), text.substr(36, 16), text.substr(53, 2)};
  if (!is_lower_hex(parent.trace_id) || !is_lower_hex(parent.parent_id) || !is_lower_hex(parent.flags)) {
    return std::nullopt;
  }
  if (is_zero(parent.trace_id) || is_zero(parent.parent_id)) return std::nullopt;
  return parent;
}

void continue_trace(std::optional<TraceParent> caller, std::string& out) {
  out.assign("00-");
  if (caller) {
    out += caller->trace_id;
  } else {
    append_random_hex(out, 16);
  }
  out += '-';
  append_random_hex(out, 8);
  out += '-';
  // Only the flags of version 00 are known: sampled, and random-trace-id in level 2.
  out += caller ? caller->flags : std::string_view("00");
}

std::string_view trace_id_of(std::string_view trace_parent) noexcept {
  return trace_parent.size() == length ? trace_parent.substr(3, 32) : std::string_view();
}

}  // namespace ballast::middleware
