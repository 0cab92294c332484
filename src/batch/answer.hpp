#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "http/response.hpp"

namespace ballast::batch {

/// What one request of a batch was answered with.
struct Answer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< each name once
  std::string body;                                          ///< JSON; empty: none. What is no JSON is a string
  std::optional<std::int64_t> affected;                      ///< rows that a write changed
};

/// Takes an answer as the handler gave it. 413 BLST513 when its body is longer than `limit`.
Result<Answer> take_answer(http::Response response, std::size_t limit);

/// `{"id":…,"status":…,"headers":{…},"body":…}`
void append_answer(std::string& out, std::string_view id, const Answer& answer);

}  // namespace ballast::batch
