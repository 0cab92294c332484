#include "middleware/request_id.hpp"

#include <algorithm>

#include "http/iequals.hpp"
#include "middleware/random.hpp"
#include "middleware/trace_parent.hpp"

namespace ballast::middleware {
namespace {

constexpr std::size_t limit = 128;

bool sane(std::string_view id) noexcept {
  return !id.empty() && id.size() <= limit &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// 75 random bits in 15 characters: as much as a std::string holds without the heap.
void make_id(std::string& out) {
  out.clear();
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < 15; ++i) {
    if (i % 12 == 0) bits = random_bits();
    out += "0123456789abcdefghjkmnpqrstvwxyz"[bits & 31U];
    bits >>= 5U;
  }
}

}  // namespace

http::Reply RequestId::handle(http::Request& request, http::Next next) const {
  const std::string& field = settings_.id_header;
  std::optional<std::string_view> id;
  std::optional<std::string_view> trace;
  bool ambiguous = false;  // two traces are none (Trace Context, 3.2.1)
  for (const auto& [name, value] : request.headers.fields()) {
    if (name.size() == field.size() && !id && http::iequals(name, field)) id = value;
    if (name.size() == 11 && http::iequals(name, "traceparent")) {
      ambiguous = trace.has_value();
      trace = value;
    }
  }
  if (id && sane(*id)) {
    request.id.assign(*id);
  } else {
    make_id(request.id);
  }
  if (settings_.trace_context) {
    continue_trace(trace && !ambiguous ? parse_trace_parent(*trace) : std::nullopt, request.trace_parent);
  }
  http::Response response = co_await next(request);
  response.headers.emplace_back(field, request.id);
  co_return response;
}

}  // namespace ballast::middleware
