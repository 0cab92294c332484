#include "encode/descriptor.hpp"

#include <gtest/gtest.h>

namespace ballast::encode {
namespace {

TEST(ObjectDescriptor, ReadsBackAsTheSameObject) {
  Nested nested;
  nested.key = "it's; {odd}";
  nested.present = -1;
  nested.object->bare = true;
  nested.object->members = {Field{"", 3, catalog::Kind::numeric, 2}};
  Object object;
  object.members = {Field{"a\"b", 0, catalog::Kind::other, -1}, Verbatim{"list", 1, "[]"}, nested};
  const std::string text = object_descriptor(object);
  const auto back = parse_object_descriptor(text);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, object);
}

TEST(ObjectDescriptor, RefusesWhatIsNone) {
  for (const std::string_view text : {"", "{", "{}x", "[}", "{f3:ab0,0,0;}", "{f1:a0,99,0;}", "{f1:a-1,0,0;}",
                                      "{v1:a0,2:[;}", "{n1:a0,{;}", "{f99999999999:a0,0,0;}"}) {
    EXPECT_FALSE(parse_object_descriptor(text).ok()) << text;
  }
}

TEST(ObjectDescriptor, RefusesEndlessNesting) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "{n1:a0,";
  EXPECT_FALSE(parse_object_descriptor(text).ok());
}

}  // namespace
}  // namespace ballast::encode
