#include "graphql/mutation_unit.hpp"

namespace ballast::graphql {

storage::UnitOfWork::Next MutationUnit::next(const Result<storage::Outcome>* previous) {
  if (previous != nullptr && !previous->ok()) {
    failed_ = at_;
    return Rollback{previous->error()};
  }
  for (; at_ < fields_.size(); ++at_) {
    auto run = fields_[at_]->next();
    if (!run) {
      failed_ = at_;
      return Rollback{std::move(run).error()};
    }
    if (*run) return **run;
  }
  return Commit{};
}

void MutationUnit::restart() {
  for (const auto& field : fields_) field->restart();
  at_ = 0;
  failed_.reset();
}

}  // namespace ballast::graphql
