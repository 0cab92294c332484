#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "config/settings.hpp"
#include "config/value.hpp"

namespace ballast::config {

enum class Kind : std::uint8_t { boolean, integer, size, duration, text, list, choice, secret, permissions };
std::string_view to_string(Kind kind) noexcept;

enum class Reload : std::uint8_t { live, restart };  ///< taken over on SIGHUP, or only when the process starts anew

/// A value before its type is known: what the settings file, an environment variable or a flag says.
using Raw = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

/// One setting: a name bound to a field of a module's settings, and all there is to say about it. The name has
/// three spellings, which differ only in punctuation: `http.header_limit`, `BALLAST_HTTP_HEADER_LIMIT`,
/// `--http-header-limit`.
struct Setting {
  std::string name;
  Kind kind = Kind::text;
  Reload reload = Reload::restart;
  std::string doc;  ///< one paragraph: what it does and why one would change it
  std::string example;
  /// A second name that the settings file takes, where TOML cannot have `name` both as a key and as a table.
  std::string file_name;
  std::string (*redact)(std::string_view) = nullptr;                ///< makes a value fit to be shown; null: it is
  std::vector<std::string> choices;                                 ///< Kind::choice
  std::int64_t minimum = std::numeric_limits<std::int64_t>::min();  ///< integer, size (bytes), duration (nanoseconds)
  std::int64_t maximum = std::numeric_limits<std::int64_t>::max();

  /// Converts, checks the range and stores. The error's message says what was expected.
  std::function<Result<void>(Settings&, const Raw&)> assign;
  /// The field as text that `assign` would read back; a secret in the clear.
  std::function<std::string(const Settings&)> show;

  std::string environment() const;  ///< "BALLAST_HTTP_HEADER_LIMIT"
  std::string flag() const;         ///< "--http-header-limit"
  std::string section() const;      ///< "http"; empty for names without a dot
  /// "size, 1KiB to 16MiB": what the reference page and the errors say.
  std::string expected() const;
};

/// What a setting's declaration may say besides name and field.
struct About {
  std::string doc;
  std::string example;
  Reload reload = Reload::restart;
  std::int64_t minimum = std::numeric_limits<std::int64_t>::min();
  std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
  std::string file_name = {};
  std::string (*redact)(std::string_view) = nullptr;
};

/// Tables with names that the operator chooses: `[access.ROLE]`, `[api_keys.NAME]`, or the keys of one table:
/// `[body_limits]`. Settings file only.
struct Section {
  std::string name;  ///< "access"
  std::string key;   ///< what the name between the brackets stands for: "ROLE"; empty: one table
  std::string doc;
  std::string example;  ///< TOML
  /// One `key = value` of one table.
  std::function<Result<void>(Settings&, const std::string& table, const std::string& key, const Raw&)> assign;
};

/// Every setting there is, in the order of the reference page.
class Registry {
 public:
  /// `field` is a captureless lambda `[](Settings& s) -> auto& { return s.http.header_limit; }`; its type decides
  /// the kind: bool, integers, std::chrono durations, std::string, std::vector<std::string>.
  template <class F>
  void add(std::string name, F field, About about) {
    using T = std::decay_t<std::invoke_result_t<F, Settings&>>;
    if constexpr (std::is_same_v<T, bool>) {
      bind(std::move(name), Kind::boolean, field, std::move(about), to_bool,
           [](bool v) { return v ? "true" : "false"; });
    } else if constexpr (std::is_integral_v<T>) {
      bind(std::move(name), Kind::integer, field, std::move(about), to_integer, [](T v) { return std::to_string(v); });
    } else if constexpr (std::is_same_v<T, std::string>) {
      bind(std::move(name), Kind::text, field, std::move(about), to_text, [](const T& v) { return v; });
    } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
      bind(std::move(name), Kind::list, field, std::move(about), to_list, print_list);
    } else {
      bind(std::move(name), Kind::duration, field, std::move(about), to_nanoseconds,
           [](T v) { return print_duration(std::chrono::duration_cast<std::chrono::nanoseconds>(v)); });
    }
  }
  /// Bytes.
  template <class F>
  void size(std::string name, F field, About about) {
    bind(std::move(name), Kind::size, field, std::move(about), to_size,
         [](auto v) { return print_size(static_cast<std::int64_t>(v)); });
  }
  /// Text that is never shown; `@path` stands for the file's content.
  template <class F>
  void secret(std::string name, F field, About about) {
    bind(std::move(name), Kind::secret, field, std::move(about), to_secret, [](const std::string& v) { return v; });
  }
  /// A file's mode, in octal as chmod(1) takes it.
  template <class F>
  void permissions(std::string name, F field, About about) {
    bind(std::move(name), Kind::permissions, field, std::move(about), to_permissions, print_permissions);
  }
  template <class F, class E>
  void choice(std::string name, F field, std::vector<std::pair<std::string, E>> choices, About about);

  void section(Section section) { sections_.push_back(std::move(section)); }

