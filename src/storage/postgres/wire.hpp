#pragma once

#include <string>
#include <vector>

#include "sql/statement.hpp"

namespace ballast::storage::postgres {

/// What the exchange asks of a connection in pipeline mode: each call queues one message (libpq, section 34.5). False
/// when the connection is broken.
class Wire {
 public:
  virtual ~Wire() = default;
  virtual bool prepare(const std::string& name, const std::string& text) = 0;
  virtual bool execute_prepared(const std::string& name, const std::vector<sql::Param>& params) = 0;
  virtual bool execute(const std::string& text, const std::vector<sql::Param>& params) = 0;
  virtual bool sync() = 0;
};

}  // namespace ballast::storage::postgres
