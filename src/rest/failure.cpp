#include "rest/failure.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace ballast::rest {
namespace {

struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};

void advance(Position& position, std::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      ++position.line;
      position.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++position.column;
    }
  }
}

std::string unexpected(std::string_view rest) {
  if (rest.empty()) return "unexpected end of input";
  const std::size_t length = std::max<std::size_t>(1, text::sequence_length(rest));
  std::string quoted = "unexpected \"";
  if (rest.front() == '"' || rest.front() == '\\') quoted.push_back('\\');
  return quoted.append(rest.substr(0, length)).append("\"");
}

}  // namespace

Error parse_failure(std::string_view what, std::string_view text, std::size_t at, std::string_view expecting,
                    std::string_view prefix) {
  at = std::min(at, text.size());
  Position position;
  advance(position, prefix);
  advance(position, text.substr(0, at));
  std::string message = "\"failed to parse ";
  message.append(what).append(" (").append(text).append(")\" (line ").append(std::to_string(position.line));
  message.append(", column ").append(std::to_string(position.column)).append(")");
  std::string details = unexpected(text.substr(at));
  if (!expecting.empty()) details.append(" expecting ").append(expecting);
  return make_error(400, "PGRST100", std::move(message)).with_details(std::move(details));
}

Error too_much(std::string_view what, std::size_t limit, std::string_view setting) {
  std::string message = "too many ";
  message.append(what).append(": at most ").append(std::to_string(limit)).append(" are allowed");
  std::string hint = "split the request, or raise ";
  return make_error(400, "PGRST100", std::move(message)).with_hint(hint.append(setting));
}

}  // namespace ballast::rest
