#pragma once

#include <optional>
#include <vector>

#include "storage/postgres/lanes.hpp"

namespace ballast::storage::postgres {

enum class Lane : std::uint8_t { fast, slow };

/// What is sent around a statement for its session: settings and the pre-request function before it, the question for
/// the answer's settings behind it. Lives as long as the burst it adds steps to.
class Prelude {
 public:
  Prelude(Lanes& lanes, const Context& context, bool reads);

  /// The steps in front. On the slow lane the statement is given what is left of the deadline.
  void add_before(Burst& burst, Lane lane);
  /// The step behind, if the session's answer is wanted.
  void add_after(Burst& burst);
  /// Does anything stand in front or behind?
  bool plain() const noexcept { return context_.session == nullptr && context_.answer == nullptr; }

 private:
  class AnswerSink final : public sql::RowSink {
   public:
    explicit AnswerSink(SessionAnswer* answer) : answer_(answer) {}
    Result<void> row(std::span<const sql::Cell> cells) override;
    void restart() override;
    std::size_t bytes() const noexcept override { return 0; }

   private:
    SessionAnswer* answer_;
  };

  void set(std::string name, std::string value) {
    params_.emplace_back(std::move(name));
    params_.emplace_back(std::move(value));
  }

  Lanes& lanes_;
  const Context& context_;
  const bool reads_;
  std::vector<sql::Param> params_;
  AnswerSink answer_;
};

/// Time left until the deadline, at least a millisecond.
std::chrono::milliseconds time_left(TimePoint deadline);

/// 22021 for text that PostgreSQL cannot hold: libpq's parameters end at the first NUL.
Result<void> check_params(const sql::Statement& statement);

}  // namespace ballast::storage::postgres
