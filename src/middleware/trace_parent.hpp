#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::middleware {

/// W3C Trace Context (https://www.w3.org/TR/trace-context/, 3.2): version "-" trace-id "-" parent-id "-" trace-flags.
struct TraceParent {
  std::string_view trace_id;   ///< 32 lower-case hexadecimal digits, not all zero
  std::string_view parent_id;  ///< 16, not all zero
  std::string_view flags;      ///< 2
};

/// Views into `text`. Versions above 00 may be longer; ff is refused.
std::optional<TraceParent> parse_trace_parent(std::string_view text) noexcept;

/// Replaces `out` by the field to pass on: the caller's trace with a new parent id (ours), or a new trace that is not
/// sampled.
void continue_trace(std::optional<TraceParent> caller, std::string& out);

/// The trace id of a field that `continue_trace` made; empty for an empty one.
std::string_view trace_id_of(std::string_view trace_parent) noexcept;

}  // namespace ballast::middleware
