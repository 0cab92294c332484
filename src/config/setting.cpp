#include "config/setting.hpp"

#include <fmt/format.h>

#include <cctype>
#include <fstream>
#include <iterator>

namespace ballast::config {
namespace {

Error expected_error(const Setting& setting) {
  return make_error(400, "BLST_SETTING", "expected " + setting.expected());
}

Result<std::int64_t> in_range(const Setting& setting, std::int64_t value) {
  if (value < setting.minimum || value > setting.maximum) return expected_error(setting);
  return value;
}

std::string print_limit(const Setting& setting, std::int64_t value) {
  if (setting.kind == Kind::size) return print_size(value);
  if (setting.kind == Kind::duration) return print_duration(std::chrono::nanoseconds(value));
  return std::to_string(value);
}

}  // namespace

std::string_view to_string(Kind kind) noexcept {
  switch (kind) {
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
      return "integer";
    case Kind::size:
      return "size";
    case Kind::duration:
      return "duration";
    case Kind::text:
      return "text";
    case Kind::list:
      return "list";
    case Kind::choice:
      return "choice";
    case Kind::secret:
      return "secret";
    case Kind::permissions:
      return "permissions";
  }
  return "";
}

std::string Setting::environment() const {
  std::string out = "BALLAST_";
  for (const char c : name) out += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

std::string Setting::flag() const {
  std::string out = "--";
  for (const char c : name) out += c == '.' || c == '_' ? '-' : c;
  return out;
}

std::string Setting::section() const {
  const auto dot = name.rfind('.');
  return dot == std::string::npos ? std::string() : name.substr(0, dot);
}

std::string Setting::expected() const {
  std::string out;
  switch (kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      out = "a whole number";
      break;
    case Kind::size:
      out = "a size such as \"1MiB\"";
      break;
    case Kind::duration:
      out = "a duration such as \"30s\"";
      break;
    case Kind::text:
      return "text";
    case Kind::secret:
      return "text, or \"@path\" of a file that holds it";
    case Kind::list:
      return "a list of texts";
    case Kind::permissions:
      return "permissions in octal such as \"0660\"";
    case Kind::choice:
      for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i != 0) out += i + 1 == choices.size() ? " or " : ", ";
        out += choices[i];
      }
      return out;
  }
  const bool low = minimum != std::numeric_limits<std::int64_t>::min();
  const bool high = maximum != std::numeric_limits<std::int64_t>::max();
  if (low && high) return out + " from " + print_limit(*this, minimum) + " to " + print_limit(*this, maximum);
  if (low) return out + " of at least " + print_limit(*this, minimum);
  if (high) return out + " of at most " + print_limit(*this, maximum);
  return out;
}

Result<bool> Registry::to_bool(const Setting& setting, const Raw& raw) {
  if (const auto* value = std::get_if<bool>(&raw)) return *value;
  if (const auto* text = std::get_if<std::string>(&raw)) return parse_bool(*text);
  return expected_error(setting);
}

Result<std::int64_t> Registry::to_integer(const Setting& setting, const Raw& raw) {
  if (const auto* value = std::get_if<std::int64_t>(&raw)) return in_range(setting, *value);
  const auto* text = std::get_if<std::string>(&raw);
  if (text == nullptr) return expected_error(setting);
  const auto parsed = parse_integer(*text);
  if (!parsed) return expected_error(setting);
  return in_range(setting, *parsed);
}

Result<std::int64_t> Registry::to_size(const Setting& setting, const Raw& raw) {
  if (const auto* value = std::get_if<std::int64_t>(&raw)) return in_range(setting, *value);
  const auto* text = std::get_if<std::string>(&raw);
  if (text == nullptr) return expected_error(setting);
  const auto parsed = parse_size(*text);
  if (!parsed) return expected_error(setting);
  return in_range(setting, *parsed);
}

Result<std::int64_t> Registry::to_nanoseconds(const Setting& setting, const Raw& raw) {
  const auto* text = std::get_if<std::string>(&raw);
  if (text == nullptr) {
    const auto* number = std::get_if<std::int64_t>(&raw);
    if (number == nullptr || *number != 0) return expected_error(setting);
    return in_range(setting, 0);
  }
  const auto parsed = parse_duration(*text);
  if (!parsed) return expected_error(setting);
  return in_range(setting, parsed->count());
}

Result<std::string> Registry::to_text(const Setting& setting, const Raw& raw) {
  if (const auto* text = std::get_if<std::string>(&raw)) return *text;
  return expected_error(setting);
}

Result<std::string> Registry::to_secret(const Setting& setting, const Raw& raw) {
  const auto* text = std::get_if<std::string>(&raw);
  if (text == nullptr) return expected_error(setting);
  if (!text->starts_with('@')) return *text;
  const std::string path = text->substr(1);
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) return make_error(400, "BLST_SETTING", "cannot read the secret from the file \"" + path + "\"");
  while (content.ends_with('\n') || content.ends_with('\r')) content.pop_back();
  if (content.empty()) return make_error(400, "BLST_SETTING", "the secret's file \"" + path + "\" is empty");
  return content;
}

Result<std::int64_t> Registry::to_permissions(const Setting& setting, const Raw& raw) {
  const auto* text = std::get_if<std::string>(&raw);
  if (text == nullptr || text->empty() || text->size() > 4 ||
      text->find_first_not_of("01234567") != std::string::npos) {
    return expected_error(setting);
  }
  std::int64_t mode = 0;
  for (const char c : *text) mode = mode * 8 + (c - '0');
  return mode;
}

std::string Registry::print_permissions(std::uint32_t mode) { return fmt::format("{:04o}", mode); }

Result<std::vector<std::string>> Registry::to_list(const Setting& setting, const Raw& raw) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&raw)) return *list;
  if (const auto* text = std::get_if<std::string>(&raw)) return parse_list(*text);
  return expected_error(setting);
}

const Setting* Registry::by_name(std::string_view name) const noexcept {
  for (const auto& setting : settings_) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

const Setting* Registry::by_file_name(std::string_view name) const noexcept {
  for (const auto& setting : settings_) {
    if (setting.name == name || (!setting.file_name.empty() && setting.file_name == name)) return &setting;
  }
  return nullptr;
}

const Setting* Registry::by_flag(std::string_view flag) const noexcept {
  for (const auto& setting : settings_) {
    if (setting.flag() == flag) return &setting;
  }
  return nullptr;
}

const Setting* Registry::by_environment(std::string_view variable) const noexcept {
  for (const auto& setting : settings_) {
    if (setting.environment() == variable) return &setting;
  }
  return nullptr;
}

const Section* Registry::section_named(std::string_view name) const noexcept {
  for (const auto& section : sections_) {
    if (section.name == name) return &section;
  }
  return nullptr;
}

}  // namespace ballast::config
