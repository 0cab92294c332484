#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "graphql/collect.hpp"
#include "graphql/field_write.hpp"
#include "graphql/reading.hpp"
#include "policy/principal.hpp"
#include "policy/rules.hpp"
#include "sql/dialect.hpp"

namespace ballast::graphql {

/// What fields of Mutation are turned into writes with.
struct WritingContext {
  const Schema& schema;
  const sql::Dialect& dialect;
  const policy::Principal& principal;
  const policy::Rules& rules;
  std::size_t answer_limit = 0;
};

/// A field of Mutation that writes rows: an insert, an update or a delete. 400 for what the field's arguments rule out.
Result<std::unique_ptr<FieldWrite>> to_write(const CollectedField& field, Reader& reader, Collector& collector,
                                             const WritingContext& context);

/// The answer `{"affectedCount": …, "records": […]}` as `field` selects it; `records` are read by `read`.
Result<ListDraft> response_draft(const CollectedField& field, Reader& reader, Collector& collector, query::Read& read);

}  // namespace ballast::graphql
