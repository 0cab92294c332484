#include "rest/preferences.hpp"

#include <algorithm>
#include <charconv>

#include "text/trim.hpp"

namespace ballast::rest {
namespace {

/// Takes the preference when its kind is known. The first of a kind stays.
template <class T>
bool take(std::optional<T>& into, std::string_view preference, std::string_view spelling, T value) {
  if (preference != spelling) return false;
  if (!into) into = value;
  return true;
}

bool take_max_affected(std::optional<std::int64_t>& into, std::string_view preference) {
  constexpr std::string_view name = "max-affected=";
  if (!preference.starts_with(name)) return false;
  const std::string_view digits = preference.substr(name.size());
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc() || end != digits.data() + digits.size() || value < 0) return false;
  if (!into) into = value;
  return true;
}

bool take_timezone(std::optional<std::string>& into, std::string_view preference) {
  constexpr std::string_view name = "timezone=";
  if (!preference.starts_with(name) || preference.size() == name.size()) return false;
  if (!into) into = std::string(preference.substr(name.size()));
  return true;
}

bool take(Preferences& p, std::string_view s) {
  using P = Preferences;
  return take(p.wanted, s, "return=representation", P::Return::representation) ||
         take(p.wanted, s, "return=minimal", P::Return::minimal) ||
         take(p.wanted, s, "return=headers-only", P::Return::headers_only) ||
         take(p.count, s, "count=exact", query::Count::exact) ||
         take(p.count, s, "count=planned", query::Count::planned) ||
         take(p.count, s, "count=estimated", query::Count::estimated) ||
         take(p.count, s, "count=none", query::Count::none) ||
         take(p.resolution, s, "resolution=merge-duplicates", P::Resolution::merge) ||
         take(p.resolution, s, "resolution=ignore-duplicates", P::Resolution::ignore) ||
         take(p.missing, s, "missing=default", P::Missing::default_) ||
         take(p.missing, s, "missing=null", P::Missing::null) ||
         take(p.handling, s, "handling=strict", P::Handling::strict) ||
         take(p.handling, s, "handling=lenient", P::Handling::lenient) ||
         take(p.transaction, s, "tx=commit", P::Transaction::commit) ||
         take(p.transaction, s, "tx=rollback", P::Transaction::rollback) || take_max_affected(p.max_affected, s) ||
         take_timezone(p.timezone, s);
}

std::string_view to_string(query::Count count) {
  switch (count) {
    case query::Count::none:
      return {};
    case query::Count::exact:
      return "count=exact";
    case query::Count::planned:
      return "count=planned";
    case query::Count::estimated:
      return "count=estimated";
  }
  return {};
}

std::string_view to_string(Preferences::Return wanted) {
  switch (wanted) {
    case Preferences::Return::minimal:
      return "return=minimal";
    case Preferences::Return::headers_only:
      return "return=headers-only";
    case Preferences::Return::representation:
      return "return=representation";
  }
  return {};
}

}  // namespace

Preferences parse_preferences(std::string_view header) {
  Preferences found;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(','), header.size());
    const std::string_view preference = text::trimmed(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    if (!preference.empty() && !take(found, preference)) found.unknown.emplace_back(preference);
  }
  return found;
}

Result<void> check_preferences(const Preferences& preferences) {
  if (!preferences.strict() || preferences.unknown.empty()) return {};
  std::string details = "Invalid preferences: ";
  for (std::size_t i = 0; i < preferences.unknown.size(); ++i) {
    if (i > 0) details.append(", ");
    details.append(preferences.unknown[i]);
  }
  return make_error(400, "PGRST122", "Invalid preferences given with handling=strict").with_details(std::move(details));
}

bool rolls_back(const Preferences& preferences, const Settings& settings) noexcept {
  if (settings.allow_tx_rollback && preferences.transaction)
    return *preferences.transaction == Preferences::Transaction::rollback;
  return settings.rollback_by_default;
}

std::string preference_applied(const Preferences& p, const Heeded& heeded) {
  std::string applied;
  const auto add = [&applied](std::string_view preference) {
    if (preference.empty()) return;
    if (!applied.empty()) applied.append(", ");
    applied.append(preference);
  };
  if (heeded.resolution && p.resolution) {
    add(*p.resolution == Preferences::Resolution::merge ? "resolution=merge-duplicates"
                                                        : "resolution=ignore-duplicates");
  }
  if (heeded.missing && p.missing)
    add(*p.missing == Preferences::Missing::default_ ? "missing=default" : "missing=null");
  if (heeded.wanted && p.wanted) add(to_string(*p.wanted));
  if (p.count) add(to_string(*p.count));
  if (heeded.transaction && p.transaction) {
    add(*p.transaction == Preferences::Transaction::commit ? "tx=commit" : "tx=rollback");
  }
  if (p.handling) add(p.strict() ? "handling=strict" : "handling=lenient");
  if (heeded.timezone && p.timezone) add("timezone=" + *p.timezone);
  if (heeded.max_affected && p.strict() && p.max_affected) add("max-affected=" + std::to_string(*p.max_affected));
  return applied;
}

}  // namespace ballast::rest
