#pragma once

#include <memory>
#include <optional>
#include <string>

#include "compile/compile.hpp"
#include "rest/api.hpp"
#include "rest/format.hpp"
#include "rest/precondition.hpp"
#include "rest/preferences.hpp"
#include "rest/stale_rows.hpp"
#include "rest/write_unit.hpp"

namespace ballast::rest {

/// One write, from its plan to its answer. Lives in the reply's frame.
struct Api::Write {
  catalog::SnapshotPtr snapshot;
  http::Method method = http::Method::post;
  Format format;
  Preferences preferences;
  std::string applied;
  std::string content_profile;
  std::string search_path;
  std::string path;  ///< of the collection, for Location
  compile::Plan plan;
  std::optional<compile::Plan> existing;  ///< counts the rows that an upsert will find, when it cannot do so itself
  std::size_t payload_rows = 0;
  bool merges = false;
  bool nothing = false;  ///< no row in the body, or no column to set: nothing is run
  WriteTerms terms;
  Precondition precondition;
  std::optional<query::Read> current;   ///< the row that the precondition is about, as it is
  std::optional<RowVersions> versions;  ///< of an upsert's rows; `current` then reads them
  bool digests = false;                 ///< the row's tag covers what is shown of it

  bool representation() const { return preferences.representation(); }

  http::Response answer(const encode::RowFacts& facts, std::int64_t affected, std::int64_t existing_rows,
                        Spool body) const;
  int status(std::int64_t existing_rows) const;
  std::string range(const encode::RowFacts& facts, std::int64_t affected) const;
};

}  // namespace ballast::rest
