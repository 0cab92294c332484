#include "graphql/problem_json.hpp"

#include "json/writer.hpp"

namespace ballast::graphql {
namespace {

void append_details(std::string& json, const Problem& problem) {
  if (!problem.at.empty()) {
    json += ",\"locations\":[";
    for (std::size_t i = 0; i < problem.at.size(); ++i) {
      json += i == 0 ? "{\"line\":" : ",{\"line\":";
      json::append_integer(json, problem.at[i].line);
      json += ",\"column\":";
      json::append_integer(json, problem.at[i].column);
      json += '}';
    }
    json += ']';
  }
  if (!problem.path.empty()) {
    json += ",\"path\":[";
    for (std::size_t i = 0; i < problem.path.size(); ++i) {
      if (i > 0) json += ',';
      json::append_string(json, problem.path[i]);
    }
    json += ']';
  }
  if (!problem.code.empty()) {
    json += ",\"extensions\":{\"code\":";
    json::append_string(json, problem.code);
    json += '}';
  }
}

}  // namespace

void append_problems(std::string& json, const Problems& problems, Settings::Errors errors) {
  json += '[';
  for (std::size_t i = 0; i < problems.size(); ++i) {
    json += i == 0 ? "{\"message\":" : ",{\"message\":";
    json::append_string(json, problems[i].message);
    if (errors == Settings::Errors::full) append_details(json, problems[i]);
    json += '}';
  }
  json += ']';
}

std::string problems_body(const Problems& problems, Settings::Errors errors) {
  std::string body = "{\"errors\":";
  append_problems(body, problems, errors);
  body += '}';
  return body;
}

}  // namespace ballast::graphql
