#include "compile/full_text_condition.hpp"

#include "compile/column.hpp"
#include "compile/full_text.hpp"

namespace ballast::compile {
namespace {

using query::FullTextMode;

Error no_index(const Scope& scope, const std::string& column) {
  const std::string table(scope.relation);
  return not_available("full text search in \"" + table + "\".\"" + column + "\"",
                       "create an FTS5 table over it: CREATE VIRTUAL TABLE " + table + "_fts USING fts5(" + column +
                           ", content='" + table +
                           "', content_rowid='rowid'), fill it, and keep it current with "
                           "triggers");
}

Result<void> write_fts5(sql::Writer& out, Context& context, const Scope& scope, const query::FullText& node) {
  const catalog::Relation* relation = scope.known;
  const bool own = relation != nullptr && relation->is_full_text;
  if (relation == nullptr || (!own && relation->full_text.empty())) return no_index(scope, node.column.column);
  if (!node.column.path.empty() || node.column.cast) {
    return not_available("full text search in a JSON path or a cast");
  }
  const std::string& table = own ? relation->name : relation->full_text;
  // An FTS5 table has a hidden column of its own name that stands for the whole row.
  const bool whole_row = node.column.column == table;
  const catalog::Relation* index = own ? relation : context.snapshot.with_hidden(relation->schema, table);
  if (!whole_row && index != nullptr && index->column(node.column.column) == nullptr) {
    return no_index(scope, node.column.column);
  }
  BALLAST_TRY(Fts5Query query,
              to_fts5(node.mode, node.query.text, whole_row ? std::string_view{} : node.column.column));
  if (scope.alias >= 0) {
    out.text("t").number(scope.alias);
  } else {
    out.name(scope.relation);
  }
  out.text(".rowid ");
  if (query.negated) out.text("NOT ");
  out.text("IN (SELECT rowid FROM ").name(table).text(" WHERE ").name(table).text(" MATCH ");
  out.value(std::move(query.text)).text(")");
  return {};
}

Result<void> write_postgres(sql::Writer& out, Context& context, const Scope& scope, const query::FullText& node) {
  static const catalog::Type text;
  if (node.language.find('\0') != std::string::npos) {
    return make_error(400, "22021", "invalid byte sequence for encoding \"UTF8\": 0x00");
  }
  // A constant, since an index over to_tsvector('english', …) only serves a query that names the same language.
  const auto language = [&] {
    if (!node.language.empty()) out.constant(node.language).text(", ");
  };
  const bool vector = node.column.result_type().kind == catalog::Kind::tsvector;
  if (!vector) {
    out.text("to_tsvector(");
    language();
  }
  BALLAST_CHECKED(write_column(out, scope, node.column));
  if (!vector) out.text(")");
  switch (node.mode) {
    case FullTextMode::fts:
      out.text(" @@ to_tsquery(");
      break;
    case FullTextMode::plain:
      out.text(" @@ plainto_tsquery(");
      break;
    case FullTextMode::phrase:
      out.text(" @@ phraseto_tsquery(");
      break;
    case FullTextMode::web:
      out.text(" @@ websearch_to_tsquery(");
      break;
  }
  language();
  BALLAST_TRY(sql::Param query, bind_value(query::Op::eq, text, node.query.text, context.dialect));
  if (context.slots != nullptr && node.query.slot >= 0) {
    context.slots->push_back({context.params.size(), node.query.slot, query::Op::eq, text});
  }
  out.value(std::move(query)).text(")");
  return {};
}

}  // namespace

Result<void> write_full_text(sql::Writer& out, Context& context, const Scope& scope, const query::FullText& node) {
  return context.sqlite() ? write_fts5(out, context, scope, node) : write_postgres(out, context, scope, node);
}

}  // namespace ballast::compile
