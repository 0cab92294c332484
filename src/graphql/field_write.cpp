#include "graphql/field_write.hpp"

#include "graphql/shaping.hpp"

namespace ballast::graphql {

Result<std::unique_ptr<AnswerRows>> AnswerRows::make(compile::Plan plan, const ListDraft& value, std::size_t limit) {
  BALLAST_TRY(encode::Shape shape, shape_of(value, plan.shape));
  return std::unique_ptr<AnswerRows>(new AnswerRows(std::move(plan), std::move(shape), limit));
}

Result<void> AtMost::check(std::size_t rows) const {
  if (!limit || static_cast<std::int64_t>(rows) <= *limit) return {};
  return make_error(400, "BLST421", std::string(what) + " impacts too many records")
      .with_hint("raise atMost, or narrow the filter");
}

Result<std::optional<storage::UnitOfWork::Run>> RowsWrite::next() {
  using Run = storage::UnitOfWork::Run;
  if (at_ < rows_->statements().size()) return std::optional<Run>(Run{&rows_->statements()[at_++], &rows_->sink()});
  BALLAST_CHECKED(most_.check(rows_->count()));
  return std::optional<Run>();
}

void RowsWrite::restart() {
  at_ = 0;
  rows_->restart();
}

}  // namespace ballast::graphql
