#pragma once

#include "storage/postgres/lanes.hpp"

namespace ballast::storage::postgres {

/// See `Storage::transact`. A unit of one statement whose end is known beforehand is one burst on a pipeline; any other
/// is talked through on a connection of its own. Everything referred to outlives the call.
boost::asio::awaitable<Result<void>> run_unit(Lanes& lanes, UnitOfWork& unit, Context context);

}  // namespace ballast::storage::postgres
