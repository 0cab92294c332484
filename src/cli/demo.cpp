#include "cli/demo.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "cli/demo_script.hpp"
#include "config/connection_string.hpp"
#include "storage/postgres/database.hpp"
#include "storage/sqlite/database.hpp"

namespace ballast::cli {
namespace {

/// The whole script in one transaction: a demo database is there, or it is not.
class Script final : public storage::UnitOfWork {
 public:
  Script(std::span<const std::string_view> script, std::int64_t scale, const std::function<void(double)>& progress)
      : progress_(progress) {
    for (const auto text : script) {
      sql::Statement statement{std::string(text), {}, true};
      const bool scaled = text.find("?1") != std::string_view::npos || text.find("$1") != std::string_view::npos;
      if (scaled) statement.params.emplace_back(scale);
      statements_.push_back(std::move(statement));
    }
  }

  Next next(const Result<storage::Outcome>* previous) override {
    if (previous != nullptr && !previous->ok()) return Rollback{previous->error()};
    progress_(static_cast<double>(at_) / static_cast<double>(statements_.size()));
    if (at_ == statements_.size()) return Commit{};
    return Run{&statements_[at_++], nullptr};
  }

  void restart() override { at_ = 0; }

 private:
  const std::function<void(double)>& progress_;
  std::vector<sql::Statement> statements_;
  std::size_t at_ = 0;
};

boost::asio::awaitable<void> run_script(storage::Storage& storage, Script& unit, Result<void>& outcome) {
  const storage::Context context{system_clock().now() + std::chrono::hours(1)};
  outcome = co_await storage.transact(unit, context);
}

Result<std::unique_ptr<storage::Storage>> new_file(const std::string& path) {
  if (std::filesystem::exists(path)) {
    return make_error(500, "BLST_DATABASE", path + " is there already").with_hint("remove it, or name another file");
  }
  storage::SqliteSettings settings;
  settings.create = true;
  return storage::open_sqlite(path, settings);
}

Result<void> run(storage::Storage& storage, Script& unit) {
  Result<void> outcome;
  boost::asio::io_context loop;
  std::exception_ptr failure;
  boost::asio::co_spawn(loop, run_script(storage, unit, outcome),
                        [&failure](std::exception_ptr thrown) { failure = thrown; });
  loop.run();
  storage.close();
  if (failure) std::rethrow_exception(failure);
  return outcome;
}

}  // namespace

Result<void> create_demo(const std::string& database, std::int64_t scale, const std::function<void(double)>& progress) {
  if (!config::is_postgres(database)) {
    BALLAST_TRY(const auto storage, new_file(database));
    Script unit(demo_for_sqlite(), scale, progress);
    return run(*storage, unit);
  }
  storage::PostgresSettings settings;
  settings.connection = database;
  BALLAST_TRY(const auto storage, storage::open_postgres(settings));
  Script unit(demo_for_postgres(), scale, progress);
  auto made = run(*storage, unit);
  if (!made && made.error().code == "42P07") {
    return make_error(500, "BLST_DATABASE", made.error().message)
        .with_hint("nothing was changed; name a database without these tables");
  }
  return made;
}

}  // namespace ballast::cli
