#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "batch/answer.hpp"
#include "http/response.hpp"

namespace ballast::batch {

/// Why a batch came to nothing.
struct Failure {
  Error error;
  std::optional<std::size_t> index;  ///< of the request that failed; none: the batch as a whole
  std::string request;               ///< its id; empty when it has none
  std::string errors;                ///< of GraphQL, as JSON; empty: none
};

/// An answer that says so with its status, or GraphQL's with `errors` in its body.
bool is_failure(const Answer& answer, bool graphql);

/// What a failed request was answered with, as the batch's own failure.
Failure failure_of(const Answer& answer, std::size_t index, std::string request);

/// RFC 9457 `application/problem+json`, with the members `request`, `index` and `errors`.
http::Response failure_response(const Failure& failure);

}  // namespace ballast::batch
