#include "idempotency/fingerprint.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace ballast::idempotency {
namespace {

http::Request payment() {
  http::Request request;
  request.method = http::Method::post;
  request.method_name = "POST";
  request.path = "/rest/v1/payments";
  request.query = "select=id&columns=amount";
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Prefer", "return=representation, wait=3");
  request.body = R"({"amount":5})";
  return request;
}

TEST(Fingerprint, IsTheSameForTheSameRequest) {
  http::Request other = payment();
  other.query = "columns=am%6Funt&select=id";
  other.headers = {};
  other.headers.add("prefer", "respond-async");
  other.headers.add("content-type", "application/json");
  other.headers.add("Prefer", "return=representation");
  other.headers.add("User-Agent", "another");
  EXPECT_EQ(fingerprint_of(payment()), fingerprint_of(other));
  EXPECT_EQ(fingerprint_of(other).size(), 64U);
}

TEST(Fingerprint, DiffersWithWhatIsAskedFor) {
  const std::function<void(http::Request&)> changes[] = {
      [](http::Request& r) { r.method_name = "PATCH"; },
      [](http::Request& r) { r.path = "/rest/v1/payment"; },
      [](http::Request& r) { r.query = "select=id&columns=amount&x=1"; },
      [](http::Request& r) { r.query = "select=id%26columns=amount"; },
      [](http::Request& r) { r.body = R"({"amount":6})"; },
      [](http::Request& r) { r.headers.add("Content-Profile", "other"); },
      [](http::Request& r) { r.headers.add("Accept", "text/csv"); },
      [](http::Request& r) { r.headers.add("If-Match", "\"7\""); },
      [](http::Request& r) { r.headers.add("Prefer", "resolution=merge-duplicates"); },
      [](http::Request& r) {
        r.headers = {};
        r.headers.add("Content-Type", "text/csv");
        r.headers.add("Prefer", "return=representation");
      }};
  for (std::size_t i = 0; i < std::size(changes); ++i) {
    http::Request other = payment();
    changes[i](other);
    EXPECT_NE(fingerprint_of(payment()), fingerprint_of(other)) << "change " << i;
  }
}

TEST(Wait, IsThePreferencesNumberOfSeconds) {
  EXPECT_EQ(wait_of("return=minimal, wait=10"), 10);
  EXPECT_EQ(wait_of("wait=10;x=1"), 0);
  EXPECT_EQ(wait_of("wait=-1"), 0);
  EXPECT_EQ(wait_of("wait=99999999999999999999"), 0);
  EXPECT_EQ(wait_of(""), 0);
}

}  // namespace
}  // namespace ballast::idempotency
