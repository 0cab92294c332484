#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <optional>

#include "rest/api.hpp"
#include "rest/test_storage.hpp"
#include "storage/sqlite/database.hpp"

/// The whole path on a real database, below HTTP.
namespace ballast::rest {
namespace {

constexpr const char* schema = R"sql(
CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT NOT NULL, client_id INTEGER REFERENCES clients (id),
                       meta JSON, price NUMERIC(10,2), active BOOLEAN DEFAULT 1,
                       CONSTRAINT projects_price_check CHECK (price >= 0));
CREATE TABLE tasks (id INTEGER PRIMARY KEY, name TEXT, project_id INTEGER REFERENCES projects (id));
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE users_tasks (user_id INTEGER REFERENCES users (id), task_id INTEGER REFERENCES tasks (id),
                          PRIMARY KEY (user_id, task_id));
INSERT INTO clients VALUES (1, 'Microsoft'), (2, 'Apple');
INSERT INTO projects VALUES (1, 'Windows 7', 1, '{"a":{"b":"x"},"n":1.50}', 10.5, 1),
                            (2, 'Windows 10', 1, NULL, 20, 0), (3, 'IOS', 2, '[1,2]', NULL, NULL),
                            (5, 'Orphan', NULL, NULL, 0, 1);
INSERT INTO tasks VALUES (1, 'Design', 1), (2, 'Code', 1), (3, 'Design', 2);
INSERT INTO users VALUES (1, 'Angela'), (2, 'Michael');
INSERT INTO users_tasks VALUES (1, 1), (1, 2), (2, 1);
)sql";

std::string header(const http::Response& answer, std::string_view name) {
  const auto* value = answer.find(name);
  return value == nullptr ? "(none)" : *value;
}

std::string body(const http::Response& answer) { return std::get<std::string>(answer.body); }

class RestOnSqlite : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() /
            ("ballast_rest_" + std::to_string(getpid()) + "_" +
             ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".db");
    remove();
    auto opened = storage::open_sqlite(path_.string());
    ASSERT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().message);
    storage_ = std::move(opened).value();
    const auto made = testing::run_script(loop_, *storage_, schema);
    ASSERT_TRUE(made.ok());
    auto snapshot = storage_->introspect();
    ASSERT_TRUE(snapshot.ok());
    catalog_ = std::make_unique<catalog::Holder>(*snapshot);
    auto rules = std::make_shared<policy::Rules>();
    rules->open = true;
    settings_.allow_tx_rollback = true;
    settings_.aggregates = true;
    api_ = std::make_unique<Api>(*storage_, *catalog_, rules, settings_);
  }
  void TearDown() override {
    api_.reset();
    if (storage_ != nullptr) storage_->close();
    storage_.reset();
    remove();
  }
  void remove() const {
    for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + suffix);
  }

  http::Response ask(http::Method method, std::string_view target, std::vector<http::Headers::Field> headers = {},
                     std::string payload = {}) {
    http::Request request;
    request.method = method;
    request.method_name = http::to_string(method);
    request.path = target.substr(0, target.find('?'));
    request.query = target.size() > request.path.size() ? target.substr(request.path.size() + 1) : std::string_view();
    for (const auto& field : headers) request.headers.add(field.name, field.value);
    request.body = std::move(payload);
    request.deadline = system_clock().now() + std::chrono::seconds(30);
    std::optional<http::Response> answer;
    loop_.restart();
    boost::asio::co_spawn(loop_, api_->handle(request), [&](const std::exception_ptr& thrown, http::Response response) {
      if (thrown) std::rethrow_exception(thrown);
      answer = std::move(response);
    });
    loop_.run();
    return std::move(answer).value();
  }
  /// "200 [...]"
  std::string get(std::string_view target, std::vector<http::Headers::Field> headers = {}) {
    const auto answer = ask(http::Method::get, target, std::move(headers));
    return std::to_string(answer.status) + " " + body(answer);
  }
  std::string send(http::Method method, std::string_view target, std::string payload,
                   std::string_view prefer = "return=representation") {
    const auto answer = ask(method, target, {{"Prefer", prefer}}, std::move(payload));
    return std::to_string(answer.status) + " " + body(answer);
  }

  boost::asio::io_context loop_{1};
  std::filesystem::path path_;
  Settings settings_;
  std::unique_ptr<storage::Storage> storage_;
  std::unique_ptr<catalog::Holder> catalog_;
  std::unique_ptr<Api> api_;
};

