// traceparent from arbitrary bytes. The oracle: what is passed on is always well-formed, keeps an accepted trace, and
// never repeats the caller's parent id.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "middleware/trace_parent.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ballast::middleware;
  const auto caller = parse_trace_parent({reinterpret_cast<const char*>(data), size});
  std::string passed_on;
  continue_trace(caller, passed_on);
  const auto ours = parse_trace_parent(passed_on);
  if (!ours || passed_on.size() != 55 || trace_id_of(passed_on) != ours->trace_id) std::abort();
  if (caller && (ours->trace_id != caller->trace_id || ours->parent_id == caller->parent_id)) std::abort();
  return 0;
}
