#include "rest/precondition.hpp"

#include "http/entity_tag.hpp"

namespace ballast::rest {
namespace {

Result<http::TagList> list_of(std::string_view header, std::string_view value) {
  auto list = http::parse_tag_list(value);
  if (list) return std::move(*list);
  return unusable_precondition("malformed " + std::string(header) + ": expected \"*\" or a list of entity tags",
                               "tags stand in double quotes, as ETag gives them: If-Match: \"7\", \"8\"");
}

}  // namespace

Error unusable_precondition(std::string message, std::string hint) {
  return make_error(400, "BLST418", std::move(message)).with_hint(std::move(hint));
}

Error version_required(const catalog::Relation& relation, std::string hint) {
  return make_error(428, "BLST428",
                    "\"" + relation.name + "\" is only changed by who says which version of the row they have read")
      .with_hint(std::move(hint));
}

Error precondition_failed(const Precondition& precondition) {
  if (precondition.is_new) return make_error(412, "BLST412", "there is such a row already");
  return make_error(412, "BLST412", "the row is not the version that If-Match names; nothing was changed")
      .with_hint("read it again, and make the change to what is there now");
}

Result<Precondition> precondition_of(http::Method method, const RequestHeaders& headers,
                                     const catalog::Relation& relation) {
  Precondition found;
  if (!headers.if_match().empty()) {
    if (method == http::Method::post) {
      return unusable_precondition("If-Match is for PATCH, PUT and DELETE",
                                   "an upsert's rows say their versions themselves, as \"$version\"");
    }
    BALLAST_TRY(const auto list, list_of("If-Match", headers.if_match()));
    found.exists = true;
    found.any = list.any;
    for (const auto& tag : list.tags) {
      // Section 13.1.1: compared strongly, so a weak tag is like none.
      if (!tag.weak) found.versions.push_back(tag.opaque.substr(0, tag.opaque.find('.')));
    }
  }
  if (!headers.if_none_match().empty()) {
    BALLAST_TRY(const auto list, list_of("If-None-Match", headers.if_none_match()));
    if (method != http::Method::put || !list.any) {
      return unusable_precondition("If-None-Match on a write is \"*\", and for PUT",
                                   "to change a row only as you have read it, send If-Match");
    }
    if (found.exists) return unusable_precondition("If-Match and If-None-Match: * contradict each other");
    found.is_new = true;
  }
  if (found.none() && relation.requires_version && method != http::Method::post) {
    return version_required(relation,
                            "send the row's ETag as If-Match; GET it with Accept: "
                            "application/vnd.pgrst.object+json");
  }
  return found;
}

void demand_version(query::Predicate& where, std::vector<std::string> versions) {
  query::In in{query::row_version(), {}};
  for (auto& version : versions) in.values.push_back({std::move(version), -1});
  query::And both;
  both.all.push_back(std::move(where));
  both.all.push_back({std::move(in)});
  where = query::Predicate{std::move(both)};
}

}  // namespace ballast::rest
