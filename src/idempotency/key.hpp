#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "http/request.hpp"

namespace ballast::idempotency {

/// A key in its caller's scope: the same key of two callers is two keys.
struct Key {
  std::string scope;
  std::string text;
  friend bool operator==(const Key&, const Key&) = default;

  /// The number that stands for the key where engines lock numbers: the first 64 bits of a SHA-256.
  std::int64_t number() const;
};

/// What `Idempotency-Key` says (draft-ietf-httpapi-idempotency-key-header-06, section 2.1); none when it is absent.
///
///     key ::= DQUOTE 1*255( visible / SP / "\" ( DQUOTE / "\" ) ) DQUOTE     an sf-string
///           / 1*255( visible but DQUOTE )                                    what most clients send
///
/// 400 BLST820 for anything else, and for several.
Result<std::optional<std::string>> parse_key(const http::Headers& headers);
/// The same of one field's value.
Result<std::string> parse_key(std::string_view field);

}  // namespace ballast::idempotency
