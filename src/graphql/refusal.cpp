#include "graphql/refusal.hpp"

#include "graphql/answer_media.hpp"
#include "graphql/problem_json.hpp"

namespace ballast::graphql {

Problem problem_of(const Error& error) {
  Problem problem;
  problem.message = error.message;
  if (!error.details.empty() && !error.details_are_json) problem.message += ": " + error.details;
  problem.code = error.code;
  return problem;
}

http::Response refusal(const http::Request& request, const Error& error, Settings::Errors errors) {
  const auto media = answer_media(request.headers.joined("Accept")).value_or(AnswerMedia::json);
  http::Response response = http::json_response(error.status, problems_body({problem_of(error)}, errors));
  response.set("Content-Type", std::string(to_string(media)));
  response.vary("Accept");
  for (const auto& [name, value] : error.headers) response.set(name, value);
  return response;
}

}  // namespace ballast::graphql
