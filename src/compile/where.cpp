#include "compile/where.hpp"

#include "compile/array_operators.hpp"
#include "compile/column.hpp"
#include "compile/comparison.hpp"
#include "compile/full_text_condition.hpp"
#include "compile/settings.hpp"

namespace ballast::compile {
namespace {

using query::Predicate;

class WhereWriter {
 public:
  WhereWriter(sql::Writer& out, Context& context, const Scope& scope, const WriteEmbedExists& embed_exists)
      : out_(out), context_(context), scope_(scope), embed_exists_(embed_exists) {}

  Result<void> write(const Predicate& predicate) {
    if (++depth_ > Settings{}.predicate_depth_limit) {
      return make_error(
          400, "54001",
          "expected at most " + std::to_string(Settings{}.predicate_depth_limit) + " levels of and, or and not");
    }
    auto done = std::visit(*this, predicate.node);
    --depth_;
    return done;
  }

  Result<void> operator()(const query::And& node) {
    if (node.all.empty()) {
      out_.text("TRUE");
      return {};
    }
    return list<true>(node.all);
  }

  Result<void> operator()(const query::Or& node) {
    if (node.any.empty()) {
      out_.text("FALSE");
      return {};
    }
    return list<false>(node.any);
  }

  Result<void> operator()(const query::Not& node) {
    const auto* search = std::get_if<query::FullText>(&node.inner->node);
    // FTS5 knows no NULL: what is not found there may be a row without text, of which PostgreSQL says neither.
    const bool guarded = search != nullptr && context_.sqlite() && search->column.column != scope_.relation;
    if (guarded) {
      out_.text("(");
      BALLAST_CHECKED(write_column(out_, scope_, search->column));
      out_.text(" IS NOT NULL AND ");
    }
    out_.text("NOT (");
    BALLAST_CHECKED(write(*node.inner));
    out_.text(guarded ? sql::Literal("))") : sql::Literal(")"));
    return {};
  }

  Result<void> operator()(const query::Compare& node) { return write_compare(out_, context_, scope_, node); }
  Result<void> operator()(const query::In& node) { return write_in(out_, context_, scope_, node); }

  Result<void> operator()(const query::IsTest& node) {
    BALLAST_CHECKED(write_column(out_, scope_, node.column));
    switch (node.what) {
      case query::Is::null:
        out_.text(" IS NULL");
        break;
      case query::Is::not_null:
        out_.text(" IS NOT NULL");
        break;
      case query::Is::true_:
        out_.text(" IS TRUE");
        break;
      case query::Is::false_:
        out_.text(" IS FALSE");
        break;
      case query::Is::unknown:
        if (context_.sqlite()) {
          out_.text(" IS NULL");
        } else {
          out_.text(" IS UNKNOWN");
        }
        break;
    }
    return {};
  }

  Result<void> operator()(const query::FullText& node) { return write_full_text(out_, context_, scope_, node); }
  Result<void> operator()(const query::EmbedExists& node) { return embed_exists_(out_, node.alias); }

 private:
  template <bool conjunction>
  Result<void> list(const std::vector<Predicate>& operands) {
    if (operands.size() > 1) out_.text("(");
    for (std::size_t i = 0; i < operands.size(); ++i) {
      if (i > 0) {
        if constexpr (conjunction) {
          out_.text(" AND ");
        } else {
          out_.text(" OR ");
        }
      }
      BALLAST_CHECKED(write(operands[i]));
    }
    if (operands.size() > 1) out_.text(")");
    return {};
  }

  sql::Writer& out_;
  Context& context_;
  const Scope& scope_;
  const WriteEmbedExists& embed_exists_;
  int depth_ = 0;
};

}  // namespace

bool always_true(const Predicate& predicate) {
  const auto* all = std::get_if<query::And>(&predicate.node);
  return all != nullptr && all->all.empty();
}

Result<void> write_predicate(sql::Writer& out, Context& context, const Scope& scope, const Predicate& predicate,
                             const WriteEmbedExists& embed_exists) {
  return WhereWriter(out, context, scope, embed_exists).write(predicate);
}

}  // namespace ballast::compile
