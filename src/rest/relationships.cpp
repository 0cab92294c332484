#include "rest/relationships.hpp"

#include <algorithm>
#include <vector>

#include "json/writer.hpp"
#include "rest/similar.hpp"

namespace ballast::rest {
namespace {

using catalog::Cardinality;
using catalog::Relationship;
using Candidates = std::vector<const Relationship*>;

bool is_column(std::string_view name, const std::vector<std::string>& columns) {
  return columns.size() == 1 && columns.front() == name;
}

bool to_view(const catalog::Snapshot& snapshot, const Relationship& r) {
  const auto* target = snapshot.relation(r.target_schema, r.target);
  return target != nullptr && target->is_view;
}

/// A column or a key stands for the table it refers to, not for the views that show it.
bool by_target_alone(const catalog::Snapshot& snapshot, const Relationship& r, std::string_view schema,
                     std::string_view target) {
  if (r.computed()) return false;
  if (r.target == target && r.target_schema == schema) return true;
  if (r.junction) return false;
  return (r.constraint == target || is_column(target, r.source_columns)) && (r.self || !to_view(snapshot, r));
}

bool by_hint(const Relationship& r, std::string_view schema, std::string_view target, std::string_view hint) {
  if (r.computed()) return false;
  if (r.target != target || r.target_schema != schema) return false;
  if (r.junction) return r.junction->relation == hint;
  return r.constraint == hint || is_column(hint, r.source_columns) || is_column(hint, r.target_columns);
}

int rank(const Relationship& r) {
  if (r.junction) return 0;
  return r.cardinality == Cardinality::one_to_many ? 1 : 2;
}

std::string joined(const std::vector<std::string>& columns) {
  std::string all;
  for (const auto& column : columns) {
    if (!all.empty()) all.append(", ");
    all.append(column);
  }
  return all;
}

std::string describe(const Relationship& r) {
  if (r.junction) {
    return r.junction->relation + " using " + r.junction->source_constraint + "(" + joined(r.junction->source_columns) +
           ") and " + r.junction->target_constraint + "(" + joined(r.junction->target_columns) + ")";
  }
  return r.constraint + " using " + r.source + "(" + joined(r.source_columns) + ") and " + r.target + "(" +
         joined(r.target_columns) + ")";
}

Error ambiguous(const catalog::Relation& origin, std::string_view target, const Candidates& candidates) {
  std::string details = "[";
  std::string choices;
  for (const auto* r : candidates) {
    if (details.size() > 1) details.push_back(',');
    details.append("{\"cardinality\":");
    json::append_string(details, to_string(r->cardinality));
    details.append(",\"embedding\":");
    json::append_string(details, origin.name + " with " + r->target);
    details.append(",\"relationship\":");
    json::append_string(details, describe(*r));
    details.push_back('}');
    if (!choices.empty()) choices.append(", ");
    choices.append("'").append(r->target).append("!");
    choices.append(r->junction ? r->junction->relation : r->constraint).append("'");
  }
  details.push_back(']');
  auto error = make_error(300, "PGRST201",
                          "Could not embed because more than one relationship was found for '" + origin.name +
                              "' and '" + std::string(target) + "'");
  error.details = std::move(details);
  error.details_are_json = true;
  error.hint = "Try changing '" + std::string(target) + "' to one of the following: " + choices +
               ". Find the desired relationship in the 'details' key.";
  return error;
}

Error none(const catalog::Snapshot& snapshot, const catalog::Relation& origin, std::string_view target,
           std::string_view hint) {
  const std::string pair = "'" + origin.name + "' and '" + std::string(target) + "'";
  auto error = make_error(400, "PGRST200", "Could not find a relationship between " + pair + " in the schema cache");
  error.details = "Searched for a foreign key relationship between " + pair;
  if (!hint.empty()) error.details += " using the hint '" + std::string(hint) + "'";
  error.details += " in the schema '" + origin.schema + "', but no matches were found.";
  std::vector<std::string> related;
  for (const auto& r : snapshot.relationships(origin.schema, origin.name)) related.push_back(r.target);
  const bool known = std::find(related.begin(), related.end(), target) != related.end();
  const auto near = known ? std::string() : similar(target, related, 0.33);
  if (!near.empty()) error.hint = "Perhaps you meant '" + near + "' instead of '" + std::string(target) + "'.";
  return error;
}

}  // namespace

Result<const Relationship*> find_relationship(const catalog::Snapshot& snapshot, const catalog::Relation& origin,
                                              std::string_view target, std::string_view hint) {
  Candidates candidates;
  for (const auto& r : snapshot.relationships(origin.schema, origin.name)) {
    if (r.computed() && r.function == target) return &r;
  }
  for (const auto& r : snapshot.relationships(origin.schema, origin.name)) {
    const bool matches =
        hint.empty() ? by_target_alone(snapshot, r, origin.schema, target) : by_hint(r, origin.schema, target, hint);
    if (matches) candidates.push_back(&r);
  }
  if (candidates.empty()) return none(snapshot, origin, target, hint);
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Relationship* a, const Relationship* b) { return rank(*a) < rank(*b); });
  if (candidates.size() == 1) return candidates.front();
  const Relationship& first = *candidates[0];
  const Relationship& second = *candidates[1];
  if (candidates.size() == 2 && first.self && second.self && !first.junction && !second.junction &&
      first.constraint == second.constraint) {
    return &first;
  }
  return ambiguous(origin, target, candidates);
}

}  // namespace ballast::rest
