#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ballast {

/// An expected failure, as a value: what a client (or an operator) caused or has to live with.
/// Each front end renders it in its protocol's shape (REST: code, message, details, hint).
///
/// `code` is stable and listed in docs/reference/errors.md: a SQLSTATE ("23505"), a PostgREST code
/// ("PGRST204"), or one of ours ("BLST…"). `message` says what was expected and where; `hint` says what
/// to try. Neither ever holds SQL, driver text or a secret.
struct Error {
  int status = 500;
  std::string code = "BLST500";
  std::string message;
  std::string details;            ///< empty means null
  std::string hint;               ///< empty means null
  bool details_are_json = false;  ///< `details` is rendered verbatim as JSON (lists of candidates)
  /// Extra response headers the status calls for (Retry-After, Allow, WWW-Authenticate).
  std::vector<std::pair<std::string, std::string>> headers;

  friend bool operator==(const Error&, const Error&) = default;

  Error&& with_details(std::string text) && {
    details = std::move(text);
    return std::move(*this);
  }
  Error&& with_hint(std::string text) && {
    hint = std::move(text);
    return std::move(*this);
  }
  Error&& with_header(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }
};

/// `make_error(400, "PGRST100", "…")`.
inline Error make_error(int status, std::string_view code, std::string message) {
  Error error;
  error.status = status;
  error.code = code;
  error.message = std::move(message);
  return error;
}

/// 503 with `Retry-After` in whole seconds: overload or a database that is away for a moment.
Error unavailable(std::string_view code, std::string message, int retry_after_seconds);

}  // namespace ballast
