#include "rest/write_unit.hpp"

#include <charconv>

#include "rest/errors.hpp"

namespace ballast::rest {

storage::UnitOfWork::Next WriteUnit::next(const Result<storage::Outcome>* previous) {
  if (previous != nullptr) {
    if (!*previous) return Rollback{previous->error()};
    if (at_ > 0 && !settled_) {
      affected_ += previous->value().affected;
      rows_given_ += previous->value().rows;
    }
  }
  if (before_ != nullptr && !counted_) {
    counted_ = true;
    return Run{before_, before_rows_};
  }
  if (at_ < plan_.statements.size()) {
    const auto& statement = plan_.statements[at_++];
    return Run{&statement, plan_.returns_rows ? &rows_ : nullptr};
  }
  if (settled_) return Rollback{};
  if (terms_.max_affected && affected_ > *terms_.max_affected) return Rollback{too_many_affected(affected_)};
  if (terms_.all_of && written() < *terms_.all_of) return Rollback{rows_changed()};
  if (terms_.exactly_one && written() != 1) return Rollback{not_one_row(written())};
  if (complete_) {
    if (auto completed = complete_(); !completed) return Rollback{std::move(completed).error()};
  }
  if (!terms_.roll_back) return Commit{};
  if (!terms_.defers) return Rollback{};
  // A write that could not have been committed is to fail all the same.
  static const sql::Statement settle{"SET CONSTRAINTS ALL IMMEDIATE", {}, true};
  settled_ = true;
  return Run{&settle, nullptr};
}

storage::UnitOfWork::Ending WriteUnit::after_first() const {
  const bool unconditional = !terms_.max_affected && !terms_.all_of && !terms_.exactly_one && !conditional_;
  if (before_ != nullptr || plan_.statements.size() != 1 || !unconditional) return Ending::ask;
  if (!terms_.roll_back) return Ending::commit;
  return terms_.defers ? Ending::ask : Ending::rollback;
}

void WriteUnit::restart() {
  counted_ = false;
  settled_ = false;
  at_ = 0;
  affected_ = 0;
  rows_given_ = 0;
  rows_.restart();
  if (before_rows_ != nullptr) before_rows_->restart();
}

Result<void> CountSink::row(std::span<const sql::Cell> cells) {
  if (cells.empty()) return {};
  if (cells.front().kind == sql::Cell::Kind::text) {
    const auto text = cells.front().text;
    std::from_chars(text.data(), text.data() + text.size(), count_);
  } else {
    count_ = cells.front().integer;
  }
  return {};
}

}  // namespace ballast::rest
