#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/operation.hpp"
#include "rest/settings.hpp"

namespace ballast::rest {

/// What the Prefer header asks for (RFC 7240 as PostgREST uses it). Of several preferences of one kind the first
/// counts.
struct Preferences {
  enum class Return : std::uint8_t { minimal, headers_only, representation };
  enum class Resolution : std::uint8_t { merge, ignore };
  enum class Missing : std::uint8_t { null, default_ };
  enum class Handling : std::uint8_t { lenient, strict };
  enum class Transaction : std::uint8_t { commit, rollback };

  std::optional<Return> wanted;       ///< return=
  std::optional<query::Count> count;  ///< count=; `none` when the client said so
  std::optional<Resolution> resolution;
  std::optional<Missing> missing;
  std::optional<Handling> handling;
  std::optional<Transaction> transaction;
  std::optional<std::int64_t> max_affected;
  std::optional<std::string> timezone;  ///< as the client spells it
  std::vector<std::string> unknown;

  query::Count counting() const { return count.value_or(query::Count::none); }
  bool strict() const { return handling == Handling::strict; }
  bool representation() const { return wanted == Return::representation; }
};

///     prefer ::= preference ( ',' preference )*                  several headers count as one
Preferences parse_preferences(std::string_view header);

/// 400 PGRST122 when the client asked for strict handling and for something unknown.
Result<void> check_preferences(const Preferences& preferences);

/// A write of these preferences is undone in the end.
bool rolls_back(const Preferences& preferences, const Settings& settings) noexcept;

/// Which preferences an operation heeds; the others are not confirmed to the client.
struct Heeded {
  bool resolution = false;
  bool missing = false;
  bool wanted = false;
  bool transaction = false;
  bool max_affected = false;
  bool timezone = false;
};

/// The value of Preference-Applied; empty when there is nothing to confirm.
std::string preference_applied(const Preferences& preferences, const Heeded& heeded);

}  // namespace ballast::rest
