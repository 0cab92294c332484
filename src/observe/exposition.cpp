#include "observe/exposition.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace ballast::observe {
namespace {

/// Backslash and newline in HELP; the quote too in label values.
void append_escaped(std::string& out, std::string_view text, bool quoted) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quoted) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

std::string_view word_of(MetricKind kind) noexcept {
  switch (kind) {
    case MetricKind::counter:
      return "counter";
    case MetricKind::gauge:
      return "gauge";
    case MetricKind::histogram:
      return "histogram";
  }
  return "untyped";
}

}  // namespace

void append_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    std::array<char, 32> digits;
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  }
}

void Exposition::family(std::string_view name, std::string_view help, MetricKind kind) {
  name_ = name;
  out_ += "# HELP ";
  out_ += name;
  out_ += ' ';
  append_escaped(out_, help, false);
  out_ += "\n# TYPE ";
  out_ += name;
  out_ += ' ';
  out_ += word_of(kind);
  out_ += '\n';
}

void Exposition::begin(const Labels& labels, std::string_view suffix) {
  out_ += name_;
  out_ += suffix;
  if (!labels.empty()) {
    char before = '{';
    for (const auto& [name, value] : labels) {
      out_ += before;
      out_ += name;
      out_ += "=\"";
      append_escaped(out_, value, true);
      out_ += '"';
      before = ',';
    }
    out_ += '}';
  }
  out_ += ' ';
}

void Exposition::sample(double value, const Labels& labels, std::string_view suffix) {
  begin(labels, suffix);
  append_number(out_, value);
  out_ += '\n';
}

void Exposition::sample(std::uint64_t value, const Labels& labels, std::string_view suffix) {
  begin(labels, suffix);
  out_ += std::to_string(value);
  out_ += '\n';
}

void Exposition::counter(std::string_view name, std::string_view help, std::uint64_t value) {
  family(name, help, MetricKind::counter);
  sample(value);
}

void Exposition::counter(std::string_view name, std::string_view help, double value) {
  family(name, help, MetricKind::counter);
  sample(value);
}

void Exposition::gauge(std::string_view name, std::string_view help, double value) {
  family(name, help, MetricKind::gauge);
  sample(value);
}

}  // namespace ballast::observe
