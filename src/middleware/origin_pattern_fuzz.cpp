// Origins against patterns: a line of pattern, the rest an origin. The oracle: an origin that matches has the pattern's
// scheme and ends with its host; and whatever the pattern, no origin with a path, user or white space gets through.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "middleware/origin_pattern.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ballast::middleware::OriginPattern;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t newline = text.find('\n');
  const std::string_view origin = newline == std::string_view::npos ? text : text.substr(newline + 1);

  static const auto subdomains = *OriginPattern::parse("https://*.example.com");
  if (subdomains.matches(origin)) {
    if (!origin.starts_with("https://") || !origin.ends_with(".example.com")) std::abort();
    if (origin.substr(8).find_first_of("/@?#\\ \r\n\t:%") != std::string_view::npos) std::abort();
  }
  const auto pattern = OriginPattern::parse(text.substr(0, newline));
  if (pattern && pattern->matches(origin)) {
    const std::size_t separator = origin.find("://");
    if (separator == std::string_view::npos) std::abort();
    if (origin.substr(separator + 3).find_first_of("/@?#\\ \r\n\t%") != std::string_view::npos) std::abort();
  }
  return 0;
}
