#include "observe/metrics.hpp"

#include <algorithm>
#include <bit>
#include <thread>

#include "base/check.hpp"

namespace ballast::observe {
namespace {

/// Enough that the workers of most machines do not share, few enough that a thousand series stay small.
unsigned shard_count() noexcept {
  static const unsigned count = std::bit_ceil(std::clamp(std::thread::hardware_concurrency(), 1U, 16U));
  return count;
}

std::atomic<unsigned> threads_seen{0};

}  // namespace

unsigned Cells::shard() noexcept {
  thread_local const unsigned mine = threads_seen.fetch_add(1, std::memory_order_relaxed) & (shard_count() - 1);
  return mine;
}

Cells::Cells(std::size_t count)
    : lines_per_shard_((count + per_line - 1) / per_line), lines_(new Line[lines_per_shard_ * shard_count()]) {}

std::uint64_t Cells::sum(std::size_t cell) const noexcept {
  std::uint64_t total = 0;
  for (unsigned i = 0; i < shard_count(); ++i) total += at(i, cell).load(std::memory_order_relaxed);
  return total;
}

const Buckets& latency_buckets() {
  static const Buckets buckets{{250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000, 25'000'000, 50'000'000,
                                100'000'000, 250'000'000, 500'000'000, 1'000'000'000, 2'500'000'000, 10'000'000'000},
                               1e-9};
  return buckets;
}

const Buckets& size_buckets() {
  static const Buckets buckets{
      {256, 1U << 10U, 4U << 10U, 16U << 10U, 64U << 10U, 256U << 10U, 1U << 20U, 4U << 20U, 16U << 20U}, 1};
  return buckets;
}

void Histogram::record(std::uint64_t value) const noexcept {
  if (cells_ == nullptr) return;
  const auto& bounds = buckets_->bounds;
  std::size_t bucket = 0;
  while (bucket < bounds.size() && value > bounds[bucket]) ++bucket;
  cells_->add(bucket, 1);
  cells_->add(bounds.size() + 1, value);
}

std::uint64_t Histogram::count() const noexcept {
  std::uint64_t total = 0;
  if (cells_ == nullptr) return total;
  for (std::size_t i = 0; i <= buckets_->bounds.size(); ++i) total += cells_->sum(i);
  return total;
}

Metrics::Series& Metrics::series(std::string_view name, std::string_view help, MetricKind kind, const Buckets* buckets,
                                 const Labels& labels) {
  auto found = families_.find(name);
  if (found == families_.end()) {
    found = families_.try_emplace(std::string(name)).first;
    found->second.help = help;
    found->second.kind = kind;
    found->second.buckets = buckets;
  }
  Family& family = found->second;
  check(family.kind == kind && family.buckets == buckets, "a metric is registered twice with different kinds");

  if (const auto it = family.series.find(labels); it != family.series.end()) return *it->second;
  Labels wanted = labels;
  if (family.series.size() >= series_limit) {
    for (auto& label : wanted) label.second = "other";
  }
  auto& slot = family.series[wanted];
  if (!slot) {
    slot = std::make_unique<Series>();
    slot->labels = std::move(wanted);
    if (kind == MetricKind::counter) slot->cells = std::make_unique<Cells>(1);
    if (kind == MetricKind::histogram) slot->cells = std::make_unique<Cells>(buckets->bounds.size() + 2);
  }
  return *slot;
}

Counter Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
  const std::scoped_lock lock(mutex_);
  return Counter(series(name, help, MetricKind::counter, nullptr, labels).cells.get());
}

Gauge Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  const std::scoped_lock lock(mutex_);
  return Gauge(&series(name, help, MetricKind::gauge, nullptr, labels).gauge);
}

Histogram Metrics::histogram(std::string_view name, std::string_view help, const Buckets& buckets,
                             const Labels& labels) {
  const std::scoped_lock lock(mutex_);
  return {series(name, help, MetricKind::histogram, &buckets, labels).cells.get(), &buckets};
}

void Metrics::add_collector(std::function<void(Exposition&)> collect) {
  const std::scoped_lock lock(mutex_);
  collectors_.push_back(std::move(collect));
}

void Metrics::render_histogram(Exposition& out, const Family& family, const Series& series) {
  const auto& bounds = family.buckets->bounds;
  Labels labels = series.labels;
  labels.emplace_back("le", "");
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i <= bounds.size(); ++i) {
    so_far += series.cells->sum(i);
    std::string& le = labels.back().second;
    le.clear();
    if (i < bounds.size()) {
      append_number(le, static_cast<double>(bounds[i]) * family.buckets->unit);
    } else {
      le = "+Inf";
    }
    out.sample(so_far, labels, "_bucket");
  }
  out.sample(static_cast<double>(series.cells->sum(bounds.size() + 1)) * family.buckets->unit, series.labels, "_sum");
  out.sample(so_far, series.labels, "_count");
}

std::string Metrics::render() const {
  std::string text;
  Exposition out(text);
  std::vector<std::function<void(Exposition&)>> collectors;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, family] : families_) {
      out.family(name, family.help, family.kind);
      for (const auto& [labels, series] : family.series) {
        switch (family.kind) {
          case MetricKind::counter:
            out.sample(series->cells->sum(0), labels);
            break;
          case MetricKind::gauge:
            out.sample(series->gauge.load(std::memory_order_relaxed), labels);
            break;
          case MetricKind::histogram:
            render_histogram(out, family, *series);
            break;
        }
      }
    }
    collectors = collectors_;
  }
  for (const auto& collect : collectors) collect(out);
  return text;
}

}  // namespace ballast::observe
