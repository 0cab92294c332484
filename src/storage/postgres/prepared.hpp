#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace ballast::storage::postgres {

/// The statements that one connection has prepared, the least recently used beyond `capacity` to be given up. By number
/// (`KnownStatement::number`).
class Prepared {
 public:
  explicit Prepared(std::size_t capacity) : capacity_(capacity) {}

  /// Marks it as used; false when it is not prepared.
  bool use(std::uint64_t number);
  /// Takes it in; the numbers that have to go for it are added to `evicted`.
  void add(std::uint64_t number, std::vector<std::uint64_t>& evicted);
  /// It could not be prepared, or its plan no longer fits. False when it was not there.
  bool forget(std::uint64_t number);
  void clear();
  std::size_t size() const noexcept { return by_number_.size(); }

  /// Its name in the database: of this process alone, so that behind a pooler that mixes connections up a statement is
  /// unknown rather than somebody else's.
  static std::string name_of(std::uint64_t number);

 private:
  using Order = std::list<std::uint64_t>;  // the most recently used first
  std::size_t capacity_;
  Order order_;
  std::unordered_map<std::uint64_t, Order::iterator> by_number_;
};

}  // namespace ballast::storage::postgres
