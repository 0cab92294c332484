#pragma once

#include "storage/postgres/lanes.hpp"

namespace ballast::storage::postgres {

/// See `Storage::read`. Everything referred to outlives the call.
boost::asio::awaitable<Result<Outcome>> run_read(Lanes& lanes, const sql::Statement& statement, sql::RowSink& sink,
                                                 Context context);

}  // namespace ballast::storage::postgres
