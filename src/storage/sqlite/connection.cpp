#include "storage/sqlite/connection.hpp"

#include <fmt/format.h>

#include <thread>

#include "base/check.hpp"
#include "storage/sqlite/cell.hpp"
#include "storage/sqlite/error.hpp"
#include "storage/sqlite/functions.hpp"

namespace ballast::storage::sqlite {
namespace {

/// VM instructions between two looks at the limits: some 10 µs, against 25 ns for the look.
constexpr int progress_interval = 1'000;

struct Binder {
  sqlite3_stmt* statement;
  int at;
  int operator()(sql::Null) const noexcept { return sqlite3_bind_null(statement, at); }
  int operator()(bool value) const noexcept { return sqlite3_bind_int(statement, at, value ? 1 : 0); }
  int operator()(std::int64_t value) const noexcept { return sqlite3_bind_int64(statement, at, value); }
  int operator()(double value) const noexcept { return sqlite3_bind_double(statement, at, value); }
  // The statement outlives the call, so SQLite need not copy.
  int operator()(const std::string& value) const noexcept {
    return sqlite3_bind_text64(statement, at, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(const sql::Blob& value) const noexcept {
    return sqlite3_bind_blob64(statement, at, value.bytes.data(), value.bytes.size(), SQLITE_STATIC);
  }
};

}  // namespace

Connection::Connection(const SqliteSettings& settings, Role role) : settings_(settings), role_(role) {}

Connection::~Connection() {
  for (auto& prepared : cache_) sqlite3_finalize(prepared.handle);
  sqlite3_close_v2(handle_);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, const SqliteSettings& settings,
                                                     Role role) {
  std::unique_ptr<Connection> connection(new Connection(settings, role));
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= settings.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (settings.create && !settings.read_only && role == Role::writer) flags |= SQLITE_OPEN_CREATE;
  // A name that begins with "file:" would be read as a URI.
  const std::string name = path.starts_with("file:") ? "./" + path : path;
  const int code =
      sqlite3_open_v2(name.c_str(), &connection->handle_, flags, settings.vfs.empty() ? nullptr : settings.vfs.c_str());
  if (code != SQLITE_OK) return map_error(code, "", nullptr).with_hint("the file is " + path);
  BALLAST_CHECKED(connection->configure());
  return connection;
}

Result<void> Connection::configure() {
  sqlite3_busy_handler(handle_, on_busy, this);
  sqlite3_progress_handler(handle_, progress_interval, on_progress, this);
  // A hostile schema gets no further than its own tables: no shadow table writes, no attached files. It is trusted with
  // virtual tables in triggers all the same: SQLite before 3.41 takes full-text indexes for unsafe otherwise, and of
  // the functions that it could call none reaches beyond the database. Double-quoted text is never a string, so a
  // misspelt column is an error.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH,
                static_cast<int>(std::min<std::uint64_t>(settings_.value_limit, 1U << 30)));

