#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "compile/compile.hpp"
#include "encode/tree_rows.hpp"
#include "graphql/draft.hpp"
#include "storage/storage.hpp"

namespace ballast::graphql {

/// One field of a mutation as a sequence of statements in the operation's transaction. Each statement may depend on
/// what those before it found. Used by one thread at a time.
class FieldWrite {
 public:
  FieldWrite() = default;
  FieldWrite(const FieldWrite&) = delete;
  FieldWrite& operator=(const FieldWrite&) = delete;
  virtual ~FieldWrite() = default;

  /// The next statement, or none when the field is done. An error undoes the whole operation.
  virtual Result<std::optional<storage::UnitOfWork::Run>> next() = 0;
  /// How many rows it has written that it tells of, once it is done.
  virtual std::size_t written() const { return 0; }
  /// Everything was undone and is about to be run again.
  virtual void restart() = 0;
  /// Appends the field's value, once it is done.
  virtual void write_value(std::string& out) = 0;
};

/// The rows that answer a mutation: a compiled read, and the value that its rows make.
class AnswerRows {
 public:
  /// 400 when it cannot be shaped.
  static Result<std::unique_ptr<AnswerRows>> make(compile::Plan plan, const ListDraft& value, std::size_t limit);

  const std::vector<sql::Statement>& statements() const noexcept { return plan_.statements; }
  sql::RowSink& sink() noexcept { return rows_; }
  std::size_t count() const noexcept { return rows_.rows(0); }
  void restart() { rows_.restart(); }
  void write_value(std::string& out) { rows_.write(out); }

 private:
  AnswerRows(compile::Plan plan, encode::Shape shape, std::size_t limit)
      : plan_(std::move(plan)), shape_(std::move(shape)), writer_(shape_), rows_(shape_, writer_, limit) {}

  compile::Plan plan_;
  encode::Shape shape_;
  encode::TreeWriter writer_;
  encode::TreeRows rows_;
};

/// How many rows a field may write.
struct AtMost {
  std::string_view what;              ///< "update", for the message
  std::optional<std::int64_t> limit;  ///< none: as many as there are

  /// 400 BLST421 when there are more.
  Result<void> check(std::size_t rows) const;
};

/// A field whose statements say themselves what they wrote.
class RowsWrite final : public FieldWrite {
 public:
  explicit RowsWrite(std::unique_ptr<AnswerRows> rows, AtMost most = {}) : rows_(std::move(rows)), most_(most) {}

  Result<std::optional<storage::UnitOfWork::Run>> next() override;
  std::size_t written() const override { return rows_->count(); }
  void restart() override;
  void write_value(std::string& out) override { rows_->write_value(out); }

 private:
  std::unique_ptr<AnswerRows> rows_;
  AtMost most_;
  std::size_t at_ = 0;
};

}  // namespace ballast::graphql
