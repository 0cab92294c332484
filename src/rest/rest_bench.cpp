#include <benchmark/benchmark.h>

#include "rest/api.hpp"
#include "rest/test_catalog.hpp"
#include "rest/test_storage.hpp"

namespace ballast::rest {
namespace {

constexpr std::string_view token =
    "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyb2xlIjoiYXV0aG9yIiwic3ViIjoiM2M5YjFkMWUiLCJleHAiOjE5OTk5OTk5OTl9."
    "Xod-F15qsGL0WhdOCr2j3DdKuTw9QJERVgoFD3vGaWA";

sql::Cell integer(std::int64_t value) {
  sql::Cell cell;
  cell.kind = sql::Cell::Kind::integer;
  cell.integer = value;
  return cell;
}

sql::Cell text(std::string_view value) {
  sql::Cell cell;
  cell.kind = sql::Cell::Kind::text;
  cell.text = value;
  return cell;
}

/// Yields one row and nothing else, so that what is measured is the dialect.
class OneRow final : public storage::Storage {
 public:
  const sql::Dialect& dialect() const noexcept override { return sql::sqlite(); }
  boost::asio::awaitable<Result<storage::Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                        storage::Context) override {
    benchmark::DoNotOptimize(&statement);
    const std::array<sql::Cell, 2> row = {integer(1), text("Microsoft")};
    auto taken = sink.row(row);
    if (!taken) co_return std::move(taken).error();
    co_return storage::Outcome{1, 0};
  }
  boost::asio::awaitable<Result<void>> transact(storage::UnitOfWork&, storage::Context) override {
    co_return Result<void>();
  }
  Result<catalog::SnapshotPtr> introspect() override { return make_error(500, "BLST500", "not scripted"); }
  Result<std::int64_t> schema_version() override { return std::int64_t{1}; }
  Result<void> ping() override { return {}; }
  void visit_stats(const storage::StatVisitor&) const override {}
  void close() override {}
};

http::Reply ask(Api& api, benchmark::State& state) {
  for (auto step : state) {
    (void)step;
    http::Request request;
    request.path = "/rest/v1/clients";
    request.query = "id=eq.1";
    request.headers.add("Host", "127.0.0.1:8080");
    request.headers.add("User-Agent", "wrk");
    request.headers.add("Accept", "application/json");
    request.principal.role = "anon";
    auto reply = api.handle(request);
    auto answer = co_await std::move(reply);
    benchmark::DoNotOptimize(answer.status);
  }
  co_return http::Response{};
}

http::Reply answer_constant(http::Request&) { co_return http::json_response(200, R"([{"id":1,"name":"Microsoft"}])"); }

http::Reply ask_constant(benchmark::State& state) {
  for (auto step : state) {
    (void)step;
    http::Request request;
    request.path = "/rest/v1/clients";
    request.query = "id=eq.1";
    request.headers.add("Host", "127.0.0.1:8080");
    request.headers.add("User-Agent", "wrk");
    request.headers.add("Accept", "application/json");
    request.principal.role = "anon";
    auto reply = answer_constant(request);
    auto answer = co_await std::move(reply);
    benchmark::DoNotOptimize(answer.status);
  }
  co_return http::Response{};
}

/// What roles mode costs a request before it is sent.
void ASession(benchmark::State& state) {
  Settings settings;
  settings.roles = true;
  settings.search_path = {"public"};
  const Sessions sessions(settings, "/rest/v1");
  const std::string path = sessions.search_path("public");
  http::Request request;
  request.method_name = "GET";
  request.path = "/rest/v1/clients";
  request.headers.add("Host", "127.0.0.1:8080");
  request.headers.add("User-Agent", "wrk");
  request.headers.add("Accept", "application/json");
  request.headers.add("Authorization", token);
  request.principal.role = "author";
  request.principal.claims_json = R"({"role":"author","sub":"3c9b1d1e","exp":1999999999})";
  for (auto step : state) {
    (void)step;
    SessionLoan loan;
    sessions.write(loan.session(), request, {path}, "anon");
    benchmark::DoNotOptimize(loan.session().settings.data());
  }
}

void measure(benchmark::State& state, std::size_t plans) {
  OneRow storage;
  const catalog::Holder catalog(testing::snapshot());
  auto rules = std::make_shared<policy::Rules>();
  rules->open = true;
  Settings settings;
  settings.plan_cache = plans;
  Api api(storage, catalog, rules, settings);
  testing::wait(ask(api, state));
}

void OneRowByKeyWithACachedPlan(benchmark::State& state) { measure(state, 512); }
void OneRowByKeyWithoutACache(benchmark::State& state) { measure(state, 0); }
void AConstant(benchmark::State& state) { testing::wait(ask_constant(state)); }

BENCHMARK(ASession);
BENCHMARK(AConstant);
BENCHMARK(OneRowByKeyWithACachedPlan);
BENCHMARK(OneRowByKeyWithoutACache);

}  // namespace
}  // namespace ballast::rest
