#include "rest/answer.hpp"
#include "rest/api.hpp"
#include "rest/format.hpp"
#include "rest/openapi.hpp"
#include "rest/request_headers.hpp"

namespace ballast::rest {
namespace {

void show_everything(OpenApi& about) {
  about.relation = [](const catalog::Relation&) { return Shown{true, true, true, true}; };
  about.function = [](const catalog::Function&) { return true; };
}

void follow_rules(OpenApi& about, const policy::Rules& rules, const std::string& role) {
  about.relation = [&rules, &role](const catalog::Relation& relation) {
    const auto grant = rules.of(role, relation.name);
    return Shown{grant.select, grant.insert, grant.update, grant.remove};
  };
  about.function = [&rules, &role](const catalog::Function& function) { return rules.of(role, function.name).execute; };
}

/// Any right on a relation shows all of it, as PostgREST does.
void follow_database(OpenApi& about, const std::string& role) {
  const catalog::Privileges& privileges = about.snapshot.privileges();
  about.relation = [&privileges, &role](const catalog::Relation& relation) {
    constexpr unsigned rows =
        catalog::right_select | catalog::right_insert | catalog::right_update | catalog::right_delete;
    const bool any = (privileges.on_relation(role, relation.schema, relation.name) & rows) != 0;
    return Shown{any, any, any, any};
  };
  about.function = [&privileges, &role](const catalog::Function& function) {
    return (privileges.on_function(role, function.schema, function.name, function.signature()) &
            catalog::right_execute) != 0;
  };
}

}  // namespace

bool Api::names_root(std::string_view path) const {
  return path.starts_with(base_) && (path.size() == base_.size() || path.substr(base_.size()) == "/");
}

OpenApiCache::Text Api::description(const catalog::SnapshotPtr& snapshot, const std::string& schema,
                                    const policy::Principal& principal) {
  const auto rules = rules_.load();
  const std::string& role = principal.role.empty() ? rules->anonymous_role : principal.role;
  const bool ignore = settings_.openapi == Settings::OpenApi::ignore_privileges;
  const bool all = ignore || (!settings_.roles && (rules->open || principal.bypass));
  // NUL cannot stand in a name.
  std::string key = schema;
  key.push_back('\0');
  key.append(all ? std::string_view("\0", 1) : std::string_view(role));
  return descriptions_.get(snapshot, rules, key, [&] {
    OpenApi about{*snapshot, schema};
    about.security = settings_.openapi_security;
    about.key_ttl = settings_.key_ttl;
    if (all) {
      show_everything(about);
    } else if (settings_.roles) {
      follow_database(about, role);
    } else {
      follow_rules(about, *rules, role);
    }
    return openapi_document(about);
  });
}

Result<http::Response> Api::describe(http::Request& request) {
  const RequestHeaders headers(request);
  const auto snapshot = catalog_.load();
  BALLAST_TRY(const std::string schema, schema_of(*snapshot, headers.profile()));
  if (settings_.openapi == Settings::OpenApi::disabled) {
    return make_error(404, "PGRST126", "Root endpoint metadata is disabled")
        .with_hint("ask for a table: " + base_ + "/{table}");
  }
  BALLAST_TRY(const Format format, choose_root_format(headers.accept()));
  http::Response answer;
  answer.add("Content-Type", format.content_type);
  if (snapshot->schemas().size() > 1) answer.add("Content-Profile", schema);
  if (request.method == http::Method::get) {
    OpenApiAddress address = openapi_address(settings_.openapi_url);
    if (settings_.openapi_url.empty()) {
      address.host = std::string(request.headers.find("Host").value_or("localhost"));
      address.base_path = base_.empty() ? "/" : base_;
      address.scheme = request.tls ? "https" : "http";
    }
    answer.body = with_address(*description(snapshot, schema, request.principal), address);
  }
  request.route = base_.empty() ? std::string_view("/") : std::string_view(base_);
  return answer;
}

}  // namespace ballast::rest
