#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/digest.hpp"
#include "base/result.hpp"
#include "graphql/service_settings.hpp"
#include "http/request.hpp"

namespace ballast::graphql {

/// One operation as a client asks for it (GraphQL over HTTP, "Request Parameters").
struct HttpOperation {
  std::optional<std::string> query;  ///< the document; or `document` alone
  std::string operation_name;        ///< empty: the only one
  std::string_view variables;        ///< a JSON object, or nothing; a view into the request's body or `decoded`
  std::shared_ptr<const std::string> decoded;
  /// The document's hash: `documentId` ("sha256:…") or Apollo's `extensions.persistedQuery`.
  std::optional<auth::Digest> document;
};

/// What a request asks for.
struct HttpOperations {
  std::vector<HttpOperation> operations;  ///< one at least
  bool batch = false;                     ///< a list: the answer is one too
  bool read_only = false;                 ///< by GET
};

/// The operations of a POST or GET, well-formed each, although nobody knows yet whether their documents are. `request`
/// outlives them. A POST's Content-Type must be one that a web page cannot send to a foreign server without being
/// asked whether it may (CORS).
///
/// Errors: BLST415, and BAD_REQUEST for what is not well-formed.
Result<HttpOperations> read_operations(const http::Request& request, const Settings& settings);

}  // namespace ballast::graphql
