#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "batch/reference.hpp"

namespace ballast::batch {

/// A body in which values of earlier answers stand: `{"$ref": "debit.body[0].id"}` in the place of a JSON value.
class BodyTemplate {
 public:
  BodyTemplate() = default;
  /// A body without references.
  explicit BodyTemplate(std::string text) : text_(std::move(text)) {}

  /// `json` is valid. 400 BLST441 for what looks like a reference and is none.
  static Result<BodyTemplate> parse(std::string_view json);

  /// In the order in which they stand.
  std::vector<const Reference*> references() const;
  /// With the JSON of one value for each reference; 413 BLST413 when that makes more than `limit` bytes.
  Result<std::string> with(const std::vector<std::string_view>& values, std::size_t limit) const;

 private:
  struct Place {
    std::size_t at;
    std::size_t length;
    Reference reference;
  };
  static Result<void> find(std::string_view json, const char* start, std::vector<Place>& places);

  std::string text_;
  std::vector<Place> places_;
};

}  // namespace ballast::batch
