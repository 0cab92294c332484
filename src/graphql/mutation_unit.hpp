#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graphql/field_write.hpp"
#include "storage/storage.hpp"

namespace ballast::graphql {

/// The fields of a mutation, in their order, in one transaction: all or nothing (specification section 6.2.2 runs them
/// serially; that they share a transaction is pg_graphql's).
class MutationUnit final : public storage::UnitOfWork {
 public:
  explicit MutationUnit(std::vector<std::unique_ptr<FieldWrite>> fields) : fields_(std::move(fields)) {}

  Next next(const Result<storage::Outcome>* previous) override;
  void restart() override;

  /// Which field failed, after `transact` did; none when it was the commit.
  std::optional<std::size_t> failed() const noexcept { return failed_; }
  FieldWrite& field(std::size_t index) { return *fields_[index]; }

 private:
  std::vector<std::unique_ptr<FieldWrite>> fields_;
  std::size_t at_ = 0;
  std::optional<std::size_t> failed_;
};

}  // namespace ballast::graphql
