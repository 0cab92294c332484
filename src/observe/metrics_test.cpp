#include "observe/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/check.hpp"

namespace ballast::observe {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, RendersACounterWithHelpAndType) {
  Metrics metrics;
  metrics.counter("requests_total", "Requests.", {{"method", "GET"}}).add(3);
  EXPECT_EQ(metrics.render(),
            "# HELP requests_total Requests.\n# TYPE requests_total counter\n"
            "requests_total{method=\"GET\"} 3\n");
}

TEST(Metrics, SumsWhatSeveralThreadsCount) {
  Metrics metrics;
  const Counter counter = metrics.counter("n", "N.");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([counter] {
      for (int n = 0; n < 1000; ++n) counter.add();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(counter.value(), 8000U);
}

TEST(Metrics, GivesTheSameHandleForTheSameNameAndLabels) {
  Metrics metrics;
  metrics.counter("n", "N.", {{"a", "1"}}).add();
  metrics.counter("n", "N.", {{"a", "1"}}).add();
  metrics.counter("n", "N.", {{"a", "2"}}).add();
  EXPECT_EQ(metrics.counter("n", "N.", {{"a", "1"}}).value(), 2U);
}

TEST(Metrics, EscapesLabelValuesAndHelp) {
  Metrics metrics;
  metrics.counter("n", "back\\slash\nline", {{"v", "a\"b\\c\nd"}}).add();
  EXPECT_EQ(metrics.render(), "# HELP n back\\\\slash\\nline\n# TYPE n counter\nn{v=\"a\\\"b\\\\c\\nd\"} 1\n");
}

TEST(Metrics, RendersAHistogramCumulativelyInItsUnit) {
  Metrics metrics;
  static const Buckets buckets{{1'000'000, 10'000'000}, 1e-9};
  const Histogram histogram = metrics.histogram("t_seconds", "T.", buckets);
  histogram.record(500'000);
  histogram.record(1'000'000);
  histogram.record(50'000'000);
  EXPECT_EQ(metrics.render(),
            "# HELP t_seconds T.\n# TYPE t_seconds histogram\n"
            "t_seconds_bucket{le=\"0.001\"} 2\nt_seconds_bucket{le=\"0.01\"} 2\n"
            "t_seconds_bucket{le=\"+Inf\"} 3\nt_seconds_sum 0.051500000000000004\nt_seconds_count 3\n");
}

TEST(Metrics, RendersGauges) {
  Metrics metrics;
  const Gauge gauge = metrics.gauge("g", "G.");
  gauge.set(2.5);
  gauge.add(-1);
  EXPECT_THAT(metrics.render(), HasSubstr("# TYPE g gauge\ng 1.5\n"));
}

TEST(Metrics, AsksCollectorsAtEachScrape) {
  Metrics metrics;
  std::uint64_t connections = 7;
  metrics.add_collector([&](Exposition& out) { out.gauge("connections", "Open.", static_cast<double>(connections)); });
  EXPECT_THAT(metrics.render(), HasSubstr("connections 7\n"));
  connections = 8;
  EXPECT_THAT(metrics.render(), HasSubstr("connections 8\n"));
}

TEST(Metrics, CountsLabelsBeyondTheLimitTogether) {
  Metrics metrics;
  for (std::size_t i = 0; i < Metrics::series_limit + 50; ++i) {
    metrics.counter("n", "N.", {{"v", std::to_string(i)}}).add();
  }
  EXPECT_EQ(metrics.counter("n", "N.", {{"v", "other"}}).value(), 50U);
  EXPECT_THAT(metrics.render(), Not(HasSubstr("v=\"1001\"")));
}

TEST(Metrics, TakesAnotherKindUnderTheSameNameForABug) {
  Metrics metrics;
  metrics.counter("n", "N.");
  EXPECT_THROW(metrics.gauge("n", "N."), Bug);
}

TEST(Metrics, EmptyHandlesCountNothing) {
  Counter().add();
  Gauge().set(1);
  Histogram().record(1);
  EXPECT_EQ(Counter().value() + Histogram().count(), 0U);
}

TEST(Exposition, SpellsNumbersThatAreNone) {
  std::string text;
  append_number(text, std::numeric_limits<double>::infinity());
  append_number(text, -std::numeric_limits<double>::infinity());
  append_number(text, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(text, "+Inf-InfNaN");
}

}  // namespace
}  // namespace ballast::observe
