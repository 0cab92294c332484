#pragma once

#include "locks/lease_repository.hpp"
#include "locks/lease_sql.hpp"
#include "records/tables.hpp"

namespace ballast::locks {

/// Leases in the user's database. Thread-safe.
class SqlLeaseRepository final : public LeaseRepository {
 public:
  /// Both outlive the repository.
  SqlLeaseRepository(storage::Storage& storage, records::Tables& tables)
      : storage_(storage), tables_(tables), sql_(lease_sql(storage.dialect().engine())) {}

  boost::asio::awaitable<Result<Attempt>> acquire(Claim claim, storage::Context context) override;
  boost::asio::awaitable<Result<std::optional<Lease>>> renew(Grip grip, std::chrono::milliseconds ttl,
                                                             storage::Context context) override;
  boost::asio::awaitable<Result<bool>> release(Grip grip, storage::Context context) override;
  boost::asio::awaitable<Result<std::optional<Lease>>> find(std::string name, storage::Context context) override;
  boost::asio::awaitable<Result<void>> prepare(storage::Context context) override;
  boost::asio::awaitable<Result<bool>> check_fence(std::string name, std::int64_t token,
                                                   storage::Context context) override;

 private:
  /// A statement of its own, committed with it.
  boost::asio::awaitable<Result<storage::Outcome>> write(sql::Literal text, std::vector<sql::Param> params,
                                                         sql::RowSink& sink, storage::Context context);
  Error understand(Error error);

  storage::Storage& storage_;
  records::Tables& tables_;
  const LeaseSql& sql_;
};

}  // namespace ballast::locks
