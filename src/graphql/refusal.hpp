#pragma once

#include "base/error.hpp"
#include "graphql/problem.hpp"
#include "graphql/service_settings.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace ballast::graphql {

/// What a request is answered with that came to no operation: `{"errors":[…]}` under the error's own status, whatever
/// media type its client likes.
http::Response refusal(const http::Request& request, const Error& error, Settings::Errors errors);

/// An error that is about no field.
Problem problem_of(const Error& error);

}  // namespace ballast::graphql
