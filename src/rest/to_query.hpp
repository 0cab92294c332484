#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "catalog/snapshot.hpp"
#include "query/operation.hpp"
#include "rest/parameters.hpp"
#include "rest/payload.hpp"
#include "rest/settings.hpp"

/// What the URL says × what the catalog knows → what is asked of the database. Pure.
namespace ballast::rest {

struct Resolution {
  const catalog::Snapshot& snapshot;
  const Settings& settings;
  bool known_types_only = true;  ///< refuse casts to types that Ballast does not know (engines without user types)
};

/// GET and HEAD. `page` is the root's, from `limit`, `offset` and Range.
Result<query::Read> to_read(const Resolution& with, const catalog::Relation& relation, const Parameters& parameters,
                            const Page& page, query::Count count);

/// The rows that a PATCH, PUT or DELETE of these parameters is about, each with its version: at most `most`, in no
/// order, with what it would answer with when `shown`.
Result<query::Read> to_read_versions(const Resolution& with, const catalog::Relation& relation,
                                     const Parameters& parameters, bool shown, std::uint64_t most);

struct WriteOptions {
  bool representation = false;
  bool location = false;  ///< the answer needs the primary key
  bool missing_is_default = false;
  query::OnConflict on_conflict = query::OnConflict::fail;
};

/// POST, and PUT with `on_conflict` = merge.
Result<query::Insert> to_insert(const Resolution& with, const catalog::Relation& relation, const Parameters& parameters,
                                Payload payload, const WriteOptions& options);
/// PATCH; 400 PGRST114 with limit or offset, like DELETE. `payload` has exactly one object.
Result<query::Update> to_update(const Resolution& with, const catalog::Relation& relation, const Parameters& parameters,
                                Payload payload, const WriteOptions& options);
/// Each object of the payload updates the row that it names by `on_conflict` or the primary key, in the version that it
/// says as `query::version_name`.
Result<query::Update> to_update_rows(const Resolution& with, const catalog::Relation& relation,
                                     const Parameters& parameters, Payload payload, const WriteOptions& options);
Result<query::Delete> to_delete(const Resolution& with, const catalog::Relation& relation, const Parameters& parameters,
                                const WriteOptions& options);

/// The row a PUT is about: each column of the primary key and its value, from filters that are exactly `eq` on them.
/// 405 PGRST105 otherwise; 400 PGRST114 with limit or offset.
Result<std::vector<std::pair<std::string, std::string>>> put_key(const catalog::Relation& relation,
                                                                 const Parameters& parameters);

}  // namespace ballast::rest
