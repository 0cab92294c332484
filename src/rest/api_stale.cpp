#include <algorithm>

#include "encode/json_rows.hpp"
#include "json/writer.hpp"
#include "policy/authorize.hpp"
#include "rest/answer.hpp"
#include "rest/errors.hpp"
#include "rest/row_tag.hpp"
#include "rest/write.hpp"

namespace ballast::rest {
namespace {

/// The whole body; a problem's document is put together in memory.
std::string text_of(Spool body) {
  if (body.in_memory()) return body.take_memory();
  std::string text(static_cast<std::size_t>(body.size()), '\0');
  std::size_t at = 0;
  while (at < text.size()) at += body.read(at, {text.data() + at, text.size() - at});
  return text;
}

}  // namespace

bool Api::may_see_versions(const http::Request& request, const catalog::Snapshot& snapshot, const policy::Rules& rules,
                           const catalog::Relation& relation) const {
  if (!sessions_.roles()) return true;
  const std::string& role = request.principal.role.empty() ? rules.anonymous_role : request.principal.role;
  const auto& privileges = snapshot.privileges();
  const catalog::Rights rights =
      relation.version_column.empty()
          ? privileges.on_whole_relation(role, relation.schema, relation.name)
          : privileges.on_column(role, relation.schema, relation.name, relation.version_column);
  return (rights & catalog::right_select) != 0;
}

boost::asio::awaitable<std::optional<http::Response>> Api::stale_answer(const http::Request& request,
                                                                        const Write& write, storage::Context context) {
  // The transaction's own words for the answer are about what it did not do.
  context.answer = nullptr;
  const Error problem = write.versions ? rows_changed() : precondition_failed(write.precondition);
  const query::Operation read(*write.current);
  auto allowed = policy::authorize(read, request.principal, *rules_.load());
  auto plan = compile::compile(read, *write.snapshot, storage_.dialect());
  if (!allowed || !plan) co_return http::problem_response(problem);
  if (write.versions) {
    StaleRows rows(plan->shape, *write.versions);
    const auto outcome = co_await storage_.read(plan->statements.front(), rows, context);
    co_return outcome ? http::problem_response(problem, "\"stale\":" + rows.json()) : http::problem_response(problem);
  }
  encode::JsonRows rows(plan->shape, {true, strips_nulls(write.format.media)}, spool_limits(settings_));
  const auto outcome = co_await storage_.read(plan->statements.front(), rows, context);
  if (!outcome || !rows.finish()) co_return http::problem_response(problem);
  const auto& facts = rows.facts();
  const Precondition& demanded = write.precondition;
  const bool required = demanded.any || demanded.is_new || write.method == http::Method::put;
  if (facts.rows() == 0 && !required) co_return std::nullopt;
  // The caller sees the row and may not change it (row level security), or a trigger kept it as it is.
  const bool met = demanded.any || std::ranges::find(demanded.versions, facts.version()) != demanded.versions.end();
  if (facts.rows() > 0 && demanded.exists && met && write.method != http::Method::put) co_return std::nullopt;
  if (facts.rows() != 1) co_return http::problem_response(problem);
  Spool body = rows.take_body();
  const bool digested = write.representation() && needs_digest(*write.current, write.format, false);
  const std::string tag = quoted_tag(row_tag(facts.version(), digested, body));
  std::string members = "\"etag\":";
  json::append_string(members, tag);
  if (write.representation()) members += ",\"row\":" + text_of(std::move(body));
  http::Response answer = http::problem_response(problem, members);
  answer.set("ETag", tag);
  co_return answer;
}

}  // namespace ballast::rest
