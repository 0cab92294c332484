#include "rest/errors.hpp"

#include "base/nearest.hpp"
#include "json/writer.hpp"
#include "rest/similar.hpp"

namespace ballast::rest {
namespace {

void append_member(std::string& out, std::string_view key, std::string_view value) {
  out.append(key);
  if (value.empty())
    out.append("null");
  else
    json::append_string(out, value);
}

std::string concat(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const auto part : parts) all.append(part);
  return all;
}

std::vector<std::string> column_names(const catalog::Relation& relation) {
  std::vector<std::string> names;
  names.reserve(relation.columns.size());
  for (const auto& column : relation.columns) names.push_back(column.name);
  return names;
}

}  // namespace

http::Response render_error(const Error& error, bool terse) {
  std::string body;
  append_member(body, "{\"code\":", error.code);
  if (!terse) {
    if (error.details_are_json && !error.details.empty()) {
      body.append(",\"details\":").append(error.details);
    } else {
      append_member(body, ",\"details\":", error.details);
    }
    append_member(body, ",\"hint\":", error.hint);
  }
  append_member(body, ",\"message\":", error.message);
  body.push_back('}');
  auto response = http::json_response(error.status, std::move(body));
  for (const auto& [name, value] : error.headers) response.add(name, value);
  response.add("Proxy-Status", "PostgREST; error=" + error.code);
  return response;
}

Error unknown_relation(const catalog::Snapshot& snapshot, std::string_view schema, std::string_view name) {
  auto error =
      make_error(404, "PGRST205", concat({"Could not find the table '", schema, ".", name, "' in the schema cache"}));
  const auto near = similar(name, snapshot.names(schema), 0.75);
  if (!near.empty()) error.hint = concat({"Perhaps you meant the table '", schema, ".", near, "'"});
  return error;
}

Error unknown_function(std::string_view schema, std::string_view name) {
  return make_error(404, "PGRST202",
                    concat({"Could not find the function ", schema, ".", name, " in the schema cache"}))
      .with_details(concat(
          {"Searched for the function ", schema, ".", name, ", but no matches were found in the schema cache."}));
}

Error unknown_column(const catalog::Relation& relation, std::string_view column) {
  auto error = make_error(400, "42703", concat({"column ", relation.name, ".", column, " does not exist"}));
  const auto near = nearest(column, column_names(relation));
  if (!near.empty()) {
    error.hint = concat({"Perhaps you meant to reference the column \"", relation.name, ".", near, "\"."});
  }
  return error;
}

Error unknown_payload_column(const catalog::Relation& relation, std::string_view column) {
  auto error =
      make_error(400, "PGRST204",
                 concat({"Could not find the '", column, "' column of '", relation.name, "' in the schema cache"}));
  const auto near = nearest(column, column_names(relation));
  if (!near.empty()) error.hint = concat({"Perhaps you meant the column '", near, "'."});
  return error;
}

Error not_embedded(std::string_view name) {
  return make_error(400, "PGRST108", concat({"'", name, "' is not an embedded resource in this request"}))
      .with_hint(concat({"Verify that '", name, "' is included in the 'select' query parameter."}));
}

Error not_one_row(std::int64_t rows) {
  return make_error(406, "PGRST116", "Cannot coerce the result to a single JSON object")
      .with_details("The result contains " + std::to_string(rows) + " rows");
}

Error too_many_affected(std::int64_t rows) {
  return make_error(400, "PGRST124", "Query result exceeds max-affected preference constraint")
      .with_details("The query affects " + std::to_string(rows) + " rows");
}

Error rows_changed() {
  return make_error(409, rows_changed_code,
                    "some of the rows are not in the version that was read; nothing was changed")
      .with_hint("\"stale\" has them as they are now; a row that is null is gone");
}

Error beyond_the_end(std::uint64_t offset, std::int64_t total) {
  return make_error(416, "PGRST103", "Requested range not satisfiable")
      .with_details("An offset of " + std::to_string(offset) + " was requested, but there are only " +
                    std::to_string(total) + " rows.")
      .with_header("Content-Range", content_range(1, 0, total));
}

Error no_query_plan() { return make_error(406, "PGRST107", "This request has no query plan to show"); }

Error unsupported_method(std::string_view method) {
  return make_error(405, "PGRST117", concat({"Unsupported HTTP method: ", method}));
}

Error invalid_body(std::string_view message) { return make_error(400, "PGRST102", std::string(message)); }

std::string content_range(std::int64_t first, std::int64_t last, std::int64_t total) {
  std::string range;
  if (first <= last && total != 0)
    range = std::to_string(first) + "-" + std::to_string(last);
  else
    range = "*";
  range.push_back('/');
  if (total < 0)
    range.push_back('*');
  else
    range.append(std::to_string(total));
  return range;
}

}  // namespace ballast::rest
