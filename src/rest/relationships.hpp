#pragma once

#include <string_view>

#include "base/result.hpp"
#include "catalog/snapshot.hpp"

namespace ballast::rest {

/// The relationship that `target[!hint]` means inside `origin`, by PostgREST's rules:
///   without a hint, `target` is a related table, a foreign key's name, or a column that is a foreign key by itself;
///   with one, `target` is a related table, and the hint a foreign key's name, a column of it on either side, or the
///   junction table between the two.
/// A computed relationship goes by its function's name and comes before all others.
/// Of the two directions of a self-reference a table's name means the one to many, a column's the one to one.
/// 400 PGRST200 when there is none (with the nearest related table), 300 PGRST201 when there are several (with the
/// candidates). The result lives as long as the snapshot.
Result<const catalog::Relationship*> find_relationship(const catalog::Snapshot& snapshot,
                                                       const catalog::Relation& origin, std::string_view target,
                                                       std::string_view hint);

}  // namespace ballast::rest
