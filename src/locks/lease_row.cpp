#include "locks/lease_row.hpp"

#include "records/run_statement.hpp"

namespace ballast::locks {

Result<void> LeaseRow::row(std::span<const sql::Cell> cells) {
  check(cells.size() == 4, "a lease's row has four cells");
  Lease& lease = lease_.emplace();
  lease.token = records::integer_of(cells[0]);
  lease.owner = cells[1].text;
  lease.expires_at = WallTime(std::chrono::milliseconds(records::integer_of(cells[2])));
  lease.left = std::chrono::milliseconds(records::integer_of(cells[3]));
  return {};
}

std::optional<Lease> LeaseRow::take(std::string name) {
  if (lease_) lease_->name = std::move(name);
  return std::move(lease_);
}

}  // namespace ballast::locks
