#pragma once

#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"
#include "rest/settings.hpp"
#include "storage/storage.hpp"

namespace ballast::rest {

/// What PostgreSQL is told of a request in roles mode, as PostgREST documents it ("Transactions", transaction-scoped
/// settings): search_path, role, request.jwt.claims, request.method, request.path, request.headers, request.cookies.
/// `path` is the request's path below the API's own; `anonymous` the role of a caller without one.
storage::Session session_of(const http::Request& request, std::string_view path, std::string_view schema,
                            std::string_view anonymous, const Settings& settings);

/// Puts what the transaction set in `response.headers` and `response.status` into the answer. 500 PGRST111 or PGRST112
/// when it cannot be read.
Result<void> apply(const storage::SessionAnswer& answer, http::Response& response);

}  // namespace ballast::rest
