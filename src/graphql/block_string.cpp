#include "graphql/block_string.hpp"

#include <algorithm>
#include <cstddef>

namespace ballast::graphql {
namespace {

template <class Visit>
void each_line(std::string_view text, Visit visit) {
  for (;;) {
    const std::size_t end = text.find('\n');
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

constexpr std::size_t blank = std::string_view::npos;

/// How much white space a line starts with; `blank` when it has nothing else.
std::size_t indentation(std::string_view line) {
  std::size_t n = 0;
  while (n < line.size() && (line[n] == ' ' || line[n] == '\t')) ++n;
  return n == line.size() ? blank : n;
}

}  // namespace

std::string block_string_value(std::string_view raw) {
  std::size_t common = blank;
  bool first = true;  // it follows the quotes, so its indentation says nothing
  each_line(raw, [&](std::string_view line) {
    if (!first) common = std::min(common, indentation(line));
    first = false;
  });

  std::string value;
  value.reserve(raw.size());
  std::size_t end = 0;  // of the last line that is not blank
  bool started = false;
  first = true;
  each_line(raw, [&](std::string_view line) {
    const bool empty = indentation(line) == blank;
    if (!first) line.remove_prefix(std::min(common, line.size()));
    first = false;
    if (empty && !started) return;
    if (started) value += '\n';
    started = true;
    value += line;
    if (!empty) end = value.size();
  });
  value.resize(end);
  return value;
}

}  // namespace ballast::graphql
