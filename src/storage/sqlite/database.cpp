#include "storage/sqlite/database.hpp"

#include <boost/asio/this_coro.hpp>
#include <mutex>

#include "base/check.hpp"
#include "storage/sqlite/checkpointer.hpp"
#include "storage/sqlite/error.hpp"
#include "storage/sqlite/introspect.hpp"
#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/slow_reads.hpp"
#include "storage/sqlite/writer.hpp"

namespace ballast::storage {
namespace sqlite {
namespace {

namespace asio = boost::asio;

std::atomic<std::uint64_t> instances{0};

class Database final : public Storage {
 public:
  Database(const std::string& path, const SqliteSettings& settings)
      : shared_{.path = path, .settings = settings},
        slow_(shared_),
        checkpointer_(shared_),
        writer_(shared_, checkpointer_) {}
  ~Database() override { close(); }

  Result<void> start() {
    // The writer's connection comes first: it is the one that may create the file and sets its journal mode.
    BALLAST_TRY(auto writing, Connection::open(shared_.path, shared_.settings, Role::writer));
    BALLAST_TRY(service_, Connection::open(shared_.path, shared_.settings, Role::service));
    BALLAST_CHECKED(slow_.start());
    if (!shared_.settings.read_only) {
      BALLAST_CHECKED(checkpointer_.start());
      writer_.start(std::move(writing));
    }
    // Until then nothing has read the file.
    return ping();
  }

  const sql::Dialect& dialect() const noexcept override { return sql::sqlite(); }

  asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink, Context context) override {
    check(!statement.writes, "a statement that writes was given to Storage::read");
    Reader* reader = local_reader();
    if (reader == nullptr) {
      Result<Reader*> added = add_reader();
      if (!added) co_return std::move(added).error();
      reader = *added;
    }
    if (!reader->end_is_posted()) {
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      reader->end_epoch_on(executor);
    }
    if (auto result = reader->read(statement, sink, context.deadline)) co_return std::move(*result);

    SlowJob job;
    job.executor = co_await asio::this_coro::executor;
    job.statement = &statement;
    job.sink = &sink;
    job.deadline = context.deadline;
    bool accepted = true;
    const auto submit = [this, &accepted](SlowJob& waiting) {
      accepted = slow_.submit(waiting);
      if (!accepted) resume_all(std::array{&waiting});
    };
    co_await hand_over(job, submit);
    if (!accepted) co_return slow_.overloaded();
    if (job.exception) std::rethrow_exception(job.exception);
    reader->learn(statement.text, job.was_fast);
    co_return std::move(job.result);
  }

  asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) override {
    if (shared_.settings.read_only) {
      co_return make_error(503, "BLST603", "the database cannot be written: it was opened read-only");
    }
    WriteJob job;
    job.executor = co_await asio::this_coro::executor;
    job.unit = &unit;
    job.deadline = context.deadline;
    bool accepted = true;
    const auto submit = [this, &accepted](WriteJob& waiting) {
      accepted = writer_.submit(waiting);
      if (!accepted) resume_all(std::array{&waiting});
    };
    co_await hand_over(job, submit);
    if (!accepted) co_return writer_.overloaded();
    if (job.exception) std::rethrow_exception(job.exception);
    co_return std::move(job.result);
  }

  Result<catalog::SnapshotPtr> introspect() override {
    const std::lock_guard lock(service_mutex_);
    if (service_ == nullptr) return closed();
    BALLAST_TRY(catalog::SnapshotPtr snapshot, sqlite::introspect(*service_, shared_.settings.tables));
    shared_.schema.store(snapshot);
    return snapshot;
  }

  Result<std::int64_t> schema_version() override {
    const std::lock_guard lock(service_mutex_);
    if (service_ == nullptr) return closed();
    return sqlite::schema_version(*service_);
  }

