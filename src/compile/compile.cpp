#include "compile/compile.hpp"

#include "compile/call.hpp"
#include "compile/delete.hpp"
#include "compile/insert.hpp"
#include "compile/read.hpp"
#include "compile/tree.hpp"
#include "compile/update.hpp"

namespace ballast::compile {
namespace {

struct Visitor {
  const catalog::Snapshot& snapshot;
  const sql::Dialect& dialect;
  Result<Plan> operator()(const query::Read& read) const { return compile_read(read, snapshot, dialect); }
  Result<Plan> operator()(const query::Insert& insert) const { return compile_insert(insert, snapshot, dialect); }
  Result<Plan> operator()(const query::Update& update) const { return compile_update(update, snapshot, dialect); }
  Result<Plan> operator()(const query::Delete& remove) const { return compile_delete(remove, snapshot, dialect); }
  Result<Plan> operator()(const query::Call& call) const { return compile_call(call, snapshot, dialect); }
  Result<Plan> operator()(const query::Tree& tree) const { return compile_tree(tree, snapshot, dialect); }
};

}  // namespace

Result<Plan> compile(const query::Operation& operation, const catalog::Snapshot& snapshot,
                     const sql::Dialect& dialect) {
  return std::visit(Visitor{snapshot, dialect}, operation);
}

}  // namespace ballast::compile
