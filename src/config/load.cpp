#include "config/load.hpp"

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "config/toml_source.hpp"
#include "config/validate.hpp"

namespace ballast::config {
namespace {

std::string shown(const Raw& raw) {
  struct Visitor {
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(const std::string& v) const { return '"' + v + '"'; }
    std::string operator()(const std::vector<std::string>& v) const { return "[" + print_list(v) + "]"; }
  };
  return std::visit(Visitor{}, raw);
}

std::string shown(const Setting& setting, const Raw& raw) {
  if (setting.kind == Kind::secret) return {};
  const auto* text = std::get_if<std::string>(&raw);
  return text != nullptr && setting.redact != nullptr ? shown(Raw(setting.redact(*text))) : shown(raw);
}

std::string did_you_mean(const std::string& near) { return near.empty() ? near : "did you mean \"" + near + "\"?"; }

class Loader {
 public:
  Loader(const Registry& registry, const Sources& sources) : registry_(registry), sources_(sources) {}

  Loaded run() {
    mode();
    file();
    environment();
    flags();
    auto contradictions = validate(loaded_);
    loaded_.problems.insert(loaded_.problems.end(), contradictions.begin(), contradictions.end());
    return std::move(loaded_);
  }

 private:
  void mode() {
    for (const auto& [name, value] : sources_.mode_defaults) {
      const Setting* setting = registry_.by_name(name);
      check(setting != nullptr, "a mode's default names an unknown setting");
      assign(*setting, value, Source::mode, sources_.mode + " mode");
    }
  }

  void file() {
    if (!sources_.file_text) return;
    FileContent content = read_toml(registry_, *sources_.file_text, sources_.file_name);
    for (auto& problem : content.problems) loaded_.problems.push_back(std::move(problem));
    for (const auto& entry : content.entries) {
      if (const Setting* setting = registry_.by_file_name(entry.name)) {
        assign(*setting, entry.value, Source::file, entry.where);
      } else {
        problem(entry.where, fmt::format("unknown setting \"{}\"", entry.name), did_you_mean(nearest_name(entry.name)));
      }
    }
    for (const auto& row : content.rows) {
      const Section* section = registry_.section_named(row.section);
      const auto result = section->assign(loaded_.settings, row.table, row.key, row.value);
      if (!result) {
        const std::string table = row.table.empty() ? row.section : row.section + "." + row.table;
        problem(row.where, fmt::format("[{}] {}: {}", table, row.key, result.error().message), result.error().hint);
      }
    }
  }

  void environment() {
    for (const auto& [variable, value] : sources_.environment) {
      if (!variable.starts_with("BALLAST_") || is_foreign(variable)) continue;
      if (const Setting* setting = registry_.by_environment(variable)) {
        assign(*setting, value, Source::environment, variable);
      } else {
        std::vector<std::string> names = {"BALLAST_SETTINGS"};
        for (const auto& candidate : registry_.settings()) names.push_back(candidate.environment());
        problem(variable, "no setting has this environment variable", did_you_mean(nearest(variable, names)));
      }
    }
  }

  /// Read by the program itself, or put there by Kubernetes for a service that is called "ballast".
  static bool is_foreign(std::string_view variable) {
    return variable == "BALLAST_SETTINGS" || variable == "BALLAST_PORT" || variable.starts_with("BALLAST_PORT_") ||
           variable.starts_with("BALLAST_SERVICE_");
  }

  void flags() {
    std::map<std::string, std::vector<const Flag*>> by_name;
    std::vector<std::string> order;
    for (const auto& flag : sources_.flags) {
      auto& seen = by_name[flag.name];
      if (seen.empty()) order.push_back(flag.name);
      seen.push_back(&flag);
    }
    for (const auto& name : order) flag_values(name, by_name[name]);
  }

