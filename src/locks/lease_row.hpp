#pragma once

#include <optional>

#include "locks/lease.hpp"
#include "sql/row_sink.hpp"

namespace ballast::locks {

/// Takes the row that a statement about one lease gives (see LeaseSql), or the lack of one.
class LeaseRow final : public sql::RowSink {
 public:
  Result<void> row(std::span<const sql::Cell> cells) override;
  void restart() override { lease_.reset(); }
  std::size_t bytes() const noexcept override { return 0; }

  const std::optional<Lease>& lease() const noexcept { return lease_; }
  /// Under its name, which the statement was given.
  std::optional<Lease> take(std::string name);

 private:
  std::optional<Lease> lease_;
};

}  // namespace ballast::locks
