#include "policy/authorize.hpp"

namespace ballast::policy {
namespace {

/// Walks an operation and stops at the first relation that the role may not use.
class Check {
 public:
  Check(const Principal& principal, const Rules& rules) : principal_(principal), rules_(rules) {}

  Result<void> operator()(const query::Read& read) const {
    BALLAST_CHECKED(require(read.relation, &Grant::select));
    // Who may keep others from changing a row is who may change it, as in PostgreSQL.
    if (read.lock) BALLAST_CHECKED(require(read.relation, &Grant::update));
    return outputs(read);
  }

  Result<void> operator()(const query::Insert& insert) const {
    BALLAST_CHECKED(require(insert.relation, &Grant::insert));
    if (insert.on_conflict == query::OnConflict::merge) BALLAST_CHECKED(require(insert.relation, &Grant::update));
    // Whether a row was there, and under which key, tells what is in the table, as in PostgreSQL.
    const bool tells = insert.on_conflict != query::OnConflict::fail || !insert.location_columns.empty();
    if (tells) BALLAST_CHECKED(require(insert.relation, &Grant::select));
    return returning(insert.returning);
  }

  /// Which rows an UPDATE or DELETE finds tells what is in them, so a filter needs `select`, as in PostgreSQL.
  Result<void> operator()(const query::Update& update) const {
    BALLAST_CHECKED(require(update.relation, &Grant::update));
    BALLAST_CHECKED(filtered(update.relation, update.where));
    return returning(update.returning);
  }

  Result<void> operator()(const query::Delete& remove) const {
    BALLAST_CHECKED(require(remove.relation, &Grant::remove));
    BALLAST_CHECKED(filtered(remove.relation, remove.where));
    return returning(remove.returning);
  }

  /// The rows are the function's own; what is embedded into them is not.
  Result<void> operator()(const query::Call& call) const {
    BALLAST_CHECKED(require(call.function->name, &Grant::execute, "function"));
    return outputs(call.result);
  }

  Result<void> operator()(const query::Tree& tree) const {
    if (tree.call) BALLAST_CHECKED((*this)(*tree.call));
    for (const query::Read& read : tree.reads) BALLAST_CHECKED(tree.call ? outputs(read) : (*this)(read));
    return {};
  }

 private:
  Result<void> require(const std::string& relation, bool Grant::*what, std::string_view kind = "table") const {
    if (rules_.of(principal_.role, relation).*what) return {};
    std::string message = "permission denied for ";
    message.append(kind).append(" ").append(relation);
    auto error = make_error(principal_.authenticated ? 403 : 401, "42501", std::move(message));
    if (!principal_.authenticated) error.headers.emplace_back("WWW-Authenticate", "Bearer");
    return error;
  }

  Result<void> filtered(const std::string& relation, const query::Predicate& where) const {
    const auto* all = std::get_if<query::And>(&where.node);
    if (all != nullptr && all->all.empty()) return {};
    return require(relation, &Grant::select);
  }

  Result<void> returning(const query::Returning& read) const {
    if (!read) return {};
    return (*this)(*read);
  }

  Result<void> outputs(const query::Read& read) const {
    for (const auto& output : read.outputs) {
      const auto* embed = std::get_if<query::EmbedOutput>(&output);
      if (embed == nullptr) continue;
      if (embed->relationship.junction) {
        BALLAST_CHECKED(require(embed->relationship.junction->relation, &Grant::select));
      }
      BALLAST_CHECKED((*this)(*embed->child));
    }
    return {};
  }

  const Principal& principal_;
  const Rules& rules_;
};

}  // namespace

Result<void> authorize(const query::Operation& operation, const Principal& principal, const Rules& rules) {
  if (rules.open || principal.bypass) return {};
  return std::visit(Check(principal, rules), operation);
}

}  // namespace ballast::policy