  const std::vector<Setting>& settings() const noexcept { return settings_; }
  const std::vector<Section>& sections() const noexcept { return sections_; }
  const Setting* by_name(std::string_view name) const noexcept;
  /// By the name or the second name that a settings file may use.
  const Setting* by_file_name(std::string_view name) const noexcept;
  const Setting* by_flag(std::string_view flag) const noexcept;
  const Setting* by_environment(std::string_view variable) const noexcept;
  const Section* section_named(std::string_view name) const noexcept;

 private:
  static Result<bool> to_bool(const Setting& setting, const Raw& raw);
  static Result<std::int64_t> to_integer(const Setting& setting, const Raw& raw);
  static Result<std::int64_t> to_size(const Setting& setting, const Raw& raw);
  static Result<std::int64_t> to_nanoseconds(const Setting& setting, const Raw& raw);
  static Result<std::string> to_text(const Setting& setting, const Raw& raw);
  static Result<std::string> to_secret(const Setting& setting, const Raw& raw);
  static Result<std::int64_t> to_permissions(const Setting& setting, const Raw& raw);
  static std::string print_permissions(std::uint32_t mode);
  static Result<std::vector<std::string>> to_list(const Setting& setting, const Raw& raw);
  void push(Setting setting) { settings_.push_back(std::move(setting)); }

  template <class F, class Convert, class Show>
  void bind(std::string name, Kind kind, F field, About about, Convert convert, Show show);

  std::vector<Setting> settings_;
  std::vector<Section> sections_;
};

template <class F, class Convert, class Show>
void Registry::bind(std::string name, Kind kind, F field, About about, Convert convert, Show show) {
  using T = std::decay_t<std::invoke_result_t<F, Settings&>>;
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    if constexpr (sizeof(T) < 8 || std::is_unsigned_v<T>) {
      about.minimum = std::max<std::int64_t>(about.minimum, std::numeric_limits<T>::min());
    }
    if constexpr (sizeof(T) < 8) about.maximum = std::min<std::int64_t>(about.maximum, std::numeric_limits<T>::max());
  }
  Setting setting;
  setting.name = std::move(name);
  setting.kind = kind;
  setting.reload = about.reload;
  setting.doc = std::move(about.doc);
  setting.example = std::move(about.example);
  setting.file_name = std::move(about.file_name);
  setting.redact = about.redact;
  setting.minimum = about.minimum;
  setting.maximum = about.maximum;
  setting.show = [field, show](const Settings& s) -> std::string { return show(field(const_cast<Settings&>(s))); };
  const Setting limits = setting;
  setting.assign = [limits, field, convert](Settings& s, const Raw& raw) -> Result<void> {
    BALLAST_TRY(auto value, convert(limits, raw));
    if constexpr (std::is_integral_v<T> || std::is_same_v<T, std::string> ||
                  std::is_same_v<T, std::vector<std::string>>) {
      field(s) = static_cast<T>(std::move(value));
    } else {
      const std::chrono::nanoseconds exact(value);
      const auto rounded = std::chrono::duration_cast<T>(exact);
      if (rounded != exact) {
        return make_error(400, "BLST_SETTING", "expected a multiple of " + print_duration(T(1)));
      }
      field(s) = rounded;
    }
    return {};
  };
  push(std::move(setting));
}

template <class F, class E>
void Registry::choice(std::string name, F field, std::vector<std::pair<std::string, E>> choices, About about) {
  Setting setting;
  setting.name = std::move(name);
  setting.kind = Kind::choice;
  setting.reload = about.reload;
  setting.doc = std::move(about.doc);
  setting.example = std::move(about.example);
  for (const auto& [word, value] : choices) setting.choices.push_back(word);
  setting.show = [field, choices](const Settings& s) -> std::string {
    for (const auto& [word, value] : choices) {
      if (field(const_cast<Settings&>(s)) == value) return word;
    }
    return {};
  };
  const Setting limits = setting;
  setting.assign = [limits, field, choices](Settings& s, const Raw& raw) -> Result<void> {
    BALLAST_TRY(const auto text, to_text(limits, raw));
    for (const auto& [word, value] : choices) {
      if (word == text) {
        field(s) = value;
        return {};
      }
    }
    return make_error(400, "BLST_SETTING", "expected " + limits.expected());
  };
  push(std::move(setting));
}

/// The registry of this build.
const Registry& registry();

/// One per module: binds the fields of its settings.
void bind_program(Registry& registry);
void bind_access(Registry& registry);
void bind_auth(Registry& registry);
void bind_database(Registry& registry);
void bind_batch(Registry& registry);
void bind_graphql(Registry& registry);
void bind_http(Registry& registry);
void bind_locks(Registry& registry);
void bind_idempotency(Registry& registry);
void bind_log(Registry& registry);
void bind_middleware(Registry& registry);
void bind_rest(Registry& registry);
void bind_sqlite(Registry& registry);

}  // namespace ballast::config
