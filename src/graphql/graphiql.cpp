#include "graphql/graphiql.hpp"

#include <fmt/format.h>

namespace ballast::graphql {
namespace {

/// Styles are inline as well: the editor and the menus place themselves by them.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' "
    "data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::string_view without =
    "<main><h1>This build of Ballast has no GraphiQL</h1>\n"
    "<p>The GraphQL endpoint itself is here: send it a POST. GraphiQL is built in where npm and its registry can be\n"
    "reached while Ballast is built: install npm, remove the build folder, and build again.</p></main>\n";

}  // namespace

http::Response graphiql_page(const std::string& path) {
  std::string head;
  for (const auto& asset : graphiql_assets()) {
    const std::string address = path + "/" + std::string(asset.name);
    if (asset.name.ends_with(".css")) head += fmt::format("<link rel=\"stylesheet\" href=\"{}\">\n", address);
    if (asset.name.ends_with(".js")) head += fmt::format("<script defer src=\"{}\"></script>\n", address);
  }
  http::Response response;
  response.set("Content-Type", "text/html; charset=utf-8");
  response.set("Content-Security-Policy", std::string(policy));
  response.set("Cache-Control", "no-cache");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "no-referrer");
  response.vary("Accept");
  response.body = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>GraphiQL – Ballast</title>\n{}</head>\n"
      "<body>{}</body>\n</html>\n",
      head, head.empty() ? without : std::string_view("<div id=\"graphiql\"></div>"));
  return response;
}

http::Response graphiql_answer(const GraphiqlAsset& asset) {
  http::Response response;
  response.set("Content-Type", std::string(asset.media_type));
  response.set("Content-Encoding", "gzip");  // what runs GraphiQL takes it
  response.set("Cache-Control", "public, max-age=31536000, immutable");
  response.set("X-Content-Type-Options", "nosniff");
  response.body = std::string(asset.bytes);
  return response;
}

}  // namespace ballast::graphql
