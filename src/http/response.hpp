#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/spool.hpp"

namespace ballast::http {

/// Pulls the bytes of an answer whose length is not known beforehand (compressed on the fly): sent chunked.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// Replaces `into` by the next block; leaves it empty at the end. Called on the connection's worker.
  virtual void next(std::string& into) = 0;
};

using Body = std::variant<std::string, std::shared_ptr<const Spool>, std::shared_ptr<BodySource>>;

/// An answer. The session adds Date, Content-Length or Transfer-Encoding, and Connection; everything else is the
/// handler's and the middleware's.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  Body body;
  bool close = false;                         ///< end the connection after this answer
  std::optional<std::int64_t> affected = {};  ///< rows that a write changed; unset: it was none, or is not told

  /// Replaces every field of that name (no case).
  void set(std::string_view name, std::string value);
  void add(std::string_view name, std::string value) { headers.emplace_back(std::string(name), std::move(value)); }
  /// Null when absent.
  const std::string* find(std::string_view name) const noexcept;
  /// Adds `token` to the Vary list unless it is there.
  void vary(std::string_view token);
};

/// 200 `application/json; charset=utf-8`.
Response json_response(int status, std::string body);
/// RFC 9457 `application/problem+json`: type, title, status, detail, plus `code` and `hint`, and whatever `members`
/// adds:
/// `"etag":"…","row":{…}`.
Response problem_response(const Error& error, std::string_view members = {});

}  // namespace ballast::http
