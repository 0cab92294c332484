#pragma once

#include <boost/asio/awaitable.hpp>

#include "storage/storage.hpp"

namespace ballast::records {

/// Runs a statement of Ballast's own that writes, or has to be read by the writer: as the connection's own user, since
/// a request's role has no rights to Ballast's tables, and in the context's transaction if it has one. `sink` outlives
/// the call.
boost::asio::awaitable<Result<storage::Outcome>> run_statement(storage::Storage& storage, sql::Statement statement,
                                                               sql::RowSink& sink, storage::Context context);

/// Takes no rows.
class NoRows final : public sql::RowSink {
 public:
  Result<void> row(std::span<const sql::Cell>) override { return {}; }
  void restart() override {}
  std::size_t bytes() const noexcept override { return 0; }
};

/// An integer as either engine delivers it; 0 for what is none.
std::int64_t integer_of(const sql::Cell& cell) noexcept;
/// Bytes as either engine delivers them: as they are, or in PostgreSQL's hexadecimal format.
std::string bytes_of(const sql::Cell& cell);

}  // namespace ballast::records
