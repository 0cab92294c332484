#pragma once

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/storage.hpp"

/// What tests of storages share.
namespace ballast::storage::testing {

/// A folder that is gone when the test is; in memory where that can be had, since syncs take most of a test's time.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    const std::filesystem::path memory = "/dev/shm";
    const bool usable = access(memory.c_str(), W_OK) == 0;
    std::string pattern = ((usable ? memory : std::filesystem::temp_directory_path()) / "ballast-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// A cell that owns its bytes.
struct Value {
  sql::Cell::Kind kind = sql::Cell::Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  friend bool operator==(const Value&, const Value&) = default;
};

/// Keeps rows. Refuses the row after `refuse_after` rows, if set.
class RowList final : public sql::RowSink {
 public:
  std::vector<std::vector<Value>> rows;
  int restarts = 0;
  std::optional<std::size_t> refuse_after;

  Result<void> row(std::span<const sql::Cell> cells) override {
    if (refuse_after && rows.size() >= *refuse_after) return make_error(507, "BLST507", "no more room");
    auto& row = rows.emplace_back();
    for (const auto& cell : cells) {
      row.push_back({cell.kind, cell.integer, cell.real, std::string(cell.text)});
      bytes_ += 16 + cell.text.size();
    }
    return {};
  }
  void restart() override {
    ++restarts;
    rows.clear();
    bytes_ = 0;
  }
  std::size_t bytes() const noexcept override { return bytes_; }

  std::string text() const { return rows.empty() ? std::string() : shown(rows[0][0]); }
  static std::string shown(const Value& value) {
    switch (value.kind) {
      case sql::Cell::Kind::null:
        return "null";
      case sql::Cell::Kind::integer:
        return std::to_string(value.integer);
      case sql::Cell::Kind::real:
        return std::to_string(value.real);
      default:
        return value.text;
    }
  }

 private:
  std::size_t bytes_ = 0;
};

/// Runs statements in order, then commits; or rolls back at the first failure, or where told to.
class Unit final : public UnitOfWork {
 public:
  Unit() = default;
  explicit Unit(std::vector<sql::Statement> statements) : statements_(std::move(statements)) {}
  explicit Unit(const std::string& text, std::vector<sql::Param> params = {}) { add(text, std::move(params)); }

  Unit& add(const std::string& text, std::vector<sql::Param> params = {}) {
    statements_.push_back({text, std::move(params), true});
    return *this;
  }
  /// Rolls back instead of committing.
  Unit& undo(std::optional<Error> error = {}) {
    undo_ = true;
    undo_error_ = std::move(error);
    return *this;
  }
  /// Lets the engine know beforehand that there is one statement, and a commit behind it.
  Unit& at_once() {
    at_once_ = true;
    return *this;
  }
  /// Called before statement `n`, on whatever thread runs it.
  Unit& before(std::size_t n, std::function<void()> action) {
    before_ = n;
    action_ = std::move(action);
    return *this;
  }

  Next next(const Result<Outcome>* previous) override {
    if (previous != nullptr && !previous->ok()) return Rollback{previous->error()};
    if (previous != nullptr) outcomes.push_back(**previous);
    if (at_ < statements_.size()) {
      if (action_ && at_ == before_) action_();
      return Run{&statements_[at_++], &rows};
    }
    if (undo_) return Rollback{undo_error_};
    return Commit{};
  }
  void restart() override {
    at_ = 0;
    ++restarts;
    outcomes.clear();
    rows.restart();
  }
  Ending after_first() const override { return at_once_ ? Ending::commit : Ending::ask; }

  std::vector<Outcome> outcomes;
  RowList rows;
  int restarts = 0;

 private:
  std::vector<sql::Statement> statements_;
  std::size_t at_ = 0;
  bool undo_ = false;
  std::optional<Error> undo_error_;
  bool at_once_ = false;
  std::size_t before_ = 0;
  std::function<void()> action_;
};

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> awaitable, std::optional<T>& answer) {
  answer.emplace(co_await std::move(awaitable));
}

/// An event loop with calls that wait for a storage's answer.
class Loop {
 public:
  boost::asio::io_context context{1};

  template <class T>
  T wait(boost::asio::awaitable<T> awaitable) {
    std::optional<T> answer;
    std::exception_ptr exception;
    boost::asio::co_spawn(context, keep(std::move(awaitable), answer),
                          [&](std::exception_ptr thrown) { exception = thrown; });
    context.restart();
    context.run();
    if (exception) std::rethrow_exception(exception);
    return std::move(*answer);
  }

  static Context soon() { return {std::chrono::steady_clock::now() + std::chrono::seconds(60)}; }

  Result<void> write(Storage& storage, UnitOfWork& unit, Context when = soon()) {
    return wait(storage.transact(unit, when));
  }
  Result<void> write(Storage& storage, const std::string& text, std::vector<sql::Param> params = {}) {
    Unit unit(text, std::move(params));
    return write(storage, unit);
  }
  Result<Outcome> read(Storage& storage, const sql::Statement& statement, sql::RowSink& sink, Context when = soon()) {
    return wait(storage.read(statement, sink, when));
  }
  /// The rows as "a,b;c,d", or the error's code.
  std::string rows(Storage& storage, const std::string& text, std::vector<sql::Param> params = {}) {
    RowList list;
    const sql::Statement statement{text, std::move(params)};
    const auto result = read(storage, statement, list);
    if (!result.ok()) return result.error().code;
    std::string out;
    for (const auto& row : list.rows) {
      if (!out.empty()) out += ';';
      for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "," : "") + RowList::shown(row[i]);
    }
    return out;
  }
  /// Several transactions at once, so that the engine may group them; their results in order.
  std::vector<Result<void>> write_all(Storage& storage, const std::vector<Unit*>& units, Context when = soon()) {
    std::vector<Result<void>> results(units.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
      boost::asio::co_spawn(context, storage.transact(*units[i], when),
                            [&results, i](std::exception_ptr thrown, Result<void> result) {
                              results[i] = thrown ? Result<void>(make_error(500, "thrown", "")) : std::move(result);
                            });
    }
    context.restart();
    context.run();
    return results;
  }
};

inline std::string code_of(const Result<void>& result) { return result.ok() ? "ok" : result.error().code; }

}  // namespace ballast::storage::testing
