#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rest/api.hpp"
#include "rest/test_storage.hpp"

/// What tests of the whole API share.
namespace ballast::rest::testing {

inline sql::Cell integer(std::int64_t value) {
  sql::Cell cell;
  cell.kind = sql::Cell::Kind::integer;
  cell.integer = value;
  return cell;
}

inline sql::Cell text(std::string_view value) {
  sql::Cell cell;
  cell.kind = sql::Cell::Kind::text;
  cell.text = value;
  return cell;
}

inline std::string header(const http::Response& answer, std::string_view name) {
  const auto* value = answer.find(name);
  return value == nullptr ? "(none)" : *value;
}

inline std::string body(const http::Response& answer) { return std::get<std::string>(answer.body); }

/// An API over scripted storage, open to everybody, asked as "anon". It is made at the first request: until then its
/// settings may be changed.
class ApiTest : public ::testing::Test {
 protected:
  explicit ApiTest(catalog::SnapshotPtr snapshot) : catalog_(std::move(snapshot)) { rules_->open = true; }

  http::Response ask(http::Method method, std::string_view target, std::vector<http::Headers::Field> headers = {},
                     std::string payload = {}) {
    if (!api_) api_ = std::make_unique<Api>(storage_, catalog_, rules_, settings_);
    http::Request request;
    request.method = method;
    request.method_name = http::to_string(method);
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    request.query = target.size() > request.path.size() ? target.substr(request.path.size() + 1) : std::string_view();
    for (const auto& field : headers) request.headers.add(field.name, field.value);
    request.body = std::move(payload);
    request.principal.role = "anon";
    auto answer = wait(api_->handle(request));
    route_ = std::string(request.route);
    return answer;
  }
  http::Response get(std::string_view target, std::vector<http::Headers::Field> headers = {}) {
    return ask(http::Method::get, target, std::move(headers));
  }
  http::Response post(std::string_view target, std::string payload, std::vector<http::Headers::Field> headers = {}) {
    return ask(http::Method::post, target, std::move(headers), std::move(payload));
  }

  ScriptedStorage storage_;
  catalog::Holder catalog_;
  std::shared_ptr<policy::Rules> rules_ = std::make_shared<policy::Rules>();
  Settings settings_;
  std::unique_ptr<Api> api_;
  std::string route_;
};

}  // namespace ballast::rest::testing
