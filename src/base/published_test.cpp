#include "base/published.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace ballast {
namespace {

TEST(Published, ShowsEveryThreadTheLatestValue) {
  Published<int> value(std::make_shared<const int>(1));
  EXPECT_EQ(*value.load(), 1);
  value.store(std::make_shared<const int>(2));
  EXPECT_EQ(*value.load(), 2);
  std::thread([&] { EXPECT_EQ(*value.load(), 2); }).join();
}

TEST(Published, LetsAReaderKeepWhatItTook) {
  Published<int> value(std::make_shared<const int>(1));
  const auto kept = value.load();
  value.store(std::make_shared<const int>(2));
  EXPECT_EQ(*value.load(), 2);
  EXPECT_EQ(*kept, 1);
}

TEST(Published, KeepsManyOfThemApart) {
  std::vector<std::unique_ptr<Published<int>>> values;
  for (int i = 0; i < 20; ++i) values.push_back(std::make_unique<Published<int>>(std::make_shared<const int>(i)));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(*values[static_cast<std::size_t>(i)]->load(), i);
}

TEST(Published, NeverShowsLessThanItShowedBefore) {
  Published<int> value(std::make_shared<const int>(0));
  std::atomic<bool> done{false};
  std::atomic<int> backwards{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      for (int last = 0; !done;) {
        const int seen = *value.load();
        if (seen < last) ++backwards;
        last = seen;
      }
    });
  }
  for (int i = 1; i <= 2000; ++i) value.store(std::make_shared<const int>(i));
  done = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(backwards, 0);
  EXPECT_EQ(*value.load(), 2000);
}

}  // namespace
}  // namespace ballast