  if (settings_.synchronous != "full" && settings_.synchronous != "normal") {
    return make_error(500, "BLST500", fmt::format("sqlite.synchronous is \"{}\"", settings_.synchronous))
        .with_hint("expected full or normal");
  }
  std::vector<std::string> pragmas;
  // The one statement that may have to create the file's header, so it comes first and from the writer.
  if (role_ == Role::writer && !settings_.read_only) pragmas.emplace_back("PRAGMA journal_mode=WAL");
  pragmas.push_back(fmt::format("PRAGMA synchronous={}", settings_.synchronous));
  pragmas.emplace_back("PRAGMA foreign_keys=ON");
  pragmas.emplace_back("PRAGMA wal_autocheckpoint=0");
  pragmas.emplace_back("PRAGMA temp_store=MEMORY");
  pragmas.push_back(fmt::format("PRAGMA cache_size=-{}", settings_.cache_kib));
  pragmas.push_back(fmt::format("PRAGMA mmap_size={}", settings_.mmap_bytes));
  if (role_ == Role::loop || role_ == Role::slow) pragmas.emplace_back("PRAGMA query_only=ON");
  for (const auto& pragma : pragmas) {
    const int code = execute(pragma.c_str(), std::chrono::steady_clock::now() + settings_.busy_timeout);
    if (code != SQLITE_OK) return map_error(code, message(), nullptr);
  }
  if (role_ == Role::writer && !settings_.read_only && text("PRAGMA journal_mode") != "wal") {
    return make_error(500, "BLST606", "the database cannot be switched to write-ahead logging")
        .with_hint("its file system must support shared memory; network file systems do not");
  }
  functions_ = std::make_unique<Functions>(*this);
  return functions_->add();
}

int Connection::on_progress(void* data) noexcept {
  return static_cast<Connection*>(data)->charge(progress_interval) ? 1 : 0;
}

bool Connection::moved() const noexcept {
  int moved = 0;
  return sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

bool Connection::charge(std::uint32_t instructions) noexcept {
  steps_ += instructions;
  if (limits_.steps != 0 && steps_ > limits_.steps) {
    stop_ = Stop::budget;
  } else if (limits_.deadline != TimePoint::max() && std::chrono::steady_clock::now() >= limits_.deadline) {
    stop_ = Stop::deadline;
  } else {
    return false;
  }
  return true;
}

int Connection::on_busy(void* data, int count) noexcept {
  using namespace std::chrono_literals;
  auto& self = *static_cast<Connection*>(data);
  if (self.role_ == Role::loop) return 0;
  const TimePoint now = std::chrono::steady_clock::now();
  if (self.waits_++ == 0) self.wait_until_ = std::min(now + self.settings_.busy_timeout, self.limits_.deadline);
  if (now >= self.wait_until_) {
    if (now >= self.limits_.deadline) self.stop_ = Stop::deadline;
    return 0;
  }
  std::this_thread::sleep_for(std::min<Duration>(count < 5 ? 1ms : 5ms, self.wait_until_ - now));
  return 1;
}

void Connection::arm(const Limits& limits) noexcept {
  limits_ = limits;
  steps_ = 0;
  waits_ = 0;
  stop_ = Stop::none;
}

void Connection::fail(int code, Ran& ran) {
  ran.code = code;
  ran.stop = stop_;
  ran.message = sqlite3_errmsg(handle_);
  if (refusal_) ran.error = std::exchange(refusal_, std::nullopt);
}

Prepared* Connection::prepare(const std::string& text, Ran& failed) {
  if (const auto found = by_text_.find(text); found != by_text_.end()) {
    if (found->second != cache_.begin()) cache_.splice(cache_.begin(), cache_, found->second);
    return &cache_.front();
  }
  sqlite3_stmt* handle = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(handle_, text.c_str(), static_cast<int>(text.size() + 1),
                                      SQLITE_PREPARE_PERSISTENT, &handle, &tail);
  if (code != SQLITE_OK) {
    fail(code, failed);
    return nullptr;
  }
  check(handle != nullptr, "an empty SQL statement");
  if (tail != text.c_str() + text.size()) {
    sqlite3_finalize(handle);
    throw Bug("more than one SQL statement in one text");
  }
  while (cache_.size() >= std::max<std::size_t>(settings_.statement_cache, 8)) {
    by_text_.erase(cache_.back().text);
    sqlite3_finalize(cache_.back().handle);
    cache_.pop_back();
  }
  cache_.push_front({text, handle, sqlite3_stmt_readonly(handle) != 0,
                     static_cast<std::size_t>(sqlite3_bind_parameter_count(handle)),
                     static_cast<std::size_t>(sqlite3_column_count(handle)), 0});
  by_text_.emplace(cache_.front().text, cache_.begin());
  return &cache_.front();
}

int Connection::bind(Prepared& prepared, const sql::Statement& statement) noexcept {
  for (std::size_t i = 0; i < statement.params.size(); ++i) {
    const int code = std::visit(Binder{prepared.handle, static_cast<int>(i) + 1}, statement.params[i]);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

void Connection::run(Prepared& prepared, const sql::Statement& statement, sql::RowSink* sink, const Limits& limits,
                     Ran& ran) {
  check(prepared.parameters == statement.params.size(), "a statement's values do not match its placeholders");
  arm(limits);
  int code = bind(prepared, statement);
  if (code != SQLITE_OK) return fail(code, ran);
  // A sink that throws (a bug) must not leave the statement open.
  struct Reset {
    sqlite3_stmt* handle;
    ~Reset() { sqlite3_reset(handle); }
  } reset{prepared.handle};
  cells_.resize(prepared.columns);
  while ((code = sqlite3_step(prepared.handle)) == SQLITE_ROW) {
    ++ran.outcome.rows;
    if (sink == nullptr) continue;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      cells_[i] = cell_of(sqlite3_column_value(prepared.handle, static_cast<int>(i)));
    }
    if (Result<void> taken = sink->row(cells_); !taken) [[unlikely]] {
      ran.code = SQLITE_ABORT;
      ran.error = std::move(taken).error();
      return;
    }
    if (limits.bytes != 0 && sink->bytes() > limits.bytes) [[unlikely]] {
      ran.code = SQLITE_INTERRUPT;
      ran.stop = Stop::budget;
      return;
    }
  }
  if (code != SQLITE_DONE) return fail(code, ran);
  if (!prepared.readonly) ran.outcome.affected = sqlite3_changes64(handle_);
}

Ran Connection::run(const sql::Statement& statement, sql::RowSink* sink, const Limits& limits) {
  Ran ran;
  if (Prepared* prepared = prepare(statement.text, ran)) run(*prepared, statement, sink, limits, ran);
  return ran;
}

int Connection::execute(const char* text, TimePoint deadline) {
  Ran ran;
  Prepared* prepared = prepare(text, ran);
  if (prepared == nullptr) return ran.code;
  arm({.deadline = deadline});
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(prepared->handle);
  sqlite3_reset(prepared->handle);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

std::string Connection::text(const char* query) {
  Ran ran;
  Prepared* prepared = prepare(query, ran);
  if (prepared == nullptr) return {};
  arm({});
  std::string out;
  if (sqlite3_step(prepared->handle) == SQLITE_ROW) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared->handle, 0));
    if (text != nullptr) out.assign(text, static_cast<std::size_t>(sqlite3_column_bytes(prepared->handle, 0)));
  }
  sqlite3_reset(prepared->handle);
  return out;
}

}  // namespace ballast::storage::sqlite
