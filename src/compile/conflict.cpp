#include "compile/conflict.hpp"

#include "compile/payload.hpp"
#include "compile/version.hpp"

namespace ballast::compile {

using query::OnConflict;

const std::vector<std::string>* conflict_target(const Scope& scope, const query::Insert& insert) {
  if (insert.on_conflict == OnConflict::fail) return nullptr;
  if (!insert.conflict_columns.empty()) return &insert.conflict_columns;
  if (scope.known == nullptr || scope.known->primary_key.empty()) return nullptr;
  return &scope.known->primary_key;
}

bool merges(const Scope& scope, const query::Insert& insert) {
  return insert.on_conflict == OnConflict::merge && !insert.columns.empty() &&
         conflict_target(scope, insert) != nullptr;
}

void write_conflict(sql::Writer& out, const Scope& scope, const query::Insert& insert) {
  const auto* target = conflict_target(scope, insert);
  if (target == nullptr) return;
  out.text(" ON CONFLICT (");
  write_names(out, *target);
  if (!merges(scope, insert)) {
    out.text(") DO NOTHING");
    return;
  }
  out.text(") DO UPDATE SET ");
  const auto& columns = insert.merge_columns.empty() ? insert.columns : insert.merge_columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out.text(", ");
    out.name(columns[i]).text(" = excluded.").name(columns[i]);
  }
  write_version_increment(out, scope);
  // A setting of the transaction is the one thing that this clause can write to; unlike xmax it also works for views
  // and partitioned tables, and needs no right to read.
  if (!out.sqlite()) {
    out.text(
        " WHERE set_config('ballast.updated', (current_setting('ballast.updated')::bigint + 1)::text, true) IS NOT"
        " NULL");
  }
}

sql::Writer counting_from_zero(const sql::Writer& payload) {
  sql::Writer out = payload.piece();
  out.text("CASE WHEN set_config('ballast.updated', '0', true) IS NOT NULL THEN ").append(payload);
  out.text("::json END");
  return out;
}

void write_updated(sql::Writer& out) {
  out.text("(SELECT CASE WHEN count(*) > 0 THEN current_setting('ballast.updated') END FROM written)");
}

}  // namespace ballast::compile
