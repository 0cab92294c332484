#include "batch/failure.hpp"

#include <array>
#include <utility>

#include "http/iequals.hpp"
#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"

namespace ballast::batch {
namespace {

/// What a caller has to know of a refused request besides its body.
constexpr std::array<std::string_view, 3> told_fields = {"Allow", "Retry-After", "WWW-Authenticate"};

json::Members members_of(std::string_view json) {
  return !json.empty() && json::kind_of(json) == json::ValueKind::object ? json::members(json) : json::Members();
}

/// `errors[0]`
std::string_view first(std::string_view errors) {
  std::string_view found;
  if (errors.empty() || json::kind_of(errors) != json::ValueKind::array) return found;
  (void)json::each_element(errors, [&](std::string_view element) -> Result<void> {
    if (found.empty()) found = element;
    return {};
  });
  return found;
}

/// Of an answer's object, or of the first that has some in an answer to several operations.
std::string_view errors_of(std::string_view body) {
  if (body.empty() || json::kind_of(body) != json::ValueKind::array) return json::find(members_of(body), "errors");
  std::string_view found;
  (void)json::each_element(body, [&](std::string_view element) -> Result<void> {
    if (found.empty()) found = json::find(members_of(element), "errors");
    return {};
  });
  return found;
}

}  // namespace

bool is_failure(const Answer& answer, bool graphql) {
  if (answer.status >= 400) return true;
  return graphql && !errors_of(answer.body).empty();
}

Failure failure_of(const Answer& answer, std::size_t index, std::string request) {
  Failure failure{make_error(answer.status < 400 ? 400 : answer.status, "", ""), index, std::move(request), {}};
  Error& error = failure.error;
  for (const auto& [name, value] : answer.headers) {
    for (const auto known : told_fields) {
      if (http::iequals(name, known)) error.headers.emplace_back(known, value);
    }
  }
  if (const std::string_view errors = errors_of(answer.body); !errors.empty()) {
    failure.errors = std::string(errors);
    const json::Members problem = members_of(first(errors));
    error.message = json::string_value(json::find(problem, "message"));
    error.code = json::string_value(json::find(members_of(json::find(problem, "extensions")), "code"));
    if (error.code == "42501" && error.status == 400) error.status = 403;
    return failure;
  }
  const json::Members said = members_of(answer.body);
  // REST says `message`, everything else is problem+json already.
  error.message = json::string_value(json::find(said, "message"));
  if (error.message.empty()) error.message = json::string_value(json::find(said, "detail"));
  error.code = json::string_value(json::find(said, "code"));
  error.hint = json::string_value(json::find(said, "hint"));
  const std::string_view details = json::find(said, "details");
  error.details_are_json = !details.empty() && json::kind_of(details) != json::ValueKind::string && details != "null";
  error.details = error.details_are_json ? std::string(details) : json::string_value(details);
  return failure;
}

http::Response failure_response(const Failure& failure) {
  http::Response response = http::problem_response(failure.error);
  auto& body = std::get<std::string>(response.body);
  body.pop_back();
  if (!failure.request.empty()) {
    body += ",\"request\":";
    json::append_string(body, failure.request);
  }
  if (failure.index) {
    body += ",\"index\":";
    json::append_integer(body, static_cast<std::int64_t>(*failure.index));
  }
  if (!failure.errors.empty()) {
    body += ",\"errors\":";
    body += failure.errors;
  }
  body += '}';
  return response;
}

}  // namespace ballast::batch
