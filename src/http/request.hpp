#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/stopwatch.hpp"
#include "policy/principal.hpp"
#include "query/lock.hpp"

namespace ballast::storage {
class Transaction;
}

namespace ballast::http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };
std::string_view to_string(Method method) noexcept;

/// Header fields in arrival order; names compare without case (RFC 9110, 5.1). Views into the connection's buffer,
/// valid while the request is handled.
class Headers {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };
  /// The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  /// Every value of that name, in order, joined by ", " (RFC 9110, 5.3); empty when absent.
  std::string joined(std::string_view name) const;
  std::size_t count(std::string_view name) const noexcept;
  void add(std::string_view name, std::string_view value) { fields_.push_back({name, value}); }
  void clear() noexcept { fields_.clear(); }
  const std::vector<Field>& fields() const noexcept { return fields_; }

 private:
  std::vector<Field> fields_;
};

/// One request, whole (body included), as the middleware chain and the handler see it. Lives until the answer has
/// been produced; not thread-safe, it belongs to its connection's worker.
struct Request {
  Method method = Method::get;
  std::string_view method_name;  ///< as sent, for Method::other
  std::string_view target;       ///< as sent (origin-form)
  std::string_view path;         ///< up to '?', not decoded; percent sequences were validated
  std::string_view query;        ///< after '?', not decoded; percent sequences were validated, no NUL
  Headers headers;
  std::string body;
  bool keep_alive = true;

  std::string peer_address;  ///< "127.0.0.1", "::1", or "unix"
  bool tls = false;
  TimePoint received;  ///< when the header was complete
  TimePoint deadline;  ///< set by the session from http.request_timeout; the deadline middleware may
                       ///< shorten it

  std::string id;                          ///< X-Request-Id, accepted or made
  std::string trace_parent;                ///< W3C traceparent to pass on and to log; empty when none
  policy::Principal principal;             ///< filled by authentication
  storage::Transaction* within = nullptr;  ///< whose part its statements are; null: they stand for themselves
  std::optional<query::Lock> lock = {};    ///< of the rows that it reads, until that transaction ends
  Stopwatch watch;                         ///< runs when the answer is to tell its times
  std::string_view route = "unmatched";    ///< the route's template, for logs and metrics; set by the router
  /// Has the client closed its side of the connection? One system call, for handlers that wait. May be empty.
  std::function<bool()> client_left;
};

/// RFC 3986 percent-decoding; `plus_is_space` for form-encoded parts. Empty on malformed input or NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Encodes what is not unreserved (RFC 3986 section 2.3).
std::string percent_encode(std::string_view text);

}  // namespace ballast::http
