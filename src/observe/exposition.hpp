#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ballast::observe {

/// `{"method", "GET"}`; names are our own words, values may be anything.
using Labels = std::vector<std::pair<std::string, std::string>>;

enum class MetricKind : std::uint8_t { counter, gauge, histogram };

/// Writes Prometheus' text format 0.0.4: a family's HELP and TYPE, then its samples.
class Exposition {
 public:
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

  explicit Exposition(std::string& out) : out_(out) {}

  void family(std::string_view name, std::string_view help, MetricKind kind);
  /// A sample of the family announced last; `suffix` is appended to its name ("_sum").
  void sample(double value, const Labels& labels = {}, std::string_view suffix = {});
  void sample(std::uint64_t value, const Labels& labels = {}, std::string_view suffix = {});

  /// A family of one sample without labels.
  void counter(std::string_view name, std::string_view help, std::uint64_t value);
  void counter(std::string_view name, std::string_view help, double value);
  void gauge(std::string_view name, std::string_view help, double value);

 private:
  void begin(const Labels& labels, std::string_view suffix);

  std::string& out_;
  std::string name_;
};

/// As the text format spells numbers: shortest digits, `+Inf`, `-Inf`, `NaN`.
void append_number(std::string& out, double value);

}  // namespace ballast::observe
