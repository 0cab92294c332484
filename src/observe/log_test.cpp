#include "observe/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "observe/log_line.hpp"
#include "observe/test_sink.hpp"

namespace ballast::observe {
namespace {

using testing::HasSubstr;
using testing::Not;

class Log : public testing::Test {
 protected:
  std::unique_ptr<Logger> make(LogFormat format = LogFormat::json, Level level = Level::info, bool terminal = false) {
    sink_ = std::make_shared<TestSink>(terminal);
    return std::make_unique<Logger>(LogSettings{.level = level, .format = format}, sink_, clock_);
  }

  FakeClock clock_;
  std::shared_ptr<TestSink> sink_;
};

TEST_F(Log, WritesOneJsonObjectPerLine) {
  make()->info("schema loaded", {{"tables", 11}, {"ms", 1.5}, {"open", true}, {"path", "a.db"}});
  EXPECT_EQ(sink_->text(),
            "{\"time\":\"2023-11-14T22:13:20.000Z\",\"level\":\"info\",\"message\":\"schema loaded\","
            "\"tables\":11,\"ms\":1.5,\"open\":true,\"path\":\"a.db\"}\n");
}

TEST_F(Log, WritesForPeopleWithoutColoursWhenThereIsNoTerminal) {
  make(LogFormat::human)->warning("slow", {{"path", "/a b"}, {"n", -3}});
  EXPECT_EQ(sink_->text(), "22:13:20.000 WARN  slow  path=\"/a b\" n=-3\n");
}

TEST_F(Log, ChoosesTheHumanFormatAndColoursOnATerminal) {
  ::unsetenv("NO_COLOR");
  make(LogFormat::automatic, Level::info, true)->error("lost");
  EXPECT_THAT(sink_->text(), HasSubstr("\x1b[31mERROR\x1b[0m lost"));
}

TEST_F(Log, RespectsNoColor) {
  ::setenv("NO_COLOR", "1", 1);
  make(LogFormat::automatic, Level::info, true)->error("lost");
  ::unsetenv("NO_COLOR");
  EXPECT_THAT(sink_->text(), Not(HasSubstr("\x1b")));
}

TEST_F(Log, ChoosesJsonWhenThereIsNoTerminal) {
  make(LogFormat::automatic)->info("x");
  EXPECT_THAT(sink_->text(), HasSubstr("\"message\":\"x\""));
}

TEST_F(Log, DropsLinesBelowItsLevel) {
  const auto log = make(LogFormat::json, Level::warning);
  log->info("quiet");
  log->warning("loud");
  EXPECT_EQ(sink_->lines().size(), 1U);
}

TEST_F(Log, ChangesItsLevelWhileItRuns) {
  const auto log = make(LogFormat::json, Level::off);
  log->error("unheard");
  log->set_level(Level::debug);
  log->debug("heard");
  EXPECT_EQ(sink_->lines().size(), 1U);
}

TEST_F(Log, KeepsALineALineWhateverAValueHolds) {
  make(LogFormat::human)->info("request", {{"path", "/a\nERROR forged\x1b[2J\xc2\x9b"}});
  EXPECT_EQ(sink_->text(), "22:13:20.000 INFO  request  path=\"/a\\nERROR forged\\u001b[2J\\u009b\"\n");
}

TEST_F(Log, ReplacesBytesThatAreNoUtf8) {
  make()->info("x", {{"v", "\xc3\xa9|\xff|\xe2\x82"}});
  EXPECT_THAT(sink_->text(), HasSubstr("\"v\":\"\xc3\xa9|\\ufffd|\\ufffd\\ufffd\""));
}

TEST_F(Log, ADefaultLoggerWritesNothing) {
  const Logger log;
  EXPECT_FALSE(log.enabled(Level::error));
  log.error("nowhere");
}

struct Pipe {
  Pipe() { EXPECT_EQ(::pipe(ends), 0); }
  ~Pipe() {
    ::close(ends[0]);
    close_writer();
  }
  void close_writer() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
  std::string read_some() {
    char block[65536];
    const ssize_t n = ::read(ends[0], block, sizeof block);
    return {block, n > 0 ? static_cast<std::size_t>(n) : 0};
  }
  int ends[2] = {-1, -1};
};

TEST(DescriptorSink, WritesUrgentLinesTogetherWithWhatWaited) {
  Pipe pipe;
  DescriptorSink sink(pipe.ends[1], std::chrono::hours(1));
  sink.write("first\n", false);
  sink.write("second\n", true);
  EXPECT_EQ(pipe.read_some(), "first\nsecond\n");
}

TEST(DescriptorSink, WritesWhatWaitedWhenItEnds) {
  Pipe pipe;
  { DescriptorSink(pipe.ends[1], std::chrono::hours(1)).write("last words\n", false); }
  EXPECT_EQ(pipe.read_some(), "last words\n");
}

TEST(DescriptorSink, WritesWaitingLinesAfterTheInterval) {
  Pipe pipe;
  DescriptorSink sink(pipe.ends[1], std::chrono::milliseconds(1));
  sink.write("patient\n", false);
  EXPECT_EQ(pipe.read_some(), "patient\n");
}

TEST(DescriptorSink, KeepsLinesOfSeveralThreadsWhole) {
  Pipe pipe;
  {
    DescriptorSink sink(pipe.ends[1]);
    const std::string line(99, 'x');
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 50; ++n) sink.write(line + "\n", n % 2 == 0);
      });
    }
    for (auto& thread : threads) thread.join();
  }
  pipe.close_writer();
  std::string all;
  for (std::string part = pipe.read_some(); !part.empty(); part = pipe.read_some()) all += part;
  ASSERT_EQ(all.size(), 4U * 50U * 100U);
  for (std::size_t i = 99; i < all.size(); i += 100) ASSERT_EQ(all[i], '\n');
}

}  // namespace
}  // namespace ballast::observe
