#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <ballast/ballast.hpp>

#include <filesystem>
#include <fstream>
#include <future>

#include "http/test_client.hpp"
#include "server/application.hpp"
#include "server/exposure.hpp"
#include "server/schema_watch.hpp"
#include "server/systemd.hpp"
#include "storage/memory/fake_storage.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/test_support.hpp"

namespace ballast::server {
namespace {

using http::TestClient;
using storage::testing::TemporaryFolder;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// A real server on loopback, over a database with one table.
class ServerTest : public testing::Test {
 protected:
  ServerTest() : database_(folder_.file("test.db")), settings_(folder_.file("ballast.toml")) {
    execute("CREATE TABLE items (id INTEGER PRIMARY KEY, label TEXT)");
    execute("INSERT INTO items VALUES (1, 'one')");
    server_.set("database", database_).set("listen", "127.0.0.1:0").set("admin.listen", "127.0.0.1:0");
    server_.set("http.workers", "1").set("log.level", "off").set("schema.poll_interval", "1h");
  }

  void execute(const std::string& sql) {
    storage::SqliteSettings settings;
    auto storage = storage::open_sqlite(database_, settings);
    ASSERT_TRUE(storage) << storage.error().message;
    storage::testing::Loop loop;
    const auto done = loop.write(**storage, sql);
    ASSERT_TRUE(done) << done.error().message;
    (*storage)->close();
  }
  void write_settings(const std::string& toml) { std::ofstream(settings_) << toml; }
  void start() {
    const auto started = server_.start();
    ASSERT_TRUE(started) << started.error().message;
  }

  static std::string get(const std::string& address, const std::string& path) {
    TestClient client(http::ListenAddress::parse(address).value());
    return client.ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  std::string get(const std::string& path) { return get(server_.addresses().front(), path); }
  std::string admin(const std::string& path) { return get(server_.admin_address(), path); }

  TemporaryFolder folder_;
  std::string database_;
  std::string settings_;
  ballast::Server server_;
};

TEST_F(ServerTest, ServesTheDatabaseItIsGiven) {
  server_.development();
  start();
  EXPECT_THAT(get("/rest/v1/items"), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr(R"([{"id":1,"label":"one"}])")));
}

TEST_F(ServerTest, RefusesCallersWithoutAGrantInProduction) {
  start();
  EXPECT_THAT(get("/rest/v1/items"), AllOf(StartsWith("HTTP/1.1 401"), HasSubstr("42501")));
}

TEST_F(ServerTest, ServesGraphqlBesideRest) {
  server_.development();
  start();
  EXPECT_THAT(get("/graphql/v1?query={itemsCollection{edges{node{label}}}}"),
              HasSubstr(R"({"data":{"itemsCollection":{"edges":[{"node":{"label":"one"}}]}})"));
  EXPECT_THAT(get("/graphql/v1?query={__schema{queryType{name}}}"), HasSubstr(R"("queryType":{"name":"Query"})"));
}

TEST_F(ServerTest, ShowsGraphqlWhatIsGranted) {
  write_settings("access.expose_anonymous = true\n[access.anon]\nitems = \"select\"\n");
  server_.settings_file(settings_);
  start();
  EXPECT_THAT(get("/graphql/v1?query={itemsCollection{edges{node{label}}}}"), HasSubstr(R"("label":"one")"));
  EXPECT_THAT(get("/graphql/v1?query={__schema{queryType{name}}}"), HasSubstr("errors"));
  write_settings("");
  server_.reload();
  EXPECT_THAT(get("/graphql/v1?query={itemsCollection{edges{node{label}}}}"), HasSubstr("errors"));
}

TEST_F(ServerTest, RefusesInGraphqlsOwnShape) {
  start();
  TestClient client(http::ListenAddress::parse(server_.addresses().front()).value());
  EXPECT_THAT(client.ask("GET /graphql/v1?query={a} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 "), HasSubstr("application/json"), HasSubstr(R"({"errors":[{"message":)")));
}

TEST_F(ServerTest, HasNoGraphqlWhereItIsSwitchedOff) {
  server_.development().set("graphql.enabled", "false");
  start();
  EXPECT_THAT(get("/graphql/v1?query={a}"), AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("application/problem+json")));
}

TEST_F(ServerTest, RefusesAFileOfDocumentsThatIsNone) {
  write_settings("not JSON");
  server_.set("graphql.persisted", settings_);
  const auto started = server_.start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("graphql.persisted"));
}

TEST_F(ServerTest, AnswersOutsideOfTheApiWithProblemJson) {
  start();
  EXPECT_THAT(get("/nowhere"), AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("application/problem+json")));
  EXPECT_THAT(get("/rest/v1/nowhere"), HasSubstr("PGRST205"));
}

