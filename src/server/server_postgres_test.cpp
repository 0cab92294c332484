#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ballast/ballast.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "auth/test_tokens.hpp"
#include "http/test_client.hpp"
#include "storage/postgres/test_cluster.hpp"
#include "storage/test_support.hpp"

namespace ballast::server {
namespace {

using storage::postgres::testing::TestCluster;
using storage::testing::TemporaryFolder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A role that may become others, one of them anonymous; one table for everybody and one for authors.
constexpr auto schema = R"(
  create table items (id int primary key, label text);
  insert into items values (1, 'one');
  create table secrets (id int primary key);
  create function check_request() returns void language plpgsql as $$ begin
    if current_setting('request.headers')::json->>'x-forbidden' is not null then
      raise exception 'forbidden' using errcode = 'PT451';
    end if;
    perform set_config('response.headers', '[{"X-Role":"' || current_user || '"}]', true);
  end $$;
  do $$ begin
    if not exists (select from pg_roles where rolname = 'gate') then
      create role gate login noinherit; create role web_anon; create role author;
      grant web_anon, author to gate;
    end if;
  end $$;
  grant select on items to web_anon, author;
  grant all on secrets to author;
)";

class PostgresServer : public testing::Test {
 protected:
  PostgresServer() : database_(TestCluster::shared().create_database(schema)) {
    server_.set("listen", "127.0.0.1:0").set("admin.listen", "127.0.0.1:0").set("http.workers", "1");
    server_.set("log.level", "off").set("jwt.secret", std::string(auth::test_secret)).set("database.connections", "8");
  }

  void start(std::string database, const std::string& user) {
    if (const auto at = database.find("user=postgres"); at != std::string::npos)
      database.replace(at, 13, "user=" + user);
    server_.set("database", std::move(database));
    const auto started = server_.start();
    ASSERT_TRUE(started) << started.error().message;
  }
  static std::string ask(const std::string& address, const std::string& path, const std::string& fields = {}) {
    http::TestClient client(http::ListenAddress::parse(address).value());
    return client.ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
  }
  std::string get(const std::string& path, const std::string& fields = {}) {
    return ask(server_.addresses().front(), path, fields);
  }
  std::string admin(const std::string& path) { return ask(server_.admin_address(), path); }
  static std::string as(const std::string& role) {
    return "Authorization: Bearer " + auth::hmac_token(R"({"role":")" + role + "\"}") + "\r\n";
  }
  /// Asks until the answer holds the text, for ten seconds at most.
  std::string get_until(const std::string& path, const std::string& text) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    std::string answer = get(path);
    while (answer.find(text) == std::string::npos && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      answer = get(path);
    }
    return answer;
  }

  std::string database_;
  Server server_;
};

TEST_F(PostgresServer, LetsTheCallersRoleDecide) {
  server_.set("anon_role", "web_anon");
  start(database_, "gate");
  EXPECT_THAT(get("/rest/v1/items"), AllOf(HasSubstr("200 OK"), HasSubstr(R"([{"id":1,"label":"one"}])")));
  EXPECT_THAT(get("/rest/v1/secrets"), AllOf(HasSubstr("401"), HasSubstr("WWW-Authenticate: Bearer"),
                                             HasSubstr("permission denied for table secrets")));
  EXPECT_THAT(get("/rest/v1/secrets", as("author")), HasSubstr("200 OK"));
  EXPECT_THAT(get("/rest/v1/secrets", as("web_anon")), HasSubstr("401"));
  EXPECT_THAT(get("/rest/v1/items", as("nobody")), AllOf(HasSubstr("401"), HasSubstr("22023")));
}

TEST_F(PostgresServer, CallsAFunctionBeforeEachStatement) {
  server_.set("anon_role", "web_anon").set("database.pre_request", "public.check_request");
  start(database_, "gate");
  EXPECT_THAT(get("/rest/v1/items", as("author")), HasSubstr("X-Role: author"));
  EXPECT_THAT(get("/rest/v1/items"), HasSubstr("X-Role: web_anon"));
  EXPECT_THAT(get("/rest/v1/items", "X-Forbidden: 1\r\n"), AllOf(HasSubstr("HTTP/1.1 451"), HasSubstr("forbidden")));
}

