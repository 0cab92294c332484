#include "base/spool.hpp"

#include <gtest/gtest.h>

namespace ballast {
namespace {

std::string read_all(const Spool& spool) {
  std::string all;
  std::array<char, 7> block{};
  for (std::uint64_t at = 0;;) {
    const std::size_t n = spool.read(at, block);
    if (n == 0) return all;
    all.append(block.data(), n);
    at += n;
  }
}

TEST(Spool, KeepsASmallAnswerInMemory) {
  Spool spool(Spool::Limits{.memory_limit = 16, .file_limit = 1024, .directory = {}});
  ASSERT_TRUE(spool.append("hello"));
  EXPECT_TRUE(spool.in_memory());
  EXPECT_EQ(spool.size(), 5U);
  EXPECT_EQ(spool.take_memory(), "hello");
}

TEST(Spool, ReadsAcrossTheBorderBetweenFileAndMemory) {
  Spool spool(Spool::Limits{.memory_limit = 4, .file_limit = 1024, .directory = {}});
  ASSERT_TRUE(spool.append("0123456789"));
  ASSERT_TRUE(spool.append("abc"));
  EXPECT_FALSE(spool.in_memory());
  EXPECT_EQ(read_all(spool), "0123456789abc");
}

TEST(Spool, RefusesToGrowBeyondItsFileLimit) {
  Spool spool(Spool::Limits{.memory_limit = 4, .file_limit = 8, .directory = {}});
  const auto outcome = spool.append("0123456789");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().status, 507);
}

TEST(Spool, SaysThatTheTemporaryFolderIsMissing) {
  Spool spool(Spool::Limits{.memory_limit = 1, .file_limit = 100, .directory = "/nonexistent/folder"});
  const auto outcome = spool.append("more than one byte");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, "BLST507");
}

}  // namespace
}  // namespace ballast
