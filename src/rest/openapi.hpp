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

/// Where clients reach the API.
struct OpenApiAddress {
  std::string host;  ///< with its port
  std::string base_path = "/";
  std::string scheme = "http";
};

/// `scheme://host[:port][/path]`.
OpenApiAddress openapi_address(std::string_view url);

/// What the document is about.
struct OpenApi {
  const catalog::Snapshot& snapshot;
  std::string schema;
  bool security = false;     ///< says that calls are authorised by a JWT
  std::int64_t key_ttl = 0;  ///< seconds that the answer of an Idempotency-Key is kept; 0: none is
  /// Relations and functions for which nothing is shown are left out.
  std::function<Shown(const catalog::Relation&)> relation;
  std::function<bool(const catalog::Function&)> function;
};

/// The API as an OpenAPI 2.0 ("swagger") document, of PostgREST's shape: one path per relation and function of the
/// schema, one definition per relation, comments as summaries and descriptions. Without
/// the address, so that it is the same for everybody who may do the same.
std::string openapi_document(const OpenApi& about);
std::string with_address(std::string_view document, const OpenApiAddress& address);

}  // namespace ballast::rest
