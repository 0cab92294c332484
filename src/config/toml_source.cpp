#include "config/toml_source.hpp"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace ballast::config {
namespace {

class Reader {
 public:
  Reader(const Registry& registry, const std::string& file_name) : registry_(registry), file_name_(file_name) {}

  void table(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
      const auto* child = node.as_table();
      if (child == nullptr) {
        if (auto raw = value(node, key, name)) content.entries.push_back({name, std::move(*raw), where(key)});
      } else if (const auto* section = registry_.section_named(name); section != nullptr && section->key.empty()) {
        rows(*child, name, "");
      } else if (registry_.section_named(prefix) != nullptr) {
        rows(*child, prefix, std::string(key.str()));
      } else {
        this->table(*child, name);
      }
    }
  }

  FileContent content;

 private:
  std::string where(const toml::key& key) const { return fmt::format("{}:{}", file_name_, key.source().begin.line); }

  void rows(const toml::table& table, const std::string& section, const std::string& name) {
    for (const auto& [key, node] : table) {
      auto raw = value(node, key, std::string(key.str()));
      if (raw) content.rows.push_back({section, name, std::string(key.str()), std::move(*raw), where(key)});
    }
  }

  std::optional<Raw> value(const toml::node& node, const toml::key& key, const std::string& name) {
    if (const auto* text = node.as_string()) return Raw(text->get());
    if (const auto* number = node.as_integer()) return Raw(number->get());
    if (const auto* boolean = node.as_boolean()) return Raw(boolean->get());
    if (const auto* array = node.as_array()) {
      std::vector<std::string> items;
      for (const auto& item : *array) {
        const auto* text = item.as_string();
        if (text == nullptr) {
          content.problems.push_back({where(key), name + ": expected a list of texts", {}});
          return std::nullopt;
        }
        items.push_back(text->get());
      }
      return Raw(std::move(items));
    }
    std::string_view found = node.is_floating_point() ? "a fraction" : node.is_table() ? "a table" : "a date or time";
    content.problems.push_back(
        {where(key),
         fmt::format("{}: expected text, a whole number, true, false or a list of texts, got {}", name, found),
         {}});
    return std::nullopt;
  }

  const Registry& registry_;
  const std::string& file_name_;
};

}  // namespace

FileContent read_toml(const Registry& registry, std::string_view text, const std::string& file_name) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    FileContent failed;
    const auto& error = parsed.error();
    const auto& at = error.source().begin;
    failed.problems.push_back({fmt::format("{}:{}:{}", file_name, at.line, at.column),
                               fmt::format("no valid TOML: {}", error.description()),
                               "texts need quotes: name = \"value\""});
    return failed;
  }
  Reader reader(registry, file_name);
  reader.table(parsed.table(), "");
  return std::move(reader.content);
}

}  // namespace ballast::config
