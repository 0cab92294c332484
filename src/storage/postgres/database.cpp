#include "storage/postgres/database.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <mutex>

#include "base/check.hpp"
#include "storage/postgres/reads.hpp"
#include "storage/postgres/service.hpp"
#include "storage/postgres/transactions.hpp"

namespace ballast::storage {
namespace postgres {
namespace {

namespace asio = boost::asio;

std::atomic<std::uint64_t> instances{0};

class Database final : public Storage {
 public:
  Database(const PostgresSettings& settings, PostgresReport report)
      : shared_(settings, std::move(report)), service_(shared_) {}
  ~Database() override { close(); }

  const sql::Dialect& dialect() const noexcept override { return sql::postgres(); }
  bool looks_ahead() const noexcept override { return true; }

  asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink, Context context) override {
    check(!statement.writes, "a statement that writes was given to Storage::read");
    if (shared_.closing) co_return closed();
    Lanes* lanes = local_lanes();
    if (lanes == nullptr) {
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      lanes = add_lanes(executor);
    }
    co_return co_await run_read(*lanes, statement, sink, context);
  }

  asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) override {
    if (shared_.closing) co_return closed();
    Lanes* lanes = local_lanes();
    if (lanes == nullptr) {
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      lanes = add_lanes(executor);
    }
    co_return co_await run_unit(*lanes, unit, context);
  }

  Result<catalog::SnapshotPtr> introspect() override {
    if (shared_.closing) return closed();
    return service_.introspect();
  }
  Result<std::int64_t> schema_version() override {
    if (shared_.closing) return closed();
    return service_.schema_version();
  }
  int news_descriptor() const noexcept override { return service_.news_descriptor(); }
  Result<void> ping() override {
    if (shared_.closing) return closed();
    return service_.ping();
  }

  void visit_stats(const StatVisitor& visit) const override {
    const auto counter = [&](std::string_view name, const Stats::Counter& value) {
      visit(name, static_cast<double>(value.load(std::memory_order_relaxed)), true);
    };
    const auto gauge = [&](std::string_view name, const Stats::Counter& value) {
      visit(name, static_cast<double>(value.load(std::memory_order_relaxed)), false);
    };
    const Stats& stats = shared_.stats;
    gauge("connections", stats.connections);
    counter("connections_opened", stats.opened);
    counter("connections_lost", stats.lost);
    gauge("waiting", stats.waiting);
    counter("refused", stats.refused);
    counter("pipelined", stats.pipelined);
    counter("pipeline_batch_size_sum", stats.pipelined);
    counter("pipeline_batch_size_count", stats.pipeline_batches);
    counter("exclusive", stats.exclusive);
    counter("slow_moves", stats.slow_moves);
    gauge("slow_shapes", stats.slow_shapes);
    gauge("shapes", stats.shapes);
    counter("transactions_repeated", stats.repeated);
    counter("prepared_again", stats.prepared_again);
    counter("canceled", stats.canceled);
    counter("commits_uncertain", stats.uncertain);
    visit("up", shared_.connector.down() ? 0 : 1, false);
  }

  void close() override {
    shared_.closing = true;
    service_.close();
    const std::lock_guard lock(lanes_mutex_);
    if (over_) return;  // the loops may be gone by now
    const bool over = std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lanes) {
      auto& context = static_cast<asio::io_context&>(asio::query(lanes->executor(), asio::execution::context));
      return context.stopped() || lanes->idle();
    });
    if (!over) return;  // what was accepted still needs connections, and a loop that runs; each loop closes its own
    over_ = true;
    shared_.connector.stop();
    for (const auto& lanes : lanes_) lanes->close();
  }

 private:
  static Error closed() { return make_error(503, "BLST703", "the database was closed"); }

  struct Local {
    std::uint64_t instance = 0;
    Lanes* lanes = nullptr;
  };
  static std::vector<Local>& locals() {
    thread_local std::vector<Local> list;
    return list;
  }

  Lanes* local_lanes() const {
    for (const Local& local : locals()) {
      if (local.instance == instance_) return local.lanes;
    }
    return nullptr;
  }

  Lanes* add_lanes(const asio::any_io_executor& executor) {
    auto lanes = std::make_shared<Lanes>(shared_, executor);
    const std::lock_guard lock(lanes_mutex_);
    lanes_.push_back(lanes);
    locals().push_back({instance_, lanes.get()});
    return lanes.get();
  }

  const std::uint64_t instance_ = instances.fetch_add(1) + 1;
  Shared shared_;
  Service service_;
  std::mutex lanes_mutex_;
  bool over_ = false;                          // guarded by lanes_mutex_, as the lanes
  std::vector<std::shared_ptr<Lanes>> lanes_;  // guarded by lanes_mutex_
};

}  // namespace
}  // namespace postgres

Result<std::unique_ptr<Storage>> open_postgres(const PostgresSettings& settings, PostgresReport report) {
  char* problem = nullptr;
  PQconninfoOption* options = PQconninfoParse(settings.connection.c_str(), &problem);
  if (options == nullptr) {
    // libpq quotes the part it could not read, which may be a password.
    PQfreemem(problem);
    return make_error(500, "BLST_DATABASE", "the database's address is no connection string that libpq can read")
        .with_hint("expected postgres://user@host:5432/name?option=value or host=… dbname=…");
  }
  PQconninfoFree(options);
  return std::unique_ptr<Storage>(std::make_unique<postgres::Database>(settings, std::move(report)));
}

}  // namespace ballast::storage