TEST_F(RestOnSqlite, ReadsTypesAsPostgresWouldShowThem) {
  EXPECT_EQ(
      get("/rest/v1/projects?id=eq.1"),
      R"(200 [{"id":1,"name":"Windows 7","client_id":1,"meta":{"a":{"b":"x"},"n":1.50},"price":10.50,"active":true}])");
  EXPECT_EQ(get("/rest/v1/projects?id=eq.3&select=price,active,meta"),
            R"(200 [{"price":null,"active":null,"meta":[1,2]}])");
}

TEST_F(RestOnSqlite, FiltersWithEveryKindOfCondition) {
  EXPECT_EQ(get("/rest/v1/projects?select=id&name=like.Windows*&order=id"), R"(200 [{"id":1},{"id":2}])");
  EXPECT_EQ(get("/rest/v1/projects?select=id&name=like.windows*"), "200 []");
  EXPECT_EQ(get("/rest/v1/projects?select=id&name=ilike.*WINDOWS*&order=id.desc"), R"(200 [{"id":2},{"id":1}])");
  EXPECT_EQ(get("/rest/v1/projects?select=id&id=in.(1,3)&order=id"), R"(200 [{"id":1},{"id":3}])");
  EXPECT_EQ(get("/rest/v1/projects?select=id&client_id=is.null"), R"(200 [{"id":5}])");
  EXPECT_EQ(get("/rest/v1/projects?select=id&active=is.true&order=id"), R"(200 [{"id":1},{"id":5}])");
  EXPECT_EQ(get("/rest/v1/projects?select=id&active=eq.false"), R"(200 [{"id":2}])");
  EXPECT_EQ(get("/rest/v1/projects?select=id&or=(id.eq.1,and(price.gt.15,active.is.false))&order=id"),
            R"(200 [{"id":1},{"id":2}])");
  EXPECT_EQ(get("/rest/v1/projects?select=id&meta->a->>b=eq.x"), R"(200 [{"id":1}])");
  EXPECT_EQ(get("/rest/v1/projects?select=id&id=gt(any).{2,4}&order=id"), R"(200 [{"id":3},{"id":5}])");
  EXPECT_EQ(get("/rest/v1/projects?select=id&name=match.^W.*7$"), R"(200 [{"id":1}])");
}

TEST_F(RestOnSqlite, EmbedsEveryKindOfRelationship) {
  EXPECT_EQ(get("/rest/v1/projects?select=name,clients(name)&id=in.(1,5)&order=id"),
            R"(200 [{"name":"Windows 7","clients":{"name":"Microsoft"}},{"name":"Orphan","clients":null}])");
  EXPECT_EQ(
      get("/rest/v1/clients?select=name,projects(name,tasks(id))&projects.order=id&projects.tasks.order=id&order=id"),
      R"(200 [{"name":"Microsoft","projects":[{"name":"Windows 7","tasks":[{"id":1},{"id":2}]},{"name":"Windows 10","tasks":[{"id":3}]}]},)"
      R"({"name":"Apple","projects":[{"name":"IOS","tasks":[]}]}])");
  EXPECT_EQ(
      get("/rest/v1/tasks?select=id,users(name)&users.order=name&order=id"),
      R"(200 [{"id":1,"users":[{"name":"Angela"},{"name":"Michael"}]},{"id":2,"users":[{"name":"Angela"}]},{"id":3,"users":[]}])");
  EXPECT_EQ(get("/rest/v1/projects?select=id,...clients(client:name)&id=eq.1"),
            R"(200 [{"id":1,"client":"Microsoft"}])");
  EXPECT_EQ(get("/rest/v1/clients?select=name,projects!inner()&projects.name=eq.IOS"), R"(200 [{"name":"Apple"}])");
  EXPECT_EQ(get("/rest/v1/projects?select=name,clients()&clients=is.null"), R"(200 [{"name":"Orphan"}])");
  EXPECT_EQ(
      get("/rest/v1/projects?select=id,clients(name)&order=clients(name).desc,id.desc&client_id=not.is.null"),
      R"(200 [{"id":2,"clients":{"name":"Microsoft"}},{"id":1,"clients":{"name":"Microsoft"}},{"id":3,"clients":{"name":"Apple"}}])");
}

