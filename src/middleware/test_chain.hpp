#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "http/handler.hpp"

namespace ballast::middleware {

/// Runs a request through middlewares to a handler, for tests.
inline http::Response run(const http::Chain& chain, http::Request& request, const http::Handler& handler) {
  boost::asio::io_context io;
  std::optional<http::Response> response;
  std::exception_ptr thrown;
  const auto start = [&] { return http::Next(chain, handler)(request); };
  boost::asio::co_spawn(io, start, [&](std::exception_ptr error, http::Response result) {
    thrown = error;
    response = std::move(result);
  });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  EXPECT_TRUE(response.has_value());
  return *std::move(response);
}

template <class M>
http::Chain chain_of(std::unique_ptr<M> middleware) {
  http::Chain chain;
  chain.push_back(std::move(middleware));
  return chain;
}

inline http::Handler answering(http::Response response) {
  return [response](http::Request&) { return http::ready(response); };
}
inline http::Handler answering(int status, std::string body = "{}") {
  return answering(http::json_response(status, std::move(body)));
}

inline http::Request get(std::string_view path = "/", std::initializer_list<http::Headers::Field> headers = {}) {
  http::Request request;
  request.method_name = "GET";
  request.target = path;
  request.path = path;
  request.peer_address = "127.0.0.1";
  request.received = TimePoint(std::chrono::seconds(1'000'000));
  request.deadline = request.received + std::chrono::seconds(30);
  for (const auto& field : headers) request.headers.add(field.name, field.value);
  return request;
}

inline http::Response render(const http::Request&, const Error& error) { return http::problem_response(error); }

/// The value of a header field, or "none".
inline std::string field(const http::Response& response, std::string_view name) {
  const std::string* value = response.find(name);
  return value == nullptr ? "none" : *value;
}
inline std::string body(const http::Response& response) { return std::get<std::string>(response.body); }

}  // namespace ballast::middleware
