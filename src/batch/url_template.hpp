#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "batch/reference.hpp"
#include "rest/settings.hpp"

namespace ballast::batch {

/// A url in which values of earlier answers stand: `/rest/v1/orders?id=eq.{debit.body[0].order_id}`.
///
/// A reference stands for one value: all of what a comparison compares with, a part of a `like` pattern, one element of
/// `in.(…)`, all of a function's argument. It cannot become anything else: what the url says with the values in it
/// (`rest::Parameters`) is compared with what it says without them, and must differ in those values alone. A brace that
/// starts no reference is what it always was, an array literal's.
class UrlTemplate {
 public:
  /// What the query string's parameters are.
  enum class Query : std::uint8_t {
    filters,    ///< of a table, or of the rows that a function called by POST returns
    arguments,  ///< of a function called by GET, and filters
    opaque,     ///< nothing that a reference could stand in
  };

  UrlTemplate() = default;
  /// A url without references.
  explicit UrlTemplate(std::string text) : text_(std::move(text)) {}
  /// 400 BLST441 when a reference stands where no value can. `is_request` tells whether the batch has a request of that
  /// id: `{id.` then begins a reference, whatever comes behind.
  static Result<UrlTemplate> parse(std::string text, Query query, const rest::Settings& settings,
                                   const std::function<bool(std::string_view)>& is_request);

  const std::string& text() const noexcept { return text_; }
  /// In the order in which they stand.
  std::vector<const Reference*> references() const;
  /// With one value for each reference, as JSON. 400 BLST441 for null, objects and arrays, and for a value that cannot
  /// be bound as one where it stands; 414 BLST414 when the url gets longer than `limit`.
  Result<std::string> with(const std::vector<std::string_view>& values, const rest::Settings& settings,
                           std::size_t limit) const;

 private:
  enum class Form : std::uint8_t { whole, element, pattern, element_pattern };
  struct Place {
    std::size_t at;
    std::size_t length;
    Reference reference;
    std::string token;  ///< a word that stands in its place and nowhere else
    Form form = Form::whole;
  };

  Result<void> find_references(const std::function<bool(std::string_view)>& is_request);
  Result<void> find_forms(const rest::Settings& settings);
  Result<std::string> with_texts(const std::vector<std::string>& texts, const rest::Settings& settings) const;
  std::string with_words(const std::vector<std::string>& words) const;

  std::string text_;
  Query query_ = Query::opaque;
  std::vector<Place> places_;
};

}  // namespace ballast::batch