TEST_F(ServerTest, TellsOnThePrivateListenerHowItIs) {
  server_.development();
  start();
  get("/rest/v1/items");
  EXPECT_THAT(admin("/live"), HasSubstr("{\"live\":true}"));
  EXPECT_THAT(admin("/ready"), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("\"database\":{\"status\":\"ok\"}")));
  EXPECT_THAT(admin("/version"), HasSubstr(BALLAST_VERSION));
  EXPECT_THAT(
      admin("/metrics"),
      AllOf(HasSubstr("ballast_http_requests_total{method=\"GET\",route=\"/rest/v1/items\",status=\"200\"} 1\n"),
            HasSubstr("ballast_http_connections_total"), HasSubstr("ballast_storage_commit_batch_size_sum"),
            HasSubstr("ballast_loop_lag_seconds"), HasSubstr("ballast_catalog_relations 1\n")));
  EXPECT_THAT(get("/ready"), StartsWith("HTTP/1.1 404"));
}

TEST_F(ServerTest, TakesGrantsOverOnReload) {
  write_settings("");
  server_.settings_file(settings_);
  start();
  EXPECT_THAT(get("/rest/v1/items"), StartsWith("HTTP/1.1 401"));
  write_settings("[access]\nexpose_anonymous = true\n[access.anon]\nitems = \"select\"\n");
  server_.reload();
  EXPECT_THAT(get("/rest/v1/items"), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, KeepsTheOldSettingsWhenNewOnesAreWrongAndSaysSo) {
  write_settings("[access]\nexpose_anonymous = true\n[access.anon]\nitems = \"select\"\n");
  server_.settings_file(settings_);
  start();
  write_settings("[access.anon]\nitems = \"selct\"\n");
  server_.reload();
  EXPECT_THAT(get("/rest/v1/items"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(admin("/ready"), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("\"settings\":{\"status\":\"stale\""),
                                     HasSubstr("did you mean")));
  write_settings("");
  server_.reload();
  EXPECT_THAT(admin("/ready"), HasSubstr("\"settings\":{\"status\":\"ok\"}"));
  EXPECT_THAT(get("/rest/v1/items"), StartsWith("HTTP/1.1 401"));
}

TEST_F(ServerTest, RefusesAReloadThatWouldOpenTablesToEverybody) {
  write_settings("");
  server_.settings_file(settings_);
  start();
  write_settings("[access.anon]\nitems = \"select\"\n");
  server_.reload();
  EXPECT_THAT(get("/rest/v1/items"), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(admin("/ready"), HasSubstr("access.expose_anonymous"));
}

TEST_F(ServerTest, FinishesInPeaceAndIsGone) {
  server_.development();
  start();
  const auto address = http::ListenAddress::parse(server_.addresses().front()).value();
  TestClient idle(address);
  EXPECT_THAT(idle.ask("GET /rest/v1/items HTTP/1.1\r\nHost: localhost\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(server_.stop());
  EXPECT_EQ(idle.rest(), "");
}

TEST_F(ServerTest, ServesRoutesOfTheEmbeddingProgramBehindItsMiddlewares) {
  struct Stamp final : http::Middleware {
    http::Reply handle(http::Request& request, http::Next next) const override {
      http::Response response = co_await next(request);
      response.set("X-Stamp", request.principal.role);
      co_return response;
    }
  };
  server_.development();
  server_.get("/hello", [](http::Request&) { return http::ready(http::json_response(200, "\"get\"")); });
  server_.post("/hello", [](http::Request&) { return http::ready(http::json_response(200, "\"post\"")); });
  server_.prefix("/files", [](http::Request& request) {
    return http::ready(http::json_response(200, std::string(request.path)));
  });
  server_.use([] { return std::make_unique<Stamp>(); });
  start();
  EXPECT_THAT(get("/hello"), AllOf(HasSubstr("\"get\""), HasSubstr("X-Stamp: anon")));
  EXPECT_THAT(get("/files/a/b"), HasSubstr("/files/a/b"));
  TestClient client(http::ListenAddress::parse(server_.addresses().front()).value());
  EXPECT_THAT(client.ask("POST /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"),
              HasSubstr("\"post\""));
  EXPECT_THAT(client.ask("DELETE /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("GET")));
}

TEST_F(ServerTest, TellsEverySettingThatIsWrong) {
  server_.set("htp.workers", "1").set("http.backlog", "many");
  const auto started = server_.start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message,
              AllOf(HasSubstr("htp.workers"), HasSubstr("http.backlog: expected a whole number")));
}

TEST_F(ServerTest, NamesThePortThatIsTakenAndHowToChooseAnother) {
  server_.development();
  start();
  ballast::Server second;
  second.set("database", database_).set("listen", server_.addresses().front()).set("admin.listen", "").development();
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr(server_.addresses().front()));
  EXPECT_THAT(started.error().hint, HasSubstr("--listen 127.0.0.1:"));
}

TEST_F(ServerTest, RefusesToBeReachedFromTheNetworkInDevelopment) {
  ballast::Server open;
  open.set("database", database_).set("listen", "0.0.0.0:0").development();
  EXPECT_THAT(open.start().error().message, HasSubstr("can be reached from the network"));
}

TEST_F(ServerTest, MakesNoDatabaseOutOfATypo) {
  ballast::Server typo;
  typo.set("database", folder_.file("typo.db")).set("listen", "127.0.0.1:0");
  EXPECT_THAT(typo.start().error().message, HasSubstr("there is no database"));
  EXPECT_FALSE(std::filesystem::exists(folder_.file("typo.db")));
}

TEST(Exposure, IsRefusedUnlessConfirmedInWords) {
  config::Loaded loaded;
  EXPECT_FALSE(exposure(loaded));
  loaded.settings.rules.grants["anon"]["items"] = policy::Grant{};
  EXPECT_FALSE(exposure(loaded));
  loaded.settings.rules.grants["anon"]["*"].select = true;
  ASSERT_TRUE(exposure(loaded));
  EXPECT_THAT(exposure(loaded)->text(), AllOf(HasSubstr("every table"), HasSubstr("access.expose_anonymous = true")));
  loaded.settings.program.expose_anonymous = true;
  EXPECT_FALSE(exposure(loaded));
}

TEST(Exposure, IsRefusedWhenTheServiceRoleIsTheAnonymousOne) {
  config::Loaded loaded;
  loaded.settings.auth.service_role = "anon";
  loaded.settings.program.expose_anonymous = true;
  EXPECT_TRUE(exposure(loaded));
}

/// Hands the outcome of each reload from the watch's thread to the test's.
class Outcomes {
 public:
  void put(const std::string& problem) {
    {
      const std::lock_guard lock(mutex_);
      problems_.push_back(problem);
    }
    there_.notify_one();
  }
  std::string take() {
    std::unique_lock lock(mutex_);
    there_.wait(lock, [this] { return !problems_.empty(); });
    auto first = problems_.front();
    problems_.erase(problems_.begin());
    return first;
  }

 private:
  std::mutex mutex_;
  std::condition_variable there_;
  std::vector<std::string> problems_;
};

/// What the watch asks, under a lock, since it has a thread of its own.
class ChangingStorage final : public storage::Storage {
 public:
  void become(std::int64_t version, std::optional<Error> error) {
    const std::lock_guard lock(mutex_);
    version_ = version;
    error_ = std::move(error);
  }
  Result<catalog::SnapshotPtr> introspect() override {
    const std::lock_guard lock(mutex_);
    if (error_) return Error(*error_);
    return catalog::SnapshotPtr(std::make_shared<catalog::Snapshot>(std::vector<catalog::Relation>{},
                                                                    std::vector<std::string>{"public"}, version_));
  }
  Result<std::int64_t> schema_version() override {
    const std::lock_guard lock(mutex_);
    return version_;
  }
  Result<void> ping() override { return {}; }
  const sql::Dialect& dialect() const noexcept override { return sql::sqlite(); }
  boost::asio::awaitable<Result<storage::Outcome>> read(const sql::Statement&, sql::RowSink&,
                                                        storage::Context) override {
    co_return storage::Outcome{};
  }
  boost::asio::awaitable<Result<void>> transact(storage::UnitOfWork&, storage::Context) override {
    co_return Result<void>();
  }
  void visit_stats(const storage::StatVisitor&) const override {}
  void close() override {}

 private:
  std::mutex mutex_;
  std::int64_t version_ = 1;
  std::optional<Error> error_;
};

Result<void> anything(const catalog::Snapshot&) { return {}; }

TEST(SchemaWatch, PutsTheFirstSnapshotInServiceOnceItIsAccepted) {
  ChangingStorage storage;
  catalog::Holder holder(nullptr);
  Outcomes outcomes;
  storage.become(1, make_error(503, "BLST701", "away"));
  std::atomic<bool> acceptable{false};
  const auto accept = [&acceptable](const catalog::Snapshot&) -> Result<void> {
    if (!acceptable) return make_error(500, "BLST_SETTING", "misspelt");
    return {};
  };
  SchemaWatch watch(storage, holder, std::chrono::milliseconds(1), accept,
                    [&outcomes](const std::string& problem) { outcomes.put(problem); });
  watch.start();
  EXPECT_EQ(outcomes.take(), "away");
  EXPECT_EQ(holder.load(), nullptr);
  storage.become(1, std::nullopt);
  EXPECT_EQ(outcomes.take(), "misspelt");
  EXPECT_EQ(holder.load(), nullptr);
  acceptable = true;
  EXPECT_EQ(outcomes.take(), "");
  EXPECT_NE(holder.load(), nullptr);
}

TEST(SchemaWatch, FollowsTheVersionAndKeepsTheOldSnapshotWhenTheNewOneCannotBeRead) {
  ChangingStorage storage;
  catalog::Holder holder(storage.introspect().value());
  Outcomes outcomes;
  SchemaWatch watch(storage, holder, std::chrono::milliseconds(1), anything,
                    [&outcomes](const std::string& problem) { outcomes.put(problem); });
  watch.start();
  storage.become(2, std::nullopt);
  EXPECT_EQ(outcomes.take(), "");
  EXPECT_EQ(holder.load()->version(), 2);
  storage.become(3, make_error(503, "BLST600", "no luck"));
  EXPECT_EQ(outcomes.take(), "no luck");
  EXPECT_EQ(holder.load()->version(), 2);
  EXPECT_EQ(watch.problem(), "no luck");
  storage.become(3, std::nullopt);
  while (!outcomes.take().empty()) continue;
  EXPECT_EQ(holder.load()->version(), 3);
  EXPECT_EQ(watch.problem(), "");
}

TEST(SchemaWatch, ReloadsAtOnceWhenAsked) {
  ChangingStorage storage;
  catalog::Holder holder(storage.introspect().value());
  const auto before = holder.load()->generation();
  Outcomes outcomes;
  SchemaWatch watch(storage, holder, std::chrono::hours(1), anything,
                    [&outcomes](const std::string& problem) { outcomes.put(problem); });
  watch.start();
  watch.reload_now();
  EXPECT_EQ(outcomes.take(), "");
  EXPECT_GT(holder.load()->generation(), before);
}

TEST(SchemaWatch, CatchesUpWithWhatWasThereBeforeItWasAsked) {
  ChangingStorage storage;
  catalog::Holder holder(storage.introspect().value());
  SchemaWatch watch(storage, holder, std::chrono::hours(1), anything, [](const std::string&) {});
  watch.start();
  for (std::int64_t version = 2; version < 20; ++version) {
    storage.become(version, std::nullopt);
    std::promise<std::int64_t> caught_up;
    watch.catch_up([&] { caught_up.set_value(holder.load()->version()); });
    EXPECT_EQ(caught_up.get_future().get(), version);
  }
}

TEST(SchemaWatch, DropsWhoeverWaitsWhenItEnds) {
  ChangingStorage storage;
  catalog::Holder holder(storage.introspect().value());
  SchemaWatch watch(storage, holder, std::chrono::hours(1), anything, [](const std::string&) {});
  const auto witness = std::make_shared<int>(0);
  watch.catch_up([witness] { ADD_FAILURE() << "called by a watch that never ran"; });
  watch.stop();
  watch.catch_up([witness] { ADD_FAILURE() << "called by a watch that has ended"; });
  EXPECT_EQ(witness.use_count(), 1);
}

TEST(Systemd, TellsTheManagerOnItsSocketAndNobodyWithoutOne) {
  ::unsetenv("NOTIFY_SOCKET");
  notify_manager("READY=1");
  const TemporaryFolder folder;
  const std::string path = folder.file("notify");
  const http::FileDescriptor manager(::socket(AF_UNIX, SOCK_DGRAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path.c_str());
  ASSERT_EQ(::bind(manager.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  notify_manager("READY=1\nSTATUS=fine");
  ::unsetenv("NOTIFY_SOCKET");
  char text[64] = {};
  EXPECT_EQ(::recv(manager.get(), text, sizeof text, 0), 19);
  EXPECT_STREQ(text, "READY=1\nSTATUS=fine");
}

TEST(Systemd, FeedsTheWatchdogTwiceAsOftenAsItBites) {
  ::setenv("WATCHDOG_USEC", "3000000", 1);
  EXPECT_EQ(watchdog_interval(), std::chrono::microseconds(1'500'000));
  ::setenv("WATCHDOG_USEC", "soon", 1);
  EXPECT_EQ(watchdog_interval(), std::nullopt);
  ::unsetenv("WATCHDOG_USEC");
}

TEST(UnknownGrant, RefusesAGrantOnATableThatIsNotThere) {
  catalog::Relation users;
  users.schema = "public";
  users.name = "users";
  const catalog::Snapshot snapshot({users}, {"public"}, 1);
  config::Settings settings;
  settings.rules.grants["member"] = {{"*", {.select = true}}, {"users", {}}};
  EXPECT_FALSE(unknown_grant(settings, snapshot));
  settings.rules.grants["member"]["Users"] = {};
  const auto problem = unknown_grant(settings, snapshot);
  ASSERT_TRUE(problem);
  EXPECT_THAT(problem->text(), AllOf(HasSubstr("[access.member]"), HasSubstr("did you mean \"users\"?")));
}

}  // namespace
}  // namespace ballast::server
