#include "http/response.hpp"

#include <algorithm>

#include "http/iequals.hpp"
#include "http/status.hpp"
#include "json/writer.hpp"

namespace ballast::http {
namespace {

bool list_has(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (iequals(item, token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out += ",\"";
  out += name;
  out += "\":";
  json::append_string(out, text);
}

}  // namespace

void Response::set(std::string_view name, std::string value) {
  const auto same = [name](const auto& field) { return iequals(field.first, name); };
  const auto first = std::find_if(headers.begin(), headers.end(), same);
  if (first == headers.end()) {
    headers.emplace_back(std::string(name), std::move(value));
    return;
  }
  first->second = std::move(value);
  headers.erase(std::remove_if(first + 1, headers.end(), same), headers.end());
}

const std::string* Response::find(std::string_view name) const noexcept {
  for (const auto& field : headers) {
    if (iequals(field.first, name)) return &field.second;
  }
  return nullptr;
}

void Response::vary(std::string_view token) {
  for (auto& [name, value] : headers) {
    if (!iequals(name, "Vary")) continue;
    if (list_has(value, token) || list_has(value, "*")) return;
    if (!value.empty()) value += ", ";
    value += token;
    return;
  }
  add("Vary", std::string(token));
}

Response json_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  response.body = std::move(body);
  return response;
}

Response problem_response(const Error& error, std::string_view members) {
  std::string body = R"({"type":"about:blank","title":)";
  json::append_string(body, reason_phrase(error.status));
  body += ",\"status\":";
  json::append_integer(body, error.status);
  append_member(body, "detail", error.message);
  append_member(body, "code", error.code);
  if (error.details_are_json && !error.details.empty()) {
    body += ",\"details\":";
    body += error.details;
  } else {
    append_member(body, "details", error.details);
  }
  append_member(body, "hint", error.hint);
  if (!members.empty()) body.append(1, ',').append(members);
  body += '}';

  Response response;
  response.status = error.status;
  response.headers = error.headers;
  response.set("Content-Type", "application/problem+json");
  response.body = std::move(body);
  return response;
}

}  // namespace ballast::http
