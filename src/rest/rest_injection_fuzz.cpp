#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>

#include "rest/api.hpp"
#include "rest/test_storage.hpp"
#include "storage/sqlite/database.hpp"

/// Puts what it is given into every place of a request where a name or a value can stand, on a real database. Every
/// request also says `owner=eq.mine`, so whatever the input does, other owners' rows must not show, nothing may come
/// out as a database's own complaint, and the data must stay as they were.
namespace ballast::rest {
namespace {

constexpr const char* schema = R"sql(
CREATE TABLE notes (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, title TEXT, data JSON, size NUMERIC, done BOOLEAN);
INSERT INTO notes VALUES (1, 'mine', 'plain', '{"a":[1,{"b":"x"}]}', 1.5, 1), (2, 'theirs', 's3cr3t', '{"k":"s3cr3t"}', 2, 0);
CREATE TABLE vault (id INTEGER PRIMARY KEY, word TEXT);
INSERT INTO vault VALUES (1, 's3cr3t');
)sql";

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return out;
}

class World {
 public:
  World() {
    path_ = (std::filesystem::temp_directory_path() / ("ballast_fuzz_" + std::to_string(getpid()) + ".db")).string();
    std::filesystem::remove(path_);
    storage_ = storage::open_sqlite(path_).value();
    check(testing::run_script(loop_, *storage_, schema).ok(), "the schema cannot be made");
    catalog_.emplace(storage_->introspect().value());
    auto rules = std::make_shared<policy::Rules>();
    rules->open = true;
    Settings settings;
    settings.aggregates = true;
    settings.allow_tx_rollback = true;
    settings.rollback_by_default = true;
    api_.emplace(*storage_, *catalog_, rules, settings);
  }

  void ask(http::Method method, const std::string& query, std::string payload = {}, std::string_view prefer = {}) {
    http::Request request;
    request.method = method;
    request.method_name = http::to_string(method);
    request.path = "/rest/v1/notes";
    request.query = query;
    if (!prefer.empty()) request.headers.add("Prefer", prefer);
    request.body = std::move(payload);
    request.deadline = system_clock().now() + std::chrono::seconds(30);
    std::optional<http::Response> answer;
    loop_.restart();
    boost::asio::co_spawn(loop_, api_->handle(request), [&](const std::exception_ptr& thrown, http::Response response) {
      if (thrown) std::rethrow_exception(thrown);
      answer = std::move(response);
    });
    loop_.run();
    judge(*answer, query);
  }

 private:
  static void judge(const http::Response& answer, const std::string& query) {
    const auto& body = std::get<std::string>(answer.body);
    const bool leaks = body.find("s3cr3t") != std::string::npos;
    if (answer.status < 500 && !leaks) return;
    std::fprintf(stderr, "%s\n%d %s\n", query.c_str(), answer.status, body.c_str());
    __builtin_trap();
  }

  boost::asio::io_context loop_{1};
  std::string path_;
  std::unique_ptr<storage::Storage> storage_;
  std::optional<catalog::Holder> catalog_;
  std::optional<Api> api_;
};

}  // namespace
}  // namespace ballast::rest

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ballast::http::Method;
  static ballast::rest::World world;
  if (size < 2) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (text.find("s3cr3t") != std::string::npos) return 0;  // an error may well quote what it refuses
  const std::string x = ballast::rest::encoded(text);
  const std::string mine = "owner=eq.mine&";
  switch (data[0] % 20) {
    case 0:
      world.ask(Method::get, mine + "title=eq." + x);
      break;
    case 1:
      world.ask(Method::get, mine + "title=in.(" + x + ")");
      break;
    case 2:
      world.ask(Method::get, mine + "title=like." + x);
      break;
    case 3:
      world.ask(Method::get, mine + "title=match." + x);
      break;
    case 4:
      world.ask(Method::get, mine + "title=" + x);
      break;
    case 5:
      world.ask(Method::get, mine + x + "=eq.1");
      break;
    case 6:
      world.ask(Method::get, mine + "data->" + x + "=eq.1");
      break;
    case 7:
      world.ask(Method::get, mine + "select=" + x);
      break;
    case 8:
      world.ask(Method::get, mine + "select=" + x + ":title");
      break;
    case 9:
      world.ask(Method::get, mine + "select=size::" + x);
      break;
    case 10:
      world.ask(Method::get, mine + "select=data->" + x);
      break;
    case 11:
      world.ask(Method::get, mine + "order=" + x);
      break;
    case 12:
      world.ask(Method::get, mine + "or=(" + x + ",id.eq.1)");
      break;
    case 13:
      world.ask(Method::get, mine + "and=" + x);
      break;
    case 14:
      world.ask(Method::get, mine + "limit=" + x);
      break;
    case 15:
      world.ask(Method::get, mine + "title=like(any)." + x);
      break;
    case 16:
      world.ask(Method::post, "columns=" + x, R"({"owner":"mine"})", "return=representation");
      break;
    case 17:
      world.ask(Method::post, "select=id", text, "return=representation");
      break;
    case 18:
      world.ask(Method::patch, mine + "select=" + x, R"({"title":"t"})", "return=representation");
      break;
    default:
      world.ask(Method::patch, mine + "title=" + x, text, "return=representation");
      break;
  }
  return 0;
}
