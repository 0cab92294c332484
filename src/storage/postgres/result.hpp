#pragma once

#include <libpq-fe.h>

#include <memory>

namespace ballast::storage::postgres {

struct ResultDeleter {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ResultDeleter>;

}  // namespace ballast::storage::postgres
