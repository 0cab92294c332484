#pragma once

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "http/handler.hpp"
#include "storage/storage.hpp"

namespace ballast::rest::testing {

/// Waits for a reply on an event loop of its own.
inline http::Response wait(http::Reply reply) {
  boost::asio::io_context loop;
  std::optional<http::Response> answer;
  boost::asio::co_spawn(loop, std::move(reply), [&answer](const std::exception_ptr& thrown, http::Response response) {
    if (thrown) std::rethrow_exception(thrown);
    answer = std::move(response);
  });
  loop.run();
  return std::move(answer).value();
}

/// Runs statements that end in ";\n" in one transaction.
class Script final : public storage::UnitOfWork {
 public:
  explicit Script(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(";\n"), text.size());
      if (text.substr(0, end).find_first_not_of(" \n") != std::string_view::npos) {
        statements_.push_back({std::string(text.substr(0, end)), {}, true});
      }
      text.remove_prefix(std::min(end + 2, text.size()));
    }
  }
  Next next(const Result<storage::Outcome>* previous) override {
    if (previous != nullptr && !previous->ok()) return Rollback{previous->error()};
    if (at_ == statements_.size()) return Commit{};
    return Run{&statements_[at_++], nullptr};
  }
  void restart() override { at_ = 0; }

 private:
  std::vector<sql::Statement> statements_;
  std::size_t at_ = 0;
};

/// Waits for a script on an event loop.
inline Result<void> run_script(boost::asio::io_context& loop, storage::Storage& storage, std::string_view text) {
  Script script(text);
  std::optional<Result<void>> done;
  const storage::Context context{system_clock().now() + std::chrono::seconds(30)};
  boost::asio::co_spawn(loop, storage.transact(script, context),
                        [&done](const std::exception_ptr& thrown, Result<void> result) {
                          if (thrown) std::rethrow_exception(thrown);
                          done = std::move(result);
                        });
  loop.restart();
  loop.run();
  return std::move(done).value();
}

/// A database without one: every statement yields the same rows and affects the same number of rows.
class ScriptedStorage : public storage::Storage {
 public:
  std::vector<std::vector<sql::Cell>> rows;
  std::int64_t affected = 0;
  std::optional<Error> failure;
  bool committed = false;
  bool rolled_back = false;
  std::vector<sql::Statement> statements;  ///< as they came
  bool postgres = false;                   ///< speaks PostgreSQL's dialect
  storage::Session session;                ///< the last statement's

  const sql::Dialect& dialect() const noexcept override { return postgres ? sql::postgres() : sql::sqlite(); }

  boost::asio::awaitable<Result<storage::Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                        storage::Context context) override {
    session = context.session != nullptr ? *context.session : storage::Session();
    co_return run(statement, &sink);
  }

  boost::asio::awaitable<Result<void>> transact(storage::UnitOfWork& unit, storage::Context context) override {
    session = context.session != nullptr ? *context.session : storage::Session();
    std::optional<Result<storage::Outcome>> previous;
    while (true) {
      auto next = unit.next(previous ? &*previous : nullptr);
      if (const auto* step = std::get_if<storage::UnitOfWork::Run>(&next)) {
        previous.emplace(run(*step->statement, step->sink));
      } else if (auto* undo = std::get_if<storage::UnitOfWork::Rollback>(&next)) {
        rolled_back = true;
        if (undo->error) co_return std::move(*undo->error);
        co_return Result<void>();
      } else {
        committed = true;
        co_return Result<void>();
      }
    }
  }

  Result<catalog::SnapshotPtr> introspect() override { return make_error(500, "BLST500", "not scripted"); }
  Result<std::int64_t> schema_version() override { return std::int64_t{1}; }
  Result<void> ping() override { return {}; }
  void visit_stats(const storage::StatVisitor&) const override {}
  void close() override {}

 private:
  Result<storage::Outcome> run(const sql::Statement& statement, sql::RowSink* sink) {
    statements.push_back(statement);
    if (failure) return *failure;
    storage::Outcome outcome;
    outcome.affected = affected;
    if (sink == nullptr) return outcome;
    for (const auto& row : rows) {
      BALLAST_CHECKED(sink->row(row));
      ++outcome.rows;
    }
    return outcome;
  }
};

}  // namespace ballast::rest::testing
