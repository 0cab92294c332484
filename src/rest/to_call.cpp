#include "rest/to_call.hpp"

#include <algorithm>

#include "compile/comparison.hpp"
#include "rest/functions.hpp"

namespace ballast::rest {
namespace {

/// The function's result as a relation: the one whose rows it returns, or one made of its columns. A single value is a
/// row with one column.
const catalog::Relation& result_relation(const Resolution& with, const catalog::Function& function,
                                         catalog::Relation& made) {
  if (!function.returns_relation.empty()) {
    const auto* known = with.snapshot.relation(function.returns_schema, function.returns_relation);
    if (known != nullptr) return *known;
  }
  made.schema = function.returns_relation.empty() ? function.schema : function.returns_schema;
  made.name = function.returns_relation.empty() ? function.name : function.returns_relation;
  made.columns = function.columns;
  if (!function.returns_rows() && !function.returns_void) {
    catalog::Column value;
    value.name = query::scalar_column;
    value.type = function.returns;
    made.columns.push_back(std::move(value));
  }
  return made;
}

/// Of a name that was sent several times the last value counts, unless the argument takes them all.
std::string value_of(const Passed& passed, const catalog::Argument& argument) {
  if (argument.variadic) {
    std::vector<query::Value> all;
    for (const auto& [name, value] : passed.values) {
      if (name == argument.name) all.push_back({value, -1});
    }
    return compile::array_literal(all);
  }
  const auto last = std::find_if(passed.values.rbegin(), passed.values.rend(),
                                 [&](const auto& value) { return value.first == argument.name; });
  return last == passed.values.rend() ? std::string() : last->second;
}

void pass(query::Call& call, Passed passed) {
  const catalog::Function& function = *call.function;
  const bool by_names = !takes_body(function, passed.body);
  if (!by_names) {
    call.arguments.push_back({"", function.arguments.front().type, false, {std::move(passed.raw), -1}});
    return;
  }
  const bool as_json = passed.body == CallBody::json || passed.body == CallBody::csv;
  for (const auto& argument : function.arguments) {
    if (!std::binary_search(passed.names.begin(), passed.names.end(), argument.name)) continue;
    query::CallArgument given{argument.name, argument.type, argument.variadic, {}};
    if (!as_json) given.value.text = value_of(passed, argument);
    call.arguments.push_back(std::move(given));
  }
  if (as_json && !call.arguments.empty()) call.payload = std::move(passed.object);
}

}  // namespace

Result<query::Call> to_call(const Resolution& with, const catalog::Function& function, Passed passed,
                            const Parameters& parameters, const Page& page, query::Count count) {
  query::Call call;
  call.function = &function;
  catalog::Relation made;
  const auto& relation = result_relation(with, function, made);
  BALLAST_TRY(call.result, to_read(with, relation, parameters, page, count));
  pass(call, std::move(passed));
  return call;
}

}  // namespace ballast::rest
