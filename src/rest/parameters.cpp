#include "rest/parameters.hpp"

#include <algorithm>
#include <array>

#include "http/request.hpp"
#include "rest/condition.hpp"
#include "rest/failure.hpp"
#include "rest/logic.hpp"
#include "rest/name_list.hpp"
#include "rest/names.hpp"
#include "rest/order.hpp"
#include "rest/select.hpp"
#include "text/utf8.hpp"

namespace ballast::rest {
namespace {

constexpr std::array<std::string_view, 4> logic_keys = {"not.and", "not.or", "and", "or"};

bool is_key_or_ends_in(std::string_view key, std::string_view word) {
  if (!key.ends_with(word)) return false;
  return key.size() == word.size() || key[key.size() - word.size() - 1] == '.';
}

bool reserved(std::string_view key) {
  if (key == "select" || key == "columns" || key == "on_conflict") return true;
  for (const std::string_view word : {"order", "limit", "offset", "and", "or"}) {
    if (is_key_or_ends_in(key, word)) return true;
  }
  return false;
}

Result<std::string> decoded(std::string_view raw, std::string_view what) {
  auto text = http::percent_decode(raw, true);
  if (text && text::valid_utf8(*text)) return std::move(*text);
  return make_error(400, "PGRST100", "the query string's " + std::string(what) + " is not valid UTF-8")
      .with_hint("percent-encode names and values as UTF-8, without NUL");
}

class ParametersParser {
 public:
  explicit ParametersParser(const Settings& settings) : settings_(settings) {}

  Result<Parameters> run(std::string_view query) {
    RawParameters raws(query);
    RawParameter raw;
    while (raws.next(raw)) {
      BALLAST_TRY(const std::string key, decoded(raw.key, "name"));
      BALLAST_TRY(const std::string value, decoded(raw.value, "value"));
      const bool bindable = bindable_value(raw) != std::string_view::npos;
      BALLAST_CHECKED(take(key, value, bindable ? found_.slots++ : -1));
    }
    if (found_.select.empty()) found_.select.push_back(SelectItem{SelectStar{}});
    return std::move(found_);
  }

 private:
  Result<void> take(const std::string& key, const std::string& value, int slot) {
    if (key == "select") {
      if (!found_.select.empty()) return {};  // the first one counts
      BALLAST_TRY(found_.select, parse_select(value, settings_));
      return {};
    }
    if (key == "columns") {
      if (value.empty()) return {};
      BALLAST_TRY(found_.columns, parse_name_list("columns", value));
      return {};
    }
    if (key == "on_conflict") {
      BALLAST_TRY(found_.on_conflict, parse_name_list("on_conflict", value));
      return {};
    }
    if (is_key_or_ends_in(key, "order")) {
      BALLAST_TRY(auto path, embeds(key, std::string_view("order").size()));
      BALLAST_TRY(auto order, parse_order(value, settings_));
      found_.orders.push_back({std::move(path), std::move(order)});
      return {};
    }
    if (is_key_or_ends_in(key, "limit")) {
      BALLAST_TRY(auto path, embeds(key, std::string_view("limit").size()));
      BALLAST_TRY(const auto limit, parse_limit(value));
      found_.limits.push_back({std::move(path), limit});
      return {};
    }
    if (is_key_or_ends_in(key, "offset")) {
      BALLAST_TRY(auto path, embeds(key, std::string_view("offset").size()));
      BALLAST_TRY(const auto offset, parse_offset(value));
      found_.offsets.push_back({std::move(path), offset});
      return {};
    }
    if (++filters_ > settings_.filters) return too_much("filters", settings_.filters, "rest.filters");
    for (const std::string_view word : logic_keys) {
      if (!is_key_or_ends_in(key, word)) continue;
      BALLAST_TRY(auto path, embeds(key, word.size()));
      BALLAST_TRY(auto logic, parse_logic(word, value, settings_));
      found_.logic.push_back({std::move(path), std::move(logic)});
      return {};
    }
    return filter(key, value, slot);
  }

  /// The names before a reserved word that ends the key.
  Result<EmbedPath> embeds(std::string_view key, std::size_t word) const {
    EmbedPath path;
    if (key.size() == word) return path;
    text::Cursor at(key.substr(0, key.size() - word - 1));
    do {
      auto name = field_name(at);
      if (!name) return parse_failure("tree path", key, at.at(), field_name_label);
      path.push_back(std::move(*name));
    } while (at.eat('.'));
    if (!at.done()) return parse_failure("tree path", key, at.at(), "delimiter (.) or end of input");
    return path;
  }

  Result<void> filter(std::string_view key, std::string_view value, int slot) {
    At<Filter> found;
    text::Cursor at(key);
    auto name = field_name(at);
    while (name && at.eat('.')) {
      found.path.push_back(std::move(*name));
      name = field_name(at);
    }
    if (!name) return parse_failure("tree path", key, at.at(), field_name_label);
    found.value.field.name = std::move(*name);
    if (!json_path(at, found.value.field.path)) return parse_failure("tree path", key, at.at(), "json path key");
    if (!at.done()) return parse_failure("tree path", key, at.at(), "delimiter (.), \"->\", \"->>\" or end of input");
    BALLAST_TRY(found.value.condition, parse_condition(value, settings_));
    if (auto* comparison = std::get_if<Comparison>(&found.value.condition.operation)) comparison->slot = slot;
    found_.filters.push_back(std::move(found));
    return {};
  }

  const Settings& settings_;
  Parameters found_;
  std::size_t filters_ = 0;
};

}  // namespace

bool RawParameters::next(RawParameter& parameter) noexcept {
  while (!rest_.empty()) {
    const std::size_t end = std::min(rest_.find('&'), rest_.size());
    const std::string_view part = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    parameter.key = part.substr(0, equals);
    parameter.value = part.substr(std::min(equals + 1, part.size()));
    return true;
  }
  return false;
}

bool is_reserved_parameter(std::string_view key) noexcept { return reserved(key); }

std::size_t bindable_value(const RawParameter& parameter) noexcept {
  // An encoded key could spell a reserved word.
  if (parameter.key.find_first_of("%+") != std::string_view::npos || reserved(parameter.key))
    return std::string_view::npos;
  const std::size_t prefix = bindable_prefix(parameter.value);
  return prefix == 0 ? std::string_view::npos : prefix;
}

Result<Parameters> parse_parameters(std::string_view query, const Settings& settings) {
  return ParametersParser(settings).run(query);
}

}  // namespace ballast::rest
