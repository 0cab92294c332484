#include "idempotency/stored_answer.hpp"

#include <gtest/gtest.h>

namespace ballast::idempotency {
namespace {

http::Response created(http::Body body) {
  http::Response response;
  response.status = 201;
  response.add("Content-Type", "application/json; charset=utf-8");
  response.add("Location", "/rest/v1/a?id=eq.1: x");
  response.add("Server-Timing", "parse;dur=1");
  response.body = std::move(body);
  return response;
}

TEST(StoredAnswer, ComesBackAsItWas) {
  Spool spool(Spool::Limits{.memory_limit = 4});
  ASSERT_TRUE(spool.append("more than four bytes"));
  const http::Response back = restore(store(created(std::make_shared<const Spool>(std::move(spool))), 100));
  EXPECT_EQ(back.status, 201);
  EXPECT_EQ(*back.find("Location"), "/rest/v1/a?id=eq.1: x");
  EXPECT_EQ(*back.find("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(back.find("Server-Timing"), nullptr);
  EXPECT_EQ(std::get<std::string>(back.body), "more than four bytes");
  EXPECT_EQ(std::get<std::string>(restore(store(created(std::string("a\0b", 3)), 3)).body), std::string("a\0b", 3));
}

TEST(StoredAnswer, KeepsOfALongOneWhatMinimalWouldHaveAnswered) {
  const http::Response back = restore(store(created(std::string("abcd")), 3));
  EXPECT_EQ(back.status, 201);
  EXPECT_NE(back.find("Location"), nullptr);
  EXPECT_EQ(back.find("Content-Type"), nullptr);
  EXPECT_EQ(std::get<std::string>(back.body), "");
  http::Response updated = created(std::string("abcd"));
  updated.status = 200;
  EXPECT_EQ(restore(store(updated, 3)).status, 204);
}

}  // namespace
}  // namespace ballast::idempotency
