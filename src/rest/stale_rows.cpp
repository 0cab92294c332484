#include "rest/stale_rows.hpp"

#include <algorithm>

#include "encode/value.hpp"
#include "json/writer.hpp"
#include "rest/precondition.hpp"
#include "rest/row_tag.hpp"

namespace ballast::rest {
namespace {

std::vector<std::string> version_only() { return {std::string(query::version_name)}; }

}  // namespace

bool carries_versions(const Payload& payload, const catalog::Relation& relation, int depth_limit) {
  if (payload.json.find(query::version_name) == std::string::npos) return false;
  if (relation.column(query::version_name) != nullptr) return false;
  const auto rows = payload_rows(payload, version_only(), depth_limit);
  return std::ranges::any_of(rows, [](const PayloadRow& row) { return row.values.front().has_value(); });
}

Result<RowVersions> row_versions(const Payload& payload, std::vector<std::string> key, int depth_limit) {
  RowVersions found{std::move(key), {}};
  std::vector<std::string> columns = found.key;
  columns.emplace_back(query::version_name);
  for (auto& row : payload_rows(payload, columns, depth_limit)) {
    std::vector<std::string> values;
    for (auto& value : row.values) {
      if (!value) {
        return unusable_precondition("each row has to say its key and its \"$version\", or none its \"$version\"");
      }
      values.push_back(std::move(*value));
    }
    std::string version = std::move(values.back());
    values.pop_back();
    if (!found.by_key.emplace(std::move(values), std::move(version)).second) {
      return unusable_precondition("a row with a \"$version\" may be there once");
    }
  }
  return found;
}

StaleRows::StaleRows(const encode::Shape& shape, const RowVersions& read)
    : shape_(shape), read_(read), writer_(shape.root) {
  for (const std::string& column : read_.key) {
    for (const encode::Member& member : shape_.root.members) {
      const auto* field = std::get_if<encode::Field>(&member);
      if (field != nullptr && field->key == column) key_.push_back(field);
    }
  }
}

Result<void> StaleRows::row(std::span<const sql::Cell> cells) {
  const std::string_view now = cells[static_cast<std::size_t>(shape_.version)].text;
  std::vector<std::string> key;
  for (const encode::Field* field : key_) {
    encode::write_field_text(key.emplace_back(), cells[static_cast<std::size_t>(field->column)], *field);
  }
  const auto read = read_.by_key.find(key);
  if (read != read_.by_key.end()) {
    seen_[key] = true;
    if (read->second == now) return {};
  } else {
    spelt_otherwise_ = true;
    if (std::ranges::any_of(read_.by_key, [&](const auto& row) { return row.second == now; })) return {};
  }
  found_ += found_.empty() ? "{\"etag\":" : ",{\"etag\":";
  json::append_string(found_, quoted_tag(now));
  found_ += ",\"row\":";
  writer_.write(found_, cells);
  found_ += '}';
  return {};
}

void StaleRows::restart() {
  found_.clear();
  seen_.clear();
  spelt_otherwise_ = false;
}

std::string StaleRows::json() const {
  std::string json = "[" + found_;
  for (const auto& [key, version] : read_.by_key) {
    if (spelt_otherwise_ || seen_.contains(key)) continue;
    json += json.size() > 1 ? ",{\"key\":{" : "{\"key\":{";
    for (std::size_t i = 0; i < key.size(); ++i) {
      if (i > 0) json += ',';
      json::append_string(json, read_.key[i]);
      json += ':';
      json::append_string(json, key[i]);
    }
    json += "},\"row\":null}";
  }
  return json + ']';
}

}  // namespace ballast::rest
