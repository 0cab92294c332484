#include "records/tables.hpp"

#include "records/installation.hpp"

namespace ballast::records {
namespace {

Error explain(Error error, sql::Engine engine) {
  const bool refused = error.code == "42501" || error.code == "25006" || error.code == "BLST603";
  if (!refused) return error;
  Error told =
      make_error(503, "BLST801", "this needs tables of Ballast's own, and the database does not let it make them");
  if (error.code == "42501") {
    told.hint =
        "as an administrator of the database: CREATE SCHEMA ballast AUTHORIZATION the user that Ballast connects as";
  } else if (engine == sql::Engine::sqlite) {
    told.hint = "make the file writable, and serve it without sqlite.read_only";
  } else {
    told.hint = "connect to a server that takes writes";
  }
  return told;
}

}  // namespace

boost::asio::awaitable<Result<void>> Tables::ensure(TimePoint deadline) {
  if (there_.load(std::memory_order_acquire)) co_return Result<void>();
  const sql::Engine engine = storage_.dialect().engine();
  Installation installation(engine, migrations_);
  auto installed = co_await storage_.transact(installation, {.deadline = deadline});
  if (!installed) co_return explain(std::move(installed).error(), engine);
  there_.store(true, std::memory_order_release);
  co_return Result<void>();
}

}  // namespace ballast::records
