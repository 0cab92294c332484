#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "graphql/graphiql.hpp"
#include "server/application.hpp"

namespace ballast::server {

Result<graphql::RegisteredDocuments> read_documents(const std::string& path) {
  if (path.empty()) return graphql::RegisteredDocuments();
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return make_error(500, "BLST_SETTING", fmt::format("graphql.persisted: {} cannot be read", path));
  auto documents = graphql::RegisteredDocuments::parse(text);
  if (!documents) {
    return make_error(500, "BLST_SETTING", fmt::format("graphql.persisted: {}: {}", path, documents.error().message));
  }
  return documents;
}

Result<void> Application::open_graphql(const std::shared_ptr<const policy::Rules>& rules,
                                       const rest::Settings& sessions) {
  graphql::Settings settings = running_.settings.graphql;
  if (options_.development) {
    settings.introspection = true;
    settings.graphiql = true;
  }
  BALLAST_TRY(auto documents, read_documents(settings.persisted));
  graphql_ =
      std::make_unique<graphql::Service>(*storage_, *catalog_, *schema_watch_, rules, settings, sessions, roles_);
  graphql_endpoint_ =
      std::make_unique<graphql::Endpoint>(std::move(settings), std::move(documents),
                                          [service = graphql_.get()](const graphql::Ask& ask, http::Request& request) {
                                            return service->execute(ask, request);
                                          });
  return {};
}

void Application::route_graphql() {
  const std::string& path = running_.settings.graphql.path;
  router_->exact(path, {}, [this](http::Request& request) { return graphql_endpoint_->handle(request); });
  if (!options_.development && !running_.settings.graphql.graphiql) return;
  for (const auto& asset : graphql::graphiql_assets()) {
    router_->exact(path + "/" + std::string(asset.name), {http::Method::get},
                   [&asset](http::Request&) { return http::ready(graphql::graphiql_answer(asset)); });
  }
}

}  // namespace ballast::server