  void flag_values(const std::string& name, const std::vector<const Flag*>& given) {
    const Setting* setting = registry_.by_flag(name);
    bool negated = false;
    if (setting == nullptr && name.starts_with("--no-")) {
      setting = registry_.by_flag("--" + name.substr(5));
      negated = setting != nullptr && setting->kind == Kind::boolean;
      if (!negated) setting = nullptr;
    }
    if (setting == nullptr) {
      std::vector<std::string> names;
      for (const auto& candidate : registry_.settings()) names.push_back(candidate.flag());
      return problem(given.front()->spelling, "unknown flag", did_you_mean(nearest(name, names)));
    }
    if (negated && given.front()->value) return problem(name, "takes no value", {});
    std::vector<std::string> items;
    for (const Flag* flag : given) {
      if (!flag->value && setting->kind != Kind::boolean) {
        return problem(flag->spelling, "needs a value: expected " + setting->expected(), {});
      }
      const std::string value = flag->value.value_or(negated ? "false" : "true");
      if (setting->kind == Kind::list) {
        for (auto& item : parse_list(value)) items.push_back(std::move(item));
      } else if (flag != given.front() && value != given.front()->value.value_or(negated ? "false" : "true")) {
        return problem(
            flag->spelling, "given twice with different values",
            given.front()->spelling == flag->spelling ? "leave one out" : "it contradicts " + given.front()->spelling);
      }
    }
    if (!negated && loaded_.origin(setting->name).source == Source::flag) {
      return problem(given.front()->spelling, "contradicts " + loaded_.origin(setting->name).where, "leave one out");
    }
    if (negated && loaded_.origin(setting->name).source == Source::flag) {
      return problem(name, "contradicts " + loaded_.origin(setting->name).where, "leave one out");
    }
    const Raw raw = setting->kind == Kind::list ? Raw(std::move(items))
                                                : Raw(given.front()->value.value_or(negated ? "false" : "true"));
    assign(*setting, raw, Source::flag, given.front()->spelling);
  }

  void assign(const Setting& setting, const Raw& raw, Source source, const std::string& where) {
    const auto result = setting.assign(loaded_.settings, raw);
    if (!result) {
      const std::string got = setting.kind == Kind::secret ? std::string() : ", got " + shown(setting, raw);
      // A value that was refused is not overridden in silence: its problem is reported whatever follows.
      return problem(where, fmt::format("{}: {}{}", setting.name, result.error().message, got),
                     setting.kind == Kind::choice && std::holds_alternative<std::string>(raw)
                         ? did_you_mean(nearest(std::get<std::string>(raw), setting.choices))
                         : result.error().hint);
    }
    loaded_.origins[setting.name] = Origin{source, where, shown(setting, raw)};
  }

  /// Compared whole, then by last part alone, so that `[htp] header_limit` and a forgotten section are both found.
  std::string nearest_name(const std::string& name) const {
    std::vector<std::string> names;
    for (const auto& setting : registry_.settings()) names.push_back(setting.name);
    if (auto near = nearest(name, names); !near.empty()) return near;
    const auto last = name.substr(name.rfind('.') + 1);
    for (const auto& candidate : names) {
      if (candidate.substr(candidate.rfind('.') + 1) == last) return candidate;
    }
    return {};
  }

  void problem(std::string where, std::string message, std::string hint) {
    loaded_.problems.push_back({std::move(where), std::move(message), std::move(hint)});
  }

  const Registry& registry_;
  const Sources& sources_;
  Loaded loaded_;
};

}  // namespace

std::string Problem::text() const {
  std::string out = where.empty() ? message : where + ": " + message;
  if (!hint.empty()) out += " (" + hint + ")";
  return out;
}

Origin Loaded::origin(std::string_view name) const {
  const auto found = origins.find(name);
  return found == origins.end() ? Origin{} : found->second;
}

Loaded load(const Registry& registry, const Sources& sources) { return Loader(registry, sources).run(); }

}  // namespace ballast::config