  Result<void> ping() override {
    const std::lock_guard lock(service_mutex_);
    if (service_ == nullptr) return closed();
    const int code =
        service_->moved() ? SQLITE_READONLY_DBMOVED : service_->execute("SELECT count(*) FROM sqlite_schema");
    if (code != SQLITE_OK) return map_error(code, service_->message(), nullptr);
    return {};
  }

  void visit_stats(const StatVisitor& visit) const override {
    const auto counter = [&](std::string_view name, const std::atomic<std::uint64_t>& value) {
      visit(name, static_cast<double>(value.load(std::memory_order_relaxed)), true);
    };
    const auto gauge = [&](std::string_view name, const std::atomic<std::uint64_t>& value) {
      visit(name, static_cast<double>(value.load(std::memory_order_relaxed)), false);
    };
    const Stats& stats = shared_.stats;
    gauge("writer_queue", stats.writer_waiting);
    counter("writer_refused", stats.writer_refused);
    counter("commit_batch_size_sum", stats.units);
    counter("commit_batch_size_count", stats.commits);
    counter("commits_failed", stats.commits_failed);
    counter("units_failed", stats.units_failed);
    counter("units_expired", stats.units_expired);
    counter("units_restarted", stats.units_restarted);
    counter("loop_reads", stats.loop_reads);
    counter("slow_reads", stats.slow_reads);
    gauge("slow_queue", stats.slow_waiting);
    counter("slow_refused", stats.slow_refused);
    counter("epochs", stats.epochs);
    counter("epochs_renewed", stats.epochs_renewed);
    counter("busy", stats.busy);
    counter("checkpoints", stats.checkpoints);
    gauge("wal_pages", stats.wal_pages);
  }

  void close() override {
    slow_.close();
    writer_.close();
    checkpointer_.close();
    {
      const std::lock_guard lock(readers_mutex_);
      for (auto& reader : readers_) reader->close();
    }
    const std::lock_guard lock(service_mutex_);
    service_.reset();
  }

 private:
  static Error closed() { return make_error(503, "BLST606", "the database was closed"); }

  /// This thread's readers, by instance. Instances are never reused as keys, so an entry of a closed database is
  /// never looked up again.
  struct Local {
    std::uint64_t instance = 0;
    Reader* reader = nullptr;
  };
  static std::vector<Local>& locals() {
    thread_local std::vector<Local> list;
    return list;
  }

  Reader* local_reader() const {
    for (const Local& local : locals()) {
      if (local.instance == instance_) return local.reader;
    }
    return nullptr;
  }

  Result<Reader*> add_reader() {
    BALLAST_TRY(auto connection, Connection::open(shared_.path, shared_.settings, Role::loop));
    auto reader = std::make_shared<Reader>(shared_, std::move(connection));
    const std::lock_guard lock(readers_mutex_);
    readers_.push_back(reader);
    locals().push_back({instance_, reader.get()});
    return reader.get();
  }

  const std::uint64_t instance_ = instances.fetch_add(1) + 1;
  Shared shared_;
  std::mutex service_mutex_;
  std::unique_ptr<Connection> service_;  // guarded by service_mutex_
  SlowReads slow_;
  Checkpointer checkpointer_;
  Writer writer_;
  std::mutex readers_mutex_;
  std::vector<std::shared_ptr<Reader>> readers_;  // guarded by readers_mutex_
};

}  // namespace
}  // namespace sqlite

Result<std::unique_ptr<Storage>> open_sqlite(const std::string& path, const SqliteSettings& settings) {
  if (path.empty() || path == ":memory:") {
    return make_error(500, "BLST606", "expected the path of a database file")
        .with_hint(
            "an in-memory database cannot be shared between connections; name a file, /dev/shm/x.db for instance");
  }
  // Memory statistics take a global lock at every allocation.
  static std::once_flag configured;
  std::call_once(configured, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
  auto database = std::make_unique<sqlite::Database>(path, settings);
  BALLAST_CHECKED(database->start());
  return std::unique_ptr<Storage>(std::move(database));
}

}  // namespace ballast::storage