TEST_F(PostgresServer, WantsATokenWhenNoRoleIsAnonymous) {
  server_.set("anon_role", "");
  start(database_, "gate");
  EXPECT_THAT(get("/rest/v1/items"), AllOf(HasSubstr("401"), HasSubstr("PGRST302")));
  EXPECT_THAT(get("/rest/v1/items", as("author")), HasSubstr("200 OK"));
}

TEST_F(PostgresServer, AsksTheGrantsOfTheSettingsWithoutRoles) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("ballast.toml")) << "[access.author]\nsecrets = \"select\"\n";
  server_.settings_file(folder.file("ballast.toml"));
  start(database_, "postgres");
  EXPECT_THAT(get("/rest/v1/items"), AllOf(HasSubstr("401"), HasSubstr("42501")));
  EXPECT_THAT(get("/rest/v1/items", as("author")), HasSubstr("403"));
  EXPECT_THAT(get("/rest/v1/secrets", as("author")), HasSubstr("200 OK"));
}

TEST_F(PostgresServer, RefusesToSwitchRolesModeWhileItRuns) {
  const TemporaryFolder folder;
  const std::string file = folder.file("ballast.toml");
  std::ofstream(file) << "[access.author]\nsecrets = \"select\"\n";
  server_.settings_file(file);
  start(database_, "postgres");
  std::ofstream(file) << "anon_role = \"web_anon\"\n";
  server_.reload();
  EXPECT_THAT(get("/rest/v1/items"), HasSubstr("401"));
  EXPECT_THAT(admin("/ready"), HasSubstr("roles mode cannot be switched"));
}

TEST_F(PostgresServer, OpensEverythingInDevelopmentAsTheConnectionsUser) {
  server_.development();
  start(database_, "postgres");
  EXPECT_THAT(get("/rest/v1/secrets"), HasSubstr("200 OK"));
  TestCluster::query(database_, "create table later (id int)");
  EXPECT_THAT(get_until("/rest/v1/later", "200 OK"), HasSubstr("200 OK"));
}

TEST_F(PostgresServer, LoadsTheSchemaAnewWhenNotified) {
  server_.set("anon_role", "web_anon");
  start(database_, "gate");
  EXPECT_THAT(get("/rest/v1/later"), HasSubstr("404"));
  TestCluster::query(database_, "create table later (id int); grant select on later to web_anon; notify ballast");
  EXPECT_THAT(get_until("/rest/v1/later", "200 OK"), HasSubstr("200 OK"));
}

TEST_F(PostgresServer, WaitsForADatabaseThatIsDown) {
  TestCluster cluster;
  const std::string database = cluster.create_database(schema);
  cluster.stop();
  server_.set("anon_role", "web_anon");
  start(database, "gate");
  EXPECT_THAT(get("/rest/v1/items"), AllOf(HasSubstr("503"), HasSubstr("Retry-After: 1"), HasSubstr("BLST701")));
  EXPECT_THAT(admin("/ready"), AllOf(HasSubstr("503"), HasSubstr(R"("ready":false)"), HasSubstr("not loaded yet")));
  EXPECT_THAT(admin("/metrics"), HasSubstr("ballast_catalog_stale"));
  cluster.start();
  EXPECT_THAT(get_until("/rest/v1/items", "200 OK"), HasSubstr(R"([{"id":1,"label":"one"}])"));
  EXPECT_THAT(admin("/ready"), HasSubstr(R"("ready":true)"));
}

TEST_F(PostgresServer, RefusesADatabaseThatItCannotRead) {
  server_.set("database", "postgres://me:geheim@/nowhere?host=/tmp&unknown_keyword=1");
  const auto started = server_.start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, Not(HasSubstr("geheim")));
}

}  // namespace
}  // namespace ballast::server
