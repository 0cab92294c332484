#include "graphql/field_write.hpp"

#include "graphql/shaping.hpp"

namespace ballast::graphql {

Result<std::unique_ptr<AnswerRows>> AnswerRows::make(compile::Plan plan, const ListDraft& value, std::size_t limit) {
  BALLAST_TRY(encode::Shape shape, shape_of(value, plan.shape));
  return std::unique_ptr<AnswerRows>(new AnswerRows(std::move(plan), std::move(shape), limit));
}

}  // namespace ballast::graphql
