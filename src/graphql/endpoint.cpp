#include "graphql/endpoint.hpp"

#include <utility>

#include "graphql/graphiql.hpp"
#include "graphql/problem_json.hpp"
#include "graphql/refusal.hpp"

namespace ballast::graphql {
namespace {

constexpr std::string_view methods = "GET, POST, OPTIONS";

Error other_method(const http::Request& request) {
  const auto name = request.method == http::Method::other ? request.method_name : to_string(request.method);
  return make_error(405, "BLST405", "expected a POST, or a GET for a query, got " + std::string(name))
      .with_header("Allow", std::string(methods));
}

Error unacceptable() {
  return make_error(406, "BLST406",
                    "expected an Accept with application/graphql-response+json or application/json in it");
}

http::Response options() {
  http::Response response;
  response.status = 204;
  response.set("Allow", std::string(methods));
  return response;
}

}  // namespace

Endpoint::Endpoint(Settings settings, RegisteredDocuments registered, Execute execute)
    : settings_(std::move(settings)), execute_(std::move(execute)), documents_(settings_, std::move(registered)) {}

http::Reply Endpoint::handle(http::Request& request) {
  const auto refuse = [&](const Error& error) { return http::ready(refusal(request, error, settings_.errors)); };
  if (request.method == http::Method::options) return http::ready(options());
  const bool get = request.method == http::Method::get;
  if (!get && request.method != http::Method::post) return refuse(other_method(request));
  const std::string accept = request.headers.joined("Accept");
  if (get && settings_.graphiql && prefers_page(accept)) return http::ready(graphiql_page(settings_.path));
  const auto media = answer_media(accept);
  if (!media) return refuse(unacceptable());
  auto asked = read_operations(request, settings_);
  if (!asked) return refuse(asked.error());
  return run(request, std::move(asked).value(), *media);
}

Endpoint::Answer Endpoint::refused(const Error& error) const {
  return {problems_body({problem_of(error)}, settings_.errors), error.status, error.headers};
}

boost::asio::awaitable<Endpoint::Answer> Endpoint::answer(http::Request& request, HttpOperation& operation,
                                                          bool read_only, AnswerMedia media) {
  const auto document = documents_.find(operation);
  if (!document) co_return refused(document.error());
  Ask ask;
  ask.query = *document->text;
  ask.operation_name = operation.operation_name;
  ask.variables = operation.variables;
  ask.read_only = read_only;
  Outcome outcome = co_await execute_(ask, request);
  Answer answer;
  answer.body = std::move(outcome.body);
  if (!outcome.retry_after.empty()) answer.headers.emplace_back("Retry-After", std::move(outcome.retry_after));
  if (outcome.stage == Outcome::Stage::executed) {
    documents_.remember(*document);
    co_return answer;
  }
  // Who reads JSON learns from the body that a well-formed request asked for something impossible.
  answer.status = outcome.status == 400 && media == AnswerMedia::json ? 200 : outcome.status;
  if (answer.status == 405) answer.headers.emplace_back("Allow", "POST");
  co_return answer;
}

http::Reply Endpoint::run(http::Request& request, HttpOperations asked, AnswerMedia media) {
  http::Response response;
  response.set("Content-Type", std::string(to_string(media)));
  response.vary("Accept");
  if (!asked.batch) {
    Answer only = co_await answer(request, asked.operations.front(), asked.read_only, media);
    response.status = only.status;
    for (auto& [name, value] : only.headers) response.set(name, std::move(value));
    response.body = std::move(only.body);
    co_return response;
  }
  // They are transactions of their own: what is committed together is one mutation.
  if (request.within != nullptr && asked.operations.size() > 1) {
    Answer none = refused(
        make_error(400, "BLST440", "expected one operation with an Idempotency-Key or a Ballast-Fence, or in a batch"));
    response.status = 400;
    response.body = std::move(none.body);
    co_return response;
  }
  std::string body = "[";
  for (HttpOperation& operation : asked.operations) {
    if (body.size() > 1) body += ',';
    Answer next;
    if (body.size() < settings_.answer_limit) {
      next = co_await answer(request, operation, asked.read_only, media);
    } else {
      next = refused(make_error(413, "BLST513", "the answers of this batch are too large to be put together"));
    }
    body += next.body;
  }
  body += ']';
  response.body = std::move(body);
  co_return response;
}

}  // namespace ballast::graphql
