#include "storage/postgres/statements.hpp"

#include <atomic>

namespace ballast::storage::postgres {

KnownStatement& Statements::known(std::string_view text) {
  if (const auto found = by_text_.find(text); found != by_text_.end()) {
    if (found->second != order_.begin()) order_.splice(order_.begin(), order_, found->second);
    return *found->second;
  }
  for (auto last = order_.end(); order_.size() >= capacity_ && last != order_.begin();) {
    --last;
    if (last->users > 0) continue;
    if (last->slow) stats_.slow_shapes.fetch_sub(1, std::memory_order_relaxed);
    stats_.shapes.fetch_sub(1, std::memory_order_relaxed);
    by_text_.erase(last->text);
    last = order_.erase(last);
  }
  static std::atomic<std::uint64_t> last{0};
  order_.push_front({.number = last.fetch_add(1, std::memory_order_relaxed) + 1, .text = std::string(text)});
  by_text_[order_.front().text] = order_.begin();
  stats_.shapes.fetch_add(1, std::memory_order_relaxed);
  return order_.front();
}

void Statements::was_slow(KnownStatement& known) {
  stats_.slow_moves.fetch_add(1, std::memory_order_relaxed);
  known.fast_runs = 0;
  if (known.slow) return;
  known.slow = true;
  stats_.slow_shapes.fetch_add(1, std::memory_order_relaxed);
}

void Statements::ran_alone(KnownStatement& known, bool fast, std::size_t needed) {
  if (!known.slow) return;
  known.fast_runs = fast ? known.fast_runs + 1 : 0;
  if (known.fast_runs <= needed) return;
  known.slow = false;
  known.fast_runs = 0;
  stats_.slow_shapes.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace ballast::storage::postgres
