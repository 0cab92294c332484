#include "http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace ballast::http {
namespace {

Handler says(std::string text) {
  return [text](Request&) { return ready(json_response(200, text)); };
}

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.exact("/live", {Method::get}, says("live"));
    router_.exact("/any", {}, says("any"));
    router_.prefix("/rest", says("rest"));
    router_.prefix("/rest/v1", says("rest v1"));
  }

  Response ask(Method method, std::string_view path) {
    request_ = Request();
    request_.method = method;
    request_.path = path;
    boost::asio::io_context io;
    Response answer;
    boost::asio::co_spawn(io, router_(request_), [&](std::exception_ptr failure, Response response) {
      EXPECT_EQ(failure, nullptr);
      answer = std::move(response);
    });
    io.run();
    return answer;
  }
  std::string text(std::string_view path) {
    const Response response = ask(Method::get, path);
    return response.status == 200 ? std::get<std::string>(response.body) : std::to_string(response.status);
  }

  Router router_{nullptr};
  Request request_;
};

TEST_F(RouterTest, FindsExactPathsAndTheLongestPrefix) {
  EXPECT_EQ(text("/live"), "live");
  EXPECT_EQ(text("/rest/v1"), "rest v1");
  EXPECT_EQ(text("/rest/v1/films"), "rest v1");
  EXPECT_EQ(text("/rest/v2"), "rest");
}

TEST_F(RouterTest, EndsAPrefixAtASlash) {
  EXPECT_EQ(text("/rest/v10"), "rest");
  EXPECT_EQ(text("/restaurant"), "404");
  EXPECT_EQ(text("/live/"), "404");
}

TEST_F(RouterTest, NamesTheRoute) {
  ask(Method::get, "/rest/v1/films");
  EXPECT_EQ(request_.route, "/rest/v1/*");
  ask(Method::get, "/live");
  EXPECT_EQ(request_.route, "/live");
  ask(Method::get, "/nowhere");
  EXPECT_EQ(request_.route, "unmatched");
}

TEST_F(RouterTest, ListsTheMethodsOfARouteThatHasNotThatOne) {
  const Response refused = ask(Method::post, "/live");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(*refused.find("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(ask(Method::head, "/live").status, 200);
  EXPECT_EQ(ask(Method::post, "/any").status, 200);
}

TEST_F(RouterTest, AnswersOptionsWithTheMethods) {
  const Response response = ask(Method::options, "/live");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(*response.find("Allow"), "GET, HEAD, OPTIONS");
}

}  // namespace
}  // namespace ballast::http
