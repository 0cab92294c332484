#include "rest/increments.hpp"

#include <algorithm>
#include <string_view>

#include "json/reader.hpp"

namespace ballast::rest {
namespace {

bool countable(const catalog::Column* column) {
  if (column == nullptr || column->type.representation) return false;
  const catalog::Kind kind = column->type.kind;
  return kind == catalog::Kind::integer || kind == catalog::Kind::floating || kind == catalog::Kind::numeric;
}

/// The number of `{"$increment": number}`; empty for anything else.
std::string_view increment(std::string_view raw) {
  if (json::kind_of(raw) != json::ValueKind::object) return {};
  const json::Members members = json::members(raw);
  if (members.size() != 1 || members.front().key != "$increment") return {};
  const std::string_view number = members.front().raw;
  return json::kind_of(number) == json::ValueKind::number ? number : std::string_view();
}

}  // namespace

void take_increments(const catalog::Relation& relation, query::Update& update) {
  if (update.payload.find("increment") == std::string::npos) return;
  std::string plain;
  std::size_t from = 0;
  for (const auto& [column, raw] : json::members(update.payload)) {
    const bool set = std::find(update.columns.begin(), update.columns.end(), column) != update.columns.end();
    if (!set || !countable(relation.column(column))) continue;
    const std::string_view number = increment(raw);
    const auto at = static_cast<std::size_t>(raw.data() - update.payload.data());
    if (number.empty() || at < from) continue;
    plain.append(update.payload, from, at - from).append(number);
    from = at + raw.size();
    update.increments.push_back(column);
  }
  if (from == 0) return;
  plain.append(update.payload, from);
  update.payload = std::move(plain);
}

}  // namespace ballast::rest
