#include "server/admin.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "json/writer.hpp"
#include "observe/exposition.hpp"

namespace ballast::server {
namespace {

namespace asio = boost::asio;

asio::awaitable<Result<void>> ping(storage::Storage& storage) { co_return storage.ping(); }

/// One check of /ready: "ok", "stale" (works, but not as wanted) or "failed" (takes the server out of rotation).
struct Check {
  std::string_view name;
  std::string_view status = "ok";
  std::string reason;
};

http::Response render(const std::vector<Check>& checks) {
  bool ready = true;
  for (const auto& check : checks) ready = ready && check.status != "failed";
  std::string body = fmt::format("{{\"ready\":{},\"checks\":{{", ready);
  for (const auto& check : checks) {
    if (!body.ends_with('{')) body += ',';
    body += fmt::format("\"{}\":{{\"status\":\"{}\"", check.name, check.status);
    if (!check.reason.empty()) {
      body += ",\"reason\":";
      json::append_string(body, check.reason);
    }
    body += '}';
  }
  body += "}}\n";
  auto response = http::json_response(ready ? 200 : 503, std::move(body));
  if (!ready) response.set("Retry-After", "1");
  response.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

std::string version_json() {
#ifdef NDEBUG
  constexpr std::string_view build = "release";
#else
  constexpr std::string_view build = "debug";
#endif
  std::string out = fmt::format("{{\"version\":\"{}\",\"build\":\"{}\",\"compiler\":", BALLAST_VERSION, build);
  json::append_string(out, __VERSION__);
  return out + "}";
}

Admin::Admin(storage::Storage& storage, const catalog::Holder& catalog, const SchemaWatch& schema, const State& state,
             const observe::Metrics& metrics)
    : storage_(storage), catalog_(catalog), schema_(schema), state_(state), metrics_(metrics), router_({}) {
  router_.exact("/live", {http::Method::get},
                [](http::Request&) { return http::ready(http::json_response(200, "{\"live\":true}\n")); });
  router_.exact("/ready", {http::Method::get}, [this](http::Request&) { return ready(); });
  router_.exact("/metrics", {http::Method::get}, [this](http::Request&) {
    http::Response response;
    response.set("Content-Type", std::string(observe::Exposition::content_type));
    response.body = metrics_.render();
    return http::ready(std::move(response));
  });
  router_.exact("/version", {http::Method::get},
                [](http::Request&) { return http::ready(http::json_response(200, version_json() + "\n")); });
}

void Admin::close() {
  probe_.stop();
  probe_.join();
}

http::Reply Admin::ready() const {
  const auto answer = co_await asio::co_spawn(probe_.get_executor(), ping(storage_), asio::use_awaitable);
  std::vector<Check> checks(4);
  checks[0].name = "database";
  if (!answer) checks[0] = {"database", "failed", answer.error().message};
  checks[1].name = "schema";
  if (catalog_.load() == nullptr) {
    const auto problem = schema_.problem();
    checks[1] = {"schema", "failed", problem.empty() ? "not loaded yet" : "not loaded yet: " + problem};
  } else if (const auto problem = schema_.problem(); !problem.empty()) {
    // The old schema serves on. Taking every instance out of rotation at once would turn a stale answer into none.
    checks[1] = {"schema", "stale", "the schema changed and could not be read: " + problem};
  }
  checks[2].name = "settings";
  if (const auto problem = state_.settings_problem(); !problem.empty()) {
    checks[2] = {"settings", "stale", "the last reload was refused: " + problem};
  }
  checks[3].name = "serving";
  if (state_.draining()) checks[3] = {"serving", "failed", "shutting down: requests in flight are being finished"};
  co_return render(checks);
}

}  // namespace ballast::server
