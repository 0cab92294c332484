#include "compile/lock.hpp"

#include <algorithm>

#include "compile/embed.hpp"

namespace ballast::compile {

Result<query::Read> in_order_of_locks(query::Read read, const catalog::Snapshot& snapshot) {
  const catalog::Relation* relation = snapshot.relation(read.schema, read.relation);
  if (relation == nullptr || relation->is_view || relation->primary_key.empty()) {
    return make_error(400, "0A000",
                      "rows of \"" + read.relation + "\" cannot be locked: it is no table with a primary key");
  }
  if (has_aggregate(read) || read.fold) return make_error(400, "0A000", "rows under an aggregate cannot be locked");
  for (const std::string& name : relation->primary_key) {
    const bool there = std::any_of(read.order.begin(), read.order.end(), [&](const query::OrderTerm& term) {
      return term.embed.empty() && term.column.path.empty() && term.column.column == name;
    });
    if (there) continue;
    query::OrderTerm term;
    term.column.column = name;
    if (const catalog::Column* column = relation->column(name)) term.column.type = column->type;
    read.order.push_back(std::move(term));
  }
  read.as_tree = false;
  return read;
}

void write_lock(sql::Writer& out, const query::Read& read, const Select& select) {
  if (!read.lock || out.sqlite()) return;
  if (read.lock->strength == query::Lock::Strength::update) {
    out.text(" FOR UPDATE OF t");
  } else {
    out.text(" FOR SHARE OF t");
  }
  out.number(select.root.alias);
  if (read.lock->wait == query::Lock::Wait::nowait) out.text(" NOWAIT");
  if (read.lock->wait == query::Lock::Wait::skip) out.text(" SKIP LOCKED");
}

}  // namespace ballast::compile
