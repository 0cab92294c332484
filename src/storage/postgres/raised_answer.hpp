#pragma once

#include "storage/postgres/failure.hpp"

namespace ballast::storage::postgres {

/// The answer that `RAISE SQLSTATE 'PGRST'` carries (PostgREST, "Errors", RAISE errors with custom HTTP status and
/// headers): MESSAGE is a JSON object with code, message, details and hint, DETAIL one with status and headers.
/// 500 PGRST121 when they cannot be read.
Error raised_answer(const Failure& failure);

}  // namespace ballast::storage::postgres
