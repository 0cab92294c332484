#pragma once

#include <map>
#include <string>

namespace ballast::graphql {

/// The directives of ballast.toml, for databases that have no comments: what stands inside `@graphql(…)`, by the
/// object it is about. One that is given here stands instead of the comment's.
struct Directives {
  std::map<std::string, std::string> schemas;      ///< "public"
  std::map<std::string, std::string> relations;    ///< "account", or "public.account"
  std::map<std::string, std::string> columns;      ///< "account.email"
  std::map<std::string, std::string> functions;    ///< "account_by_email"
  std::map<std::string, std::string> constraints;  ///< "blog.blog_owner_id_fkey"
  std::map<std::string, std::string> types;        ///< "mood"
};

}  // namespace ballast::graphql
