#pragma once

#include <cstddef>
#include <string>

#include "http/response.hpp"

namespace ballast::idempotency {

/// An answer as it is kept.
struct StoredAnswer {
  int status = 200;
  std::string headers;  ///< `name: value` lines, each ended by a line feed, which no value holds
  std::string body;     ///< the bytes, before any content coding
  friend bool operator==(const StoredAnswer&, const StoredAnswer&) = default;
};

/// What is kept of an answer: all of it, or, when its body is longer than `max_body` or made on the fly, what
/// `return=minimal` would have answered.
StoredAnswer store(const http::Response& response, std::size_t max_body);
http::Response restore(StoredAnswer answer);

}  // namespace ballast::idempotency
