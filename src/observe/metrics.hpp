#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "observe/exposition.hpp"

namespace ballast::observe {

/// 64-bit numbers that many threads add to without meeting: each thread has a shard, a cache line or more of its own,
/// and a reader sums them. A set of cells is one counter or one histogram.
class Cells {
 public:
  explicit Cells(std::size_t count);

  void add(std::size_t cell, std::uint64_t n) noexcept { at(shard(), cell).fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t sum(std::size_t cell) const noexcept;

 private:
  /// The calling thread's; threads beyond the number of shards share.
  static unsigned shard() noexcept;
  std::atomic<std::uint64_t>& at(unsigned shard, std::size_t cell) const noexcept {
    return lines_[shard * lines_per_shard_ + cell / per_line].cells[cell % per_line];
  }

  static constexpr std::size_t per_line = 8;
  struct alignas(64) Line {
    std::array<std::atomic<std::uint64_t>, per_line> cells{};
  };

  std::size_t lines_per_shard_;
  std::unique_ptr<Line[]> lines_;
};

/// Handles: resolved once, then one relaxed atomic addition each. Copies count the same; the registry outlives them.
class Counter {
 public:
  Counter() = default;  ///< counts nothing
  explicit Counter(Cells* cells) : cells_(cells) {}
  void add(std::uint64_t n = 1) const noexcept {
    if (cells_ != nullptr) cells_->add(0, n);
  }
  std::uint64_t value() const noexcept { return cells_ != nullptr ? cells_->sum(0) : 0; }

 private:
  Cells* cells_ = nullptr;
};

class Gauge {
 public:
  Gauge() = default;
  explicit Gauge(std::atomic<double>* value) : value_(value) {}
  void set(double value) const noexcept {
    if (value_ != nullptr) value_->store(value, std::memory_order_relaxed);
  }
  void add(double n) const noexcept {
    if (value_ != nullptr) value_->fetch_add(n, std::memory_order_relaxed);
  }
  double value() const noexcept { return value_ != nullptr ? value_->load(std::memory_order_relaxed) : 0; }

 private:
  std::atomic<double>* value_ = nullptr;
};

/// A histogram's upper bounds in whole units of what is recorded, and what one unit is in the exposition: nanoseconds
/// are recorded, seconds are shown. Constant; outlives the registry.
struct Buckets {
  std::vector<std::uint64_t> bounds;  ///< ascending, inclusive; +Inf is implied
  double unit = 1;
};

/// 250 µs to 10 s: a constant answer to a statement at the usual request deadline. Recorded in nanoseconds.
const Buckets& latency_buckets();
/// 256 B to 16 MiB, by fours.
const Buckets& size_buckets();

class Histogram {
 public:
  Histogram() = default;
  Histogram(Cells* cells, const Buckets* buckets) : cells_(cells), buckets_(buckets) {}
  /// In the buckets' units.
  void record(std::uint64_t value) const noexcept;
  std::uint64_t count() const noexcept;

 private:
  friend class Metrics;
  Cells* cells_ = nullptr;  // one per bucket, one for +Inf, one for the sum
  const Buckets* buckets_ = nullptr;
};

/// The registry: families of counters, gauges and histograms, and callbacks for what others count themselves.
/// Thread-safe. The same name and labels give the same handle. A family's labels are bounded: what comes after
/// `series_limit` of them is counted together under labels whose values are all "other".
class Metrics {
 public:
  static constexpr std::size_t series_limit = 1000;

  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// A name that is already of another kind is a bug.
  Counter counter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge gauge(std::string_view name, std::string_view help, const Labels& labels = {});
  Histogram histogram(std::string_view name, std::string_view help, const Buckets& buckets, const Labels& labels = {});

  /// Called at each scrape, after the registry's own families; writes whole families. On the scraper's thread.
  void add_collector(std::function<void(Exposition&)> collect);

  /// The text that `/metrics` answers with (Exposition::content_type).
  std::string render() const;

 private:
  struct Series {
    Labels labels;
    std::unique_ptr<Cells> cells;
    std::atomic<double> gauge{0};
  };
  struct Family {
    std::string help;
    MetricKind kind = MetricKind::counter;
    const Buckets* buckets = nullptr;
    std::map<Labels, std::unique_ptr<Series>> series;
  };

  Series& series(std::string_view name, std::string_view help, MetricKind kind, const Buckets* buckets,
                 const Labels& labels);
  static void render_histogram(Exposition& out, const Family& family, const Series& series);

  mutable std::mutex mutex_;
  std::map<std::string, Family, std::less<>> families_;
  std::vector<std::function<void(Exposition&)>> collectors_;
};

}  // namespace ballast::observe
