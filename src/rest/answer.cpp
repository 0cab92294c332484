#include "rest/answer.hpp"

#include <algorithm>
#include <vector>

#include "encode/csv_rows.hpp"
#include "encode/json_rows.hpp"
#include "encode/raw_rows.hpp"
#include "http/entity_tag.hpp"
#include "rest/errors.hpp"
#include "rest/precondition.hpp"
#include "rest/row_tag.hpp"

namespace ballast::rest {
namespace {

/// Where the answer can be had again: the path and the parameters in order of their names.
std::string location_of(const http::Request& request) {
  std::string location(request.path);
  if (request.query.empty()) return location;
  location.push_back('?');
  if (request.query.find('&') == std::string_view::npos) return location.append(request.query);
  std::vector<std::string_view> parts;
  std::string_view rest = request.query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    if (end > 0) parts.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto name = [](std::string_view part) { return part.substr(0, part.find('=')); };
  std::stable_sort(parts.begin(), parts.end(), [&](auto a, auto b) { return name(a) < name(b); });
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) location.push_back('&');
    location.append(parts[i]);
  }
  return location;
}

/// If-None-Match lists the tag (RFC 9110 section 13.1.2: compared weakly).
Result<bool> known_to_client(const http::Request& request, std::string_view tag) {
  const std::string value = request.headers.joined("If-None-Match");
  if (value.empty()) return false;
  const auto list = http::parse_tag_list(value);
  if (!list) return unusable_precondition("malformed If-None-Match: expected \"*\" or a list of entity tags");
  return http::lists(*list, tag);
}

}  // namespace

Spool::Limits spool_limits(const Settings& settings) { return {settings.memory_limit, settings.file_limit, {}}; }

http::Body body_of(Spool spool) {
  if (spool.in_memory()) return spool.take_memory();
  return std::make_shared<const Spool>(std::move(spool));
}

std::unique_ptr<encode::BodyRows> body_rows(const Format& format, const encode::Shape& shape, bool single,
                                            const Settings& settings) {
  if (format.plan || format.media == Media::raw) {
    return std::make_unique<encode::RawRows>(shape, spool_limits(settings));
  }
  if (format.media == Media::csv) return std::make_unique<encode::CsvRows>(shape, spool_limits(settings));
  const encode::JsonRowsOptions options{single || is_single(format.media), strips_nulls(format.media)};
  return std::make_unique<encode::JsonRows>(shape, options, spool_limits(settings));
}

http::Response plan_answer(const Format& format, Spool body) {
  http::Response answer;
  answer.add("Content-Type", format.content_type);
  answer.body = body_of(std::move(body));
  return answer;
}

Result<http::Response> read_answer(const http::Request& request, const ReadPlan& plan, const encode::RowFacts& facts,
                                   std::optional<std::int64_t> all_rows, Spool body) {
  const std::int64_t rows = facts.rows();
  const std::int64_t total = all_rows.value_or(-1);
  const auto offset = static_cast<std::int64_t>(plan.offset);
  if (total >= 0 && offset > total) return beyond_the_end(plan.offset, total);
  if (plan.format.plan) return plan_answer(plan.format, std::move(body));
  if (is_single(plan.format.media) && rows != 1) return not_one_row(rows);
  http::Response answer;
  std::string tag;
  if (!facts.version().empty()) {
    tag = row_tag(facts.version(), plan.digests, body);
    BALLAST_TRY(const bool known, known_to_client(request, tag));
    if (known) {
      answer.status = 304;
      answer.add("Content-Location", location_of(request));
      answer.add("ETag", quoted_tag(tag));
      return answer;
    }
  }
  answer.status = total >= 0 && rows < total ? 206 : 200;
  answer.headers.reserve(8);  // the session and the middleware add theirs
  answer.add("Content-Type", plan.format.content_type);
  answer.add("Content-Range", content_range(offset, offset + rows - 1, total));
  answer.add("Content-Location", location_of(request));
  if (!plan.content_profile.empty()) answer.add("Content-Profile", plan.content_profile);
  if (!plan.preference_applied.empty()) answer.add("Preference-Applied", plan.preference_applied);
  if (!tag.empty()) answer.add("ETag", quoted_tag(tag));
  if (!plan.head) answer.body = body_of(std::move(body));
  return answer;
}

Result<Page> page_of(const http::Request& request, const RequestHeaders& headers, const Parameters& parameters) {
  Page page;
  for (const auto& limit : parameters.limits) {
    if (limit.path.empty()) page.limit = limit.value;
  }
  for (const auto& offset : parameters.offsets) {
    if (offset.path.empty()) page.offset = offset.value;
  }
  // RFC 9110 section 14.2: Range is for GET alone.
  if (headers.range().empty() || request.method != http::Method::get) return page;
  BALLAST_TRY(const Page range, parse_range(headers.range()));
  return intersection(page, range);
}

std::string allowed_methods(const catalog::Relation& relation) {
  std::string allowed = "OPTIONS,GET,HEAD";
  if (relation.insertable) allowed.append(",POST");
  if (relation.insertable && relation.updatable && !relation.primary_key.empty()) allowed.append(",PUT");
  if (relation.updatable) allowed.append(",PATCH");
  if (relation.deletable) allowed.append(",DELETE");
  return allowed;
}

}  // namespace ballast::rest
