#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "batch/body_template.hpp"
#include "batch/url_template.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"
#include "rest/parameters.hpp"
#include "rest/passed.hpp"

/// A url and, behind the first line's end, a text that its references stand for. Whatever the text is, the url must
/// go on saying what it says with a harmless word in its place.
namespace ballast::batch {
namespace {

void clear(rest::Condition& condition) {
  if (auto* comparison = std::get_if<rest::Comparison>(&condition.operation)) comparison->value.clear();
  if (auto* match = std::get_if<rest::FullTextMatch>(&condition.operation)) match->query.clear();
  if (auto* list = std::get_if<rest::InList>(&condition.operation)) {
    for (auto& value : list->values) value.clear();
  }
}

void clear(rest::Logic& logic) {
  if (auto* filter = std::get_if<rest::Filter>(&logic.node)) return clear(filter->condition);
  for (auto& member : std::get<rest::Logic::Group>(logic.node).members) clear(member);
}

struct Meaning {
  std::string path;
  std::vector<std::string> arguments;
  rest::Parameters parameters;
  friend bool operator==(const Meaning&, const Meaning&) = default;
};

/// What a url says, but for the values in it.
Meaning meaning(std::string_view url, bool arguments, const rest::Settings& settings) {
  Meaning found;
  const std::size_t mark = url.find('?');
  found.path = std::string(url.substr(0, mark));
  std::string_view query = url.substr(mark + 1);
  std::string filters;
  if (arguments) {
    const auto passed = rest::passed_in_query(query, filters);
    if (!passed) __builtin_trap();
    for (const auto& [name, value] : passed->values) found.arguments.push_back(name);
    query = filters;
  }
  auto parameters = rest::parse_parameters(query, settings);
  if (!parameters) __builtin_trap();
  found.parameters = std::move(parameters).value();
  for (auto& filter : found.parameters.filters) clear(filter.value.condition);
  for (auto& logic : found.parameters.logic) clear(logic.value);
  return found;
}

void check(const std::string& url, std::string_view text, bool arguments) {
  const rest::Settings settings;
  const auto query = arguments ? UrlTemplate::Query::arguments : UrlTemplate::Query::filters;
  const auto made = UrlTemplate::parse(url, query, settings, [](std::string_view id) { return id == "a"; });
  if (!made || made->references().empty()) return;
  std::string json;
  json::append_string(json, text);
  const std::size_t count = made->references().size();
  const auto real = made->with(std::vector<std::string_view>(count, json), settings, 1U << 20);
  const auto plain = made->with(std::vector<std::string_view>(count, "\"word\""), settings, 1U << 20);
  if (!plain) __builtin_trap();
  if (!real) return;
  if (meaning(*real, arguments, settings) != meaning(*plain, arguments, settings)) __builtin_trap();
}

}  // namespace
}  // namespace ballast::batch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  const std::string url(input.substr(0, end));
  const std::string_view text = input.substr(end + 1);
  ballast::batch::check(url, text, false);
  ballast::batch::check(url, text, true);
  if (ballast::json::valid(text)) (void)ballast::batch::BodyTemplate::parse(text);
  return 0;
}
