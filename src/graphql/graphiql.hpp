#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/response.hpp"

namespace ballast::graphql {

/// A file of GraphiQL as the build made it (web/graphiql): gzip'd, and with its hash in its name.
struct GraphiqlAsset {
  std::string_view name;        ///< "graphiql-1a2b3c4d.js"
  std::string_view media_type;  ///< "text/javascript; charset=utf-8"
  std::string_view bytes;
};

/// None in a build without npm; its page then says how to get one with GraphiQL.
std::span<const GraphiqlAsset> graphiql_assets() noexcept;

/// The page for browsers; its assets are expected at `path` + "/" + name. It loads nothing from anywhere else, which
/// its Content-Security-Policy enforces.
http::Response graphiql_page(const std::string& path);

/// One that may be kept for good: a changed one has another name.
http::Response graphiql_answer(const GraphiqlAsset& asset);

}  // namespace ballast::graphql