TEST_F(RestOnSqlite, CountsAndPages) {
  const auto part = ask(http::Method::get, "/rest/v1/projects?select=id&order=id&limit=2", {{"Prefer", "count=exact"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(header(part, "Content-Range"), "0-1/4");
  EXPECT_EQ(header(part, "Preference-Applied"), "count=exact");
  const auto beyond = ask(http::Method::get, "/rest/v1/projects?offset=100", {{"Prefer", "count=exact"}});
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(header(beyond, "Content-Range"), "*/4");
  const auto none = ask(http::Method::get, "/rest/v1/projects?id=eq.0", {{"Prefer", "count=exact"}});
  EXPECT_EQ(none.status, 200);
  EXPECT_EQ(header(none, "Content-Range"), "*/0");
  const auto head = ask(http::Method::head, "/rest/v1/projects", {{"Prefer", "count=exact"}});
  EXPECT_EQ(header(head, "Content-Range"), "0-3/4");
}

TEST_F(RestOnSqlite, Aggregates) {
  EXPECT_EQ(get("/rest/v1/projects?select=count()"), R"(200 [{"count":4}])");
  EXPECT_EQ(get("/rest/v1/projects?select=client_id,n:id.count()&order=client_id&client_id=not.is.null"),
            R"(200 [{"client_id":1,"n":2},{"client_id":2,"n":1}])");
}

TEST_F(RestOnSqlite, Inserts) {
  EXPECT_EQ(send(http::Method::post, "/rest/v1/clients", R"({"name":"Sun"})"), R"(201 [{"id":3,"name":"Sun"}])");
  EXPECT_EQ(send(http::Method::post, "/rest/v1/clients?select=name", R"([{"id":10,"name":"a"},{"id":11,"name":"b"}])"),
            R"(201 [{"name":"a"},{"name":"b"}])");
  EXPECT_EQ(
      send(http::Method::post, "/rest/v1/projects?select=id,clients(name)", R"({"id":9,"name":"P","client_id":2})"),
      R"(201 [{"id":9,"clients":{"name":"Apple"}}])");
  const auto located = ask(http::Method::post, "/rest/v1/users_tasks", {{"Prefer", "return=headers-only"}},
                           R"({"user_id":2,"task_id":3})");
  EXPECT_EQ(located.status, 201);
  EXPECT_EQ(header(located, "Location"), "/rest/v1/users_tasks?user_id=eq.2&task_id=eq.3");
  EXPECT_EQ(get("/rest/v1/clients?select=count()"), R"(200 [{"count":5}])");
}

TEST_F(RestOnSqlite, InsertsCsvAndForms) {
  const auto csv = ask(http::Method::post, "/rest/v1/clients",
                       {{"Content-Type", "text/csv"}, {"Accept", "text/csv"}, {"Prefer", "return=representation"}},
                       "id,name\n7,\"x,y\"\n8,NULL\n");
  EXPECT_EQ(csv.status, 201);
  EXPECT_EQ(body(csv), "id,name\n7,\"x,y\"\n8,");
  const auto form = ask(http::Method::post, "/rest/v1/clients",
                        {{"Content-Type", "application/x-www-form-urlencoded"}, {"Prefer", "return=representation"}},
                        "id=9&name=a+b");
  EXPECT_EQ(body(form), R"([{"id":9,"name":"a b"}])");
}

TEST_F(RestOnSqlite, MergesAndIgnoresDuplicates) {
  EXPECT_EQ(send(http::Method::post, "/rest/v1/clients", R"([{"id":1,"name":"M"},{"id":3,"name":"N"}])",
                 "resolution=merge-duplicates, return=representation"),
            R"(201 [{"id":1,"name":"M"},{"id":3,"name":"N"}])");
  EXPECT_EQ(send(http::Method::post, "/rest/v1/clients", R"([{"id":1,"name":"again"}])",
                 "resolution=merge-duplicates, return=representation"),
            R"(200 [{"id":1,"name":"again"}])");
  EXPECT_EQ(send(http::Method::post, "/rest/v1/clients", R"([{"id":1,"name":"no"},{"id":4,"name":"yes"}])",
                 "resolution=ignore-duplicates, return=representation"),
            R"(201 [{"id":4,"name":"yes"}])");
  EXPECT_EQ(send(http::Method::post, "/rest/v1/users?on_conflict=name&select=id,name", R"([{"id":1,"name":"Angela"}])",
                 "resolution=merge-duplicates, return=representation"),
            R"(200 [{"id":1,"name":"Angela"}])");
}

TEST_F(RestOnSqlite, PutsOneRow) {
  EXPECT_EQ(send(http::Method::put, "/rest/v1/clients?id=eq.9", R"({"id":9,"name":"new"})"),
            R"(201 [{"id":9,"name":"new"}])");
  EXPECT_EQ(send(http::Method::put, "/rest/v1/clients?id=eq.9", R"({"id":9,"name":"newer"})"),
            R"(200 [{"id":9,"name":"newer"}])");
  EXPECT_EQ(send(http::Method::put, "/rest/v1/users_tasks?user_id=eq.1&task_id=eq.1", R"({"user_id":1,"task_id":1})",
                 "return=minimal"),
            "204 ");
}

TEST_F(RestOnSqlite, Updates) {
  EXPECT_EQ(
      send(http::Method::patch, "/rest/v1/projects?id=eq.2&select=id,name,price", R"({"name":"W10","price":"21.5"})"),
      R"(200 [{"id":2,"name":"W10","price":21.50}])");
  EXPECT_EQ(send(http::Method::patch, "/rest/v1/projects?id=eq.99", R"({"name":"x"})"), "200 []");
  EXPECT_EQ(send(http::Method::patch, "/rest/v1/projects?columns=active&id=eq.2&select=active", "{}",
                 "return=representation, missing=default"),
            "200 []");
  EXPECT_EQ(send(http::Method::patch, "/rest/v1/projects?columns=name,active&id=eq.2&select=active", R"({"name":"n"})",
                 "return=representation, missing=default"),
            R"(200 [{"active":true}])");
}

TEST_F(RestOnSqlite, Deletes) {
  const auto gone =
      ask(http::Method::del, "/rest/v1/users_tasks?user_id=eq.1", {{"Prefer", "return=representation, count=exact"}});
  EXPECT_EQ(gone.status, 200);
  EXPECT_EQ(body(gone), R"([{"user_id":1,"task_id":1},{"user_id":1,"task_id":2}])");
  EXPECT_EQ(header(gone, "Content-Range"), "*/2");
}

TEST_F(RestOnSqlite, UndoesWhatMayNotStay) {
  EXPECT_EQ(ask(http::Method::patch, "/rest/v1/clients", {{"Accept", "application/vnd.pgrst.object+json"}},
                R"({"name":"zzz"})")
                .status,
            406);
  EXPECT_EQ(ask(http::Method::del, "/rest/v1/users_tasks", {{"Prefer", "handling=strict,max-affected=1"}}).status, 400);
  EXPECT_EQ(
      send(http::Method::post, "/rest/v1/clients", R"({"id":50,"name":"x"})", "tx=rollback, return=representation"),
      R"(201 [{"id":50,"name":"x"}])");
  EXPECT_EQ(get("/rest/v1/clients?select=name&order=id"), R"(200 [{"name":"Microsoft"},{"name":"Apple"}])");
  EXPECT_EQ(get("/rest/v1/users_tasks?select=count()"), R"(200 [{"count":3}])");
}

TEST_F(RestOnSqlite, NamesTheConstraintThatWasViolated) {
  EXPECT_EQ(send(http::Method::post, "/rest/v1/users", R"({"id":3,"name":"Angela"})").substr(0, 80),
            R"(409 {"code":"23505","details":"Key (name)=(Angela) already exists.","hint":null,)");
  EXPECT_EQ(ask(http::Method::post, "/rest/v1/tasks", {}, R"({"id":9,"project_id":77})").status, 409);
  EXPECT_NE(send(http::Method::post, "/rest/v1/tasks", R"({"id":9,"project_id":77})").find("23503"), std::string::npos);
  EXPECT_NE(
      send(http::Method::post, "/rest/v1/projects", R"({"id":9,"name":"x","price":-1})").find("projects_price_check"),
      std::string::npos);
  EXPECT_NE(send(http::Method::post, "/rest/v1/projects", R"({"id":9})").find("23502"), std::string::npos);
}

TEST_F(RestOnSqlite, TakesValuesForValuesWhateverTheySay) {
  EXPECT_EQ(get("/rest/v1/clients?name=eq.x'%20OR%20'1'='1"), "200 []");
  EXPECT_EQ(get("/rest/v1/clients?name=in.(\"x')%20OR%20(1=1\")"), "200 []");
  EXPECT_EQ(get("/rest/v1/clients?id=eq.1%20OR%201=1").substr(0, 3), "400");
  EXPECT_EQ(get("/rest/v1/clients?select=%22x%5C%22)%20--%22:name&id=eq.1"), R"(200 [{"x\") --":"Microsoft"}])");
  EXPECT_EQ(get("/rest/v1/clients?order=%22name%5C%22;%20DROP%20TABLE%20clients%22").substr(0, 3), "400");
}

}  // namespace
}  // namespace ballast::rest
