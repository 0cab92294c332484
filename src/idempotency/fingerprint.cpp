#include "idempotency/fingerprint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "auth/digest.hpp"
#include "text/trim.hpp"

namespace ballast::idempotency {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    const std::string_view part = text::trimmed(text.substr(0, end));
    if (!part.empty()) parts.push_back(part);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return parts;
}

/// The same bytes for the same parts, and for no others.
class Parts {
 public:
  void add(std::string_view part) { text_ += fmt::format("{}:{}\n", part.size(), part); }
  void add_sorted(std::vector<std::string> parts) {
    std::sort(parts.begin(), parts.end());
    text_ += fmt::format("[{}]\n", parts.size());
    for (const auto& part : parts) add(part);
  }
  std::string digest() const {
    std::string out;
    for (const std::uint64_t word : auth::sha256(text_)) out += fmt::format("{:016x}", word);
    return out;
  }

 private:
  std::string text_;
};

/// `wait` says how long a client waits, `respond-async` how; what is asked for is the same.
bool shapes_answer(std::string_view preference) {
  return !preference.starts_with("wait=") && preference != "respond-async";
}

}  // namespace

std::string fingerprint_of(const http::Request& request) {
  Parts parts;
  parts.add(request.method_name.empty() ? http::to_string(request.method) : request.method_name);
  parts.add(request.path);
  std::vector<std::string> query;
  for (const auto parameter : split(request.query, '&')) {
    query.push_back(http::percent_decode(parameter, true).value_or(std::string(parameter)));
  }
  parts.add_sorted(std::move(query));
  for (const auto* name :
       {"Content-Type", "Content-Profile", "Accept-Profile", "Accept", "Range", "If-Match", "If-None-Match"}) {
    parts.add(request.headers.joined(name));
  }
  std::vector<std::string> preferences;
  const std::string prefer = request.headers.joined("Prefer");
  for (const auto preference : split(prefer, ',')) {
    if (shapes_answer(preference)) preferences.emplace_back(preference);
  }
  parts.add_sorted(std::move(preferences));
  parts.add(request.body);
  return parts.digest();
}

long wait_of(std::string_view prefer) {
  for (const auto preference : split(prefer, ',')) {
    if (!preference.starts_with("wait=")) continue;
    const std::string_view digits = preference.substr(5);
    long seconds = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (error == std::errc() && end == digits.data() + digits.size() && seconds > 0) return seconds;
  }
  return 0;
}

}  // namespace ballast::idempotency
