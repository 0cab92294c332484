#include "batch/reference.hpp"

#include <gtest/gtest.h>

#include "batch/answer_index.hpp"

namespace ballast::batch {
namespace {

/// The JSON that a reference points to, or the message that says why there is none.
std::string found(std::string_view text, const Answer& answer) {
  const auto reference = parse_reference(text);
  if (!reference) return reference.error().message;
  AnswerIndex index(answer);
  const auto value = index.find(*reference);
  return value ? std::string(*value) : value.error().message;
}

Answer answer() {
  Answer made;
  made.status = 201;
  made.headers = {{"Location", "/rest/v1/a?id=eq.\"1\""}};
  made.body = R"( [{"id": 7, "a b": {"c.d": [1, 2.50]}, "n": null}] )";
  return made;
}

TEST(Reference, PointsIntoTheBody) {
  EXPECT_EQ(found("x.body[0].id", answer()), "7");
  EXPECT_EQ(found("x.body[0].a b[\"c.d\"][1]", answer()), "2.50");
  EXPECT_EQ(found("x.body[0].n", answer()), "null");
  EXPECT_EQ(found("x.body", answer()), answer().body.substr(1, answer().body.size() - 2));
}

TEST(Reference, PointsToStatusAndHeaders) {
  EXPECT_EQ(found("x.status", answer()), "201");
  EXPECT_EQ(found("x.headers.location", answer()), R"("/rest/v1/a?id=eq.\"1\"")");
}

TEST(Reference, NamesWhatIsNotThere) {
  EXPECT_EQ(found("x.body[1].id", answer()), "{x.body[1].id} points to nothing: the array there has 1 elements");
  EXPECT_EQ(found("x.body[0].ID", answer()), "{x.body[0].ID} points to nothing: the object there has no member \"ID\"");
  EXPECT_EQ(found("x.body.id", answer()),
            "{x.body.id} points to nothing: there is no object that could have a member \"id\"");
  EXPECT_EQ(found("x.body[0].id[0]", answer()),
            "{x.body[0].id[0]} points to nothing: there is no array that could have an element 0");
  EXPECT_EQ(found("x.headers.ETag", answer()), "{x.headers.ETag} points to nothing: the answer has no such header");
  EXPECT_EQ(found("x.body", Answer()), "{x.body} points to nothing: the answer has no body");
}

TEST(Reference, IsNothingElse) {
  for (const auto* text : {"",           "x",          "x.",          ".body",        "x.boddy",
                           "x.body.",    "x.body..a",  "x.body[",     "x.body[]",     "x.body[a]",
                           "x.body[-1]", "x.body[0",   "x.body[\"a]", "x.body[\"a\"", "x.headers",
                           "x.headers.", "x.status.a", "x y.body",    "x.body{",      "x.body[9999999999]",
                           "x.body.\xFF"}) {
    EXPECT_FALSE(parse_reference(text).ok()) << text;
  }
  EXPECT_FALSE(parse_reference(std::string(65, 'x') + ".body").ok());
}

}  // namespace
}  // namespace ballast::batch
