#include "cli/arguments.hpp"

#include <algorithm>

namespace ballast::cli {
namespace {

const OwnFlag* find(const std::vector<OwnFlag>& own, std::string_view name) {
  const auto found = std::find_if(own.begin(), own.end(), [&](const OwnFlag& flag) { return flag.name == name; });
  return found == own.end() ? nullptr : &*found;
}

bool takes_value(const OwnFlag* own, std::string_view name) {
  if (own != nullptr) return !own->value.empty();
  if (name.starts_with("--no-")) return false;
  const auto* setting = config::registry().by_flag(name);
  return setting != nullptr && setting->kind != config::Kind::boolean;
}

}  // namespace

bool Arguments::has(std::string_view flag) const {
  return std::any_of(own.begin(), own.end(), [&](const auto& pair) { return pair.first == flag; });
}

std::string Arguments::value(std::string_view flag) const {
  const auto found = std::find_if(own.rbegin(), own.rend(), [&](const auto& pair) { return pair.first == flag; });
  return found == own.rend() ? std::string() : found->second;
}

Result<Arguments> parse_arguments(const std::vector<std::string>& words, const std::vector<OwnFlag>& own) {
  Arguments parsed;
  bool flags_ended = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (flags_ended || word == "-" || !word.starts_with('-')) {
      if (parsed.command.empty()) {
        parsed.command = word;
      } else {
        parsed.positional.push_back(word);
      }
      continue;
    }
    if (word == "--") {
      flags_ended = true;
      continue;
    }
    if (word == "-h" || word == "--help") {
      parsed.help = true;
      continue;
    }
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = word.substr(equals + 1);
    const OwnFlag* mine = find(own, name);
    if (!value && takes_value(mine, name)) {
      if (i + 1 == words.size()) return make_error(400, "BLST_USAGE", name + " needs a value");
      value = words[++i];
    }
    if (mine != nullptr) {
      if (value && mine->value.empty()) return make_error(400, "BLST_USAGE", name + " takes no value");
      parsed.own.emplace_back(name, value.value_or(""));
    } else {
      parsed.settings.push_back(config::Flag{name, name, value});
    }
  }
  return parsed;
}

}  // namespace ballast::cli
