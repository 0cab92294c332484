#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "batch/answer.hpp"
#include "batch/reference.hpp"

namespace ballast::batch {

/// Finds what references to one answer point to. Reads each object, array and header once, however many references
/// there are.
class AnswerIndex {
 public:
  /// The answer outlives it and stays where it is.
  explicit AnswerIndex(const Answer& answer) : answer_(answer) {}

  /// The JSON that is there, for as long as the index lives; 400 BLST441, which names the reference, when nothing is.
  Result<std::string_view> find(const Reference& reference);

 private:
  Result<std::string_view> member(std::string_view object, const std::string& name, const Reference& reference);
  Result<std::string_view> element(std::string_view array, std::size_t index, const Reference& reference);

  using Members = std::unordered_map<std::string, std::string_view>;
  const Answer& answer_;
  std::unordered_map<const char*, Members> objects_;
  std::unordered_map<const char*, std::vector<std::string_view>> arrays_;
  std::string status_;                // as JSON, once it was asked for
  std::vector<std::string> headers_;  // as JSON, each once it was asked for
};

}  // namespace ballast::batch
