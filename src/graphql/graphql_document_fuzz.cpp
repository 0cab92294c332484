#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "graphql/parser.hpp"
#include "graphql/print.hpp"
#include "text/utf8.hpp"

using namespace ballast::graphql;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Problem& problem, std::string_view source) {
  require(problem.code == "GRAPHQL_PARSE_FAILED" && problem.at.size() <= 1 && problem.message.size() < 300);
  require(ballast::text::valid_utf8(problem.message));
  for (const Position& at : problem.at)
    require(at.line >= 1 && at.column >= 1 && at.line + at.column <= source.size() + 2);
}

}  // namespace

// What is printed parses to what prints the same; narrower limits refuse more, and change nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  const auto result = parse(source, {});
  const auto narrow = parse(source, {.max_bytes = 500, .max_tokens = 50, .max_depth = 5});
  if (const auto* problem = std::get_if<Problem>(&narrow)) check(*problem, source);
  if (const auto* problem = std::get_if<Problem>(&result)) {
    check(*problem, source);
    require(std::holds_alternative<Problem>(narrow));
    return 0;
  }
  const std::string printed = print(std::get<Document>(result));
  if (const auto* document = std::get_if<Document>(&narrow)) require(print(*document) == printed);
  // Indentation may make it longer than a source may be.
  const auto again = parse(printed, {.max_bytes = std::numeric_limits<std::size_t>::max()});
  require(std::holds_alternative<Document>(again) && print(std::get<Document>(again)) == printed);
  return 0;
}
