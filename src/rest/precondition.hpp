#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/relation.hpp"
#include "http/request.hpp"
#include "query/operation.hpp"
#include "rest/request_headers.hpp"

/// What If-Match and If-None-Match demand (RFC 9110 section 13.1). The tag of a row is its version, that of a row with
/// embeds a version, a dot and a digest; versions hold no dot.
namespace ballast::rest {

/// What a write demands of the row that it is about.
struct Precondition {
  bool exists = false;                ///< If-Match: there is a row, …
  bool any = false;                   ///< … of any version
  bool is_new = false;                ///< If-None-Match: *
  std::vector<std::string> versions;  ///< unless any: one of these
  bool none() const noexcept { return !exists && !is_new; }
};

/// 400 BLST418 for what is malformed, or not for that method: If-Match is for PATCH, PUT and DELETE, If-None-Match is
/// `*` on PUT. 428 BLST428 when the relation requires a version and none is said.
Result<Precondition> precondition_of(http::Method method, const RequestHeaders& headers,
                                     const catalog::Relation& relation);

/// Adds that the row's version is one of those.
void demand_version(query::Predicate& where, std::vector<std::string> versions);

/// 412 BLST412.
Error precondition_failed(const Precondition& precondition);
/// 400 BLST418.
Error unusable_precondition(std::string message, std::string hint = {});
/// 428 BLST428.
Error version_required(const catalog::Relation& relation, std::string hint);

}  // namespace ballast::rest
