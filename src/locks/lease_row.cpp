#include "locks/lease_row.hpp"

#include <charconv>

namespace ballast::locks {

std::int64_t integer_of(const sql::Cell& cell) noexcept {
  std::int64_t value = cell.integer;
  if (cell.kind == sql::Cell::Kind::text) {
    std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), value);
  }
  return value;
}

Result<void> LeaseRow::row(std::span<const sql::Cell> cells) {
  check(cells.size() == 4, "a lease's row has four cells");
  Lease& lease = lease_.emplace();
  lease.token = integer_of(cells[0]);
  lease.owner = cells[1].text;
  lease.expires_at = WallTime(std::chrono::milliseconds(integer_of(cells[2])));
  lease.left = std::chrono::milliseconds(integer_of(cells[3]));
  return {};
}

std::optional<Lease> LeaseRow::take(std::string name) {
  if (lease_) lease_->name = std::move(name);
  return std::move(lease_);
}

}  // namespace ballast::locks
