#include "cli/explain.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "catalog/holder.hpp"
#include "query/print.hpp"
#include "rest/api.hpp"
#include "rest/parameters.hpp"
#include "rest/target.hpp"
#include "rest/to_query.hpp"
#include "storage/memory/fake_storage.hpp"

namespace ballast::cli {
namespace {

namespace asio = boost::asio;

http::Method method_named(std::string_view name) {
  for (const auto method : {http::Method::get, http::Method::head, http::Method::post, http::Method::put,
                            http::Method::patch, http::Method::del, http::Method::options}) {
    if (http::to_string(method) == name) return method;
  }
  return http::Method::other;
}

/// Refers to `request`, which outlives it.
Result<http::Request> as_http(const ExplainRequest& request) {
  const std::string_view line = request.line;
  const auto space = line.find(' ');
  if (space == std::string_view::npos || space + 1 == line.size() || line[space + 1] != '/') {
    return make_error(400, "BLST_USAGE", "expected a method and a path, got \"" + request.line + "\"")
        .with_hint("for example ballast explain 'GET /rest/v1/posts?id=eq.1'");
  }
  http::Request parsed;
  parsed.method_name = line.substr(0, space);
  parsed.method = method_named(parsed.method_name);
  parsed.target = line.substr(space + 1);
  const auto question = parsed.target.find('?');
  parsed.path = parsed.target.substr(0, question);
  if (question != std::string_view::npos) parsed.query = parsed.target.substr(question + 1);
  for (const auto& [name, value] : request.headers) parsed.headers.add(name, value);
  parsed.body = request.body;
  parsed.deadline = TimePoint::max();
  return parsed;
}

asio::awaitable<http::Response> answer(rest::Api& api, http::Request& request) {
  http::Response response = co_await api.handle(request);
  co_return response;
}

/// The operation of a read as its parameters alone say it; headers may add a range or a count.
std::string print_read(const http::Request& request, const catalog::Snapshot& snapshot,
                       const rest::Settings& settings) {
  if (request.method != http::Method::get && request.method != http::Method::head) return {};
  const auto target = rest::parse_target(request.path, rest::normalized_base(settings.path));
  if (!target || snapshot.schemas().empty()) return {};
  const auto* relation = snapshot.relation(snapshot.schemas().front(), target->name);
  const auto parameters = rest::parse_parameters(request.query, settings);
  if (relation == nullptr || !parameters) return {};
  rest::Page page;
  for (const auto& limit : parameters->limits) {
    if (limit.path.empty()) page.limit = limit.value;
  }
  for (const auto& offset : parameters->offsets) {
    if (offset.path.empty()) page.offset = offset.value;
  }
  auto read = rest::to_read({snapshot, settings}, *relation, *parameters, page, query::Count::none);
  return read ? query::print(query::Operation(std::move(*read))) : std::string();
}

}  // namespace

Result<Explained> explain(const ExplainRequest& request, catalog::SnapshotPtr snapshot,
                          const rest::Settings& settings) {
  BALLAST_TRY(const auto parsed, as_http(request));
  Explained explained;
  explained.operation = print_read(parsed, *snapshot, settings);
  const catalog::Holder catalog(snapshot);
  policy::Rules rules;
  rules.open = true;
  const auto shared_rules = std::make_shared<const policy::Rules>(rules);
  for (const auto* dialect : {&sql::sqlite(), &sql::postgres()}) {
    storage::FakeStorage storage(*dialect);
    rest::Api api(storage, catalog, shared_rules, settings);
    http::Request fresh = parsed;
    http::Response response;
    asio::io_context io;
    asio::co_spawn(io, answer(api, fresh), [&response](const std::exception_ptr& thrown, http::Response done) {
      if (thrown) std::rethrow_exception(thrown);
      response = std::move(done);
    });
    io.run();
    const std::string name(dialect->name());
    explained.statements[name] = storage.statements;
    if (storage.statements.empty() && response.status >= 400) {
      const auto* body = std::get_if<std::string>(&response.body);
      explained.errors[name] = body == nullptr ? std::to_string(response.status) : *body;
    }
  }
  return explained;
}

}  // namespace ballast::cli
