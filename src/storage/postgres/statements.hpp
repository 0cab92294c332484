#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "storage/postgres/stats.hpp"

namespace ballast::storage::postgres {

/// A statement's text, and what running it has taught. Its number is its name on every connection of its loop, and no
/// other loop's.
struct KnownStatement {
  std::uint64_t number = 0;
  std::string text;
  bool slow = false;          ///< was ended on a pipeline: goes to a connection of its own
  bool large = false;         ///< its result was large: likewise, and is taken row by row
  std::size_t fast_runs = 0;  ///< in a row since it was slow
  std::size_t users = 0;

  /// Belongs on a connection of its own.
  bool exclusive() const noexcept { return slow || large; }
};

/// Keeps a statement from being forgotten while it is under way.
class StatementPin {
 public:
  StatementPin(KnownStatement& known) : known_(&known) { ++known.users; }  // NOLINT(google-explicit-constructor)
  StatementPin(const StatementPin& other) : known_(other.known_) { ++known_->users; }
  StatementPin& operator=(const StatementPin&) = delete;
  ~StatementPin() { --known_->users; }
  KnownStatement* operator->() const noexcept { return known_; }
  KnownStatement& operator*() const noexcept { return *known_; }

 private:
  KnownStatement* known_;
};

/// The statements of one loop by text; the least recently used beyond `capacity` are forgotten. Used by one thread.
class Statements {
 public:
  Statements(std::size_t capacity, Stats& stats) : capacity_(capacity), stats_(stats) {}

  KnownStatement& known(std::string_view text);

  /// It was ended on a pipeline because it took too long.
  void was_slow(KnownStatement& known);
  /// It ran on a connection of its own. After `needed` runs in a row that would have been fast enough for a pipeline it
  /// is tried there again.
  void ran_alone(KnownStatement& known, bool fast, std::size_t needed);

 private:
  using Order = std::list<KnownStatement>;  // the most recently used first
  std::size_t capacity_;
  Stats& stats_;
  Order order_;
  std::unordered_map<std::string_view, Order::iterator> by_text_;
};

}  // namespace ballast::storage::postgres
