#pragma once

#include <optional>
#include <vector>

#include "catalog/relation.hpp"
#include "query/operation.hpp"
#include "rest/payload.hpp"

namespace ballast::rest {

/// A Read that counts the rows an upsert will find, so that it can be told whether anything is new (201) or everything
/// was there (200). Nothing when no row carries a whole key, or when several columns' worth of keys would make a
/// statement too long: the answer is then 201.
std::optional<query::Read> count_existing(const catalog::Relation& relation, const std::vector<std::string>& key,
                                          const Payload& payload, int depth_limit);

/// A Read of the payload's rows as they are now, in all their columns, each with its version. Nothing where
/// `count_existing` says nothing.
std::optional<query::Read> named_rows(const catalog::Relation& relation, const std::vector<std::string>& key,
                                      const Payload& payload, int depth_limit);

}  // namespace ballast::rest
