#pragma once

#include <libpq-fe.h>

#include "base/result.hpp"
#include "catalog/privileges.hpp"

namespace ballast::storage::postgres {

/// Who may do what with the schemas, relations and functions that are not the system's. Blocking.
Result<catalog::Privileges> load_privileges(PGconn& connection);

}  // namespace ballast::storage::postgres
