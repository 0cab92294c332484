#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "catalog/snapshot.hpp"

namespace ballast::rest {

/// What a caller may do with a relation or a function, as far as the document shows it.
struct Shown {
  bool select = false;
  bool insert = false;
  bool update = false;
  bool remove = false;
};

/// What the document is about.
struct OpenApi {
  const catalog::Snapshot& snapshot;
  std::string schema;
  std::string host;             ///< with its port
  std::string base_path = "/";  ///< of the API
  std::string scheme = "http";
  bool security = false;  ///< says that calls are authorised by a JWT
  /// Relations and functions for which nothing is shown are left out.
  std::function<Shown(const catalog::Relation&)> relation;
  std::function<bool(const catalog::Function&)> function;
};

/// The API as an OpenAPI 2.0 ("swagger") document, of PostgREST's shape: one path per relation and function of the
/// schema, one definition per relation, comments as summaries and descriptions.
std::string openapi_document(const OpenApi& about);

}  // namespace ballast::rest
