#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::rest {

/// One media range of an Accept header. Views point into the header.
struct AcceptRange {
  std::string_view type;     ///< without parameters
  std::string_view written;  ///< as sent, without its quality
  int quality = 1000;        ///< in thousandths

  bool is(std::string_view media_type) const noexcept;  ///< whatever the case
  /// The value of a parameter, without its quotes; empty when it is not there.
  std::string_view parameter(std::string_view name) const noexcept;
};

/// Every range in the order given, refused ones (quality 0) included. A blank header accepts everything.
std::vector<AcceptRange> accept_ranges(std::string_view header);

/// The ranges that are acceptable at all, the highest quality first, then in the order given (RFC 9110 section
/// 12.5.1).
std::vector<AcceptRange> parse_accept(std::string_view header);

}  // namespace ballast::rest
