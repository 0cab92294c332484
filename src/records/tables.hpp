#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <span>

#include "records/migrations.hpp"
#include "storage/storage.hpp"

namespace ballast::records {

/// Ballast's own tables in the user's database: schema `ballast` on PostgreSQL, names that begin with `ballast_` on
/// SQLite, neither of them served. They are made, or brought up to date, when a feature first asks for them. A
/// repository asks before each statement, which costs nothing once they are there. Thread-safe.
class Tables {
 public:
  /// Both outlive the object.
  explicit Tables(storage::Storage& storage, std::span<const Migration> migrations = records::migrations())
      : storage_(storage), migrations_(migrations) {}
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  /// Always in a transaction of its own: whoever will need the tables inside of one asks before beginning it, since on
  /// SQLite two transactions that wait for each other would both end at their deadline.
  /// 503 BLST801 where the database's user may not make them, BLST802 where a newer Ballast made them.
  boost::asio::awaitable<Result<void>> ensure(TimePoint deadline);
  /// They turned out to be gone (a restored backup): the next `ensure` looks again.
  void forget() noexcept { there_.store(false, std::memory_order_relaxed); }

 private:
  storage::Storage& storage_;
  const std::span<const Migration> migrations_;
  std::atomic<bool> there_{false};
};

}  // namespace ballast::records
