#include "compile/fold.hpp"

#include "compile/embed.hpp"
#include "compile/order.hpp"
#include "compile/page.hpp"
#include "compile/read.hpp"

namespace ballast::compile {
namespace {

Result<void> write_rows(sql::Writer& out, Context& context, const query::Read& read, const Select& select) {
  if (read.fold->whole) {
    out.text("SELECT t").number(select.root.alias).text(".*");
    write_from(out, select);
  } else {
    out.text("SELECT ");
    write_postgres_members(out, select.object);
    out.text(" FROM (");
    write_select(out, select, CellNames::numbered);
  }
  BALLAST_CHECKED(write_order(out, context, read, select));
  write_page(out, read);
  if (!read.fold->whole) out.text(") AS s");
  return {};
}

}  // namespace

encode::Object folded_object(const query::Fold& fold) {
  encode::Object object;
  object.bare = true;
  object.members.emplace_back(
      encode::Field{fold.function, 0, fold.bytes ? catalog::Kind::bytea : catalog::Kind::text, -1, true});
  return object;
}

Result<void> write_fold(sql::Writer& out, Context& context, const query::Read& read, const Select& select,
                        encode::Shape& shape) {
  if (context.sqlite()) return not_available("an aggregate function of its own");
  const query::Fold& fold = *read.fold;
  out.text("SELECT ").name(fold.schema).text(".").name(fold.function).text("(r");
  if (fold.whole) {
    out.text("::");
    write_relation(out, read.schema, read.relation);
  }
  out.text("), count(*)");
  if (read.count != query::Count::none) {
    out.text(", (");
    write_total(out, read, select);
    out.text(")");
    shape.total = 2;
  }
  out.text(" FROM (");
  BALLAST_CHECKED(write_rows(out, context, read, select));
  out.text(") AS r");
  shape.rows = 1;
  return {};
}

}  // namespace ballast::compile
