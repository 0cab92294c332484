#include "rest/functions.hpp"

#include <algorithm>
#include <vector>

#include "rest/similar.hpp"

namespace ballast::rest {
namespace {

using catalog::Argument;
using catalog::Function;

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names) {
    if (!all.empty()) all.append(", ");
    all.append(name);
  }
  return all;
}

bool only_whole(CallBody body) { return body == CallBody::text || body == CallBody::xml || body == CallBody::bytes; }

/// Names are unique within a function, so that counting the required ones that were passed is enough.
bool takes_names(const Function& function, const Passed& passed) {
  if (function.arguments.empty()) return passed.names.empty() && !only_whole(passed.body);
  std::size_t required = 0;
  for (const Argument& argument : function.arguments) required += argument.required ? 1 : 0;
  for (const auto& name : passed.names) {
    const auto found = std::find_if(function.arguments.begin(), function.arguments.end(),
                                    [&](const Argument& argument) { return argument.name == name; });
    if (found == function.arguments.end()) return false;
    if (found->required) --required;
  }
  return required == 0;
}

std::string signature(const Function& function) {
  std::vector<std::string> names;
  for (const Argument& argument : function.arguments) names.push_back(argument.name);
  return "(" + joined(names) + ")";
}

std::string hint_for(const catalog::Snapshot& snapshot, const std::string& schema, const std::string& name,
                     const Passed& passed, const std::vector<const Function*>& overloads) {
  std::string near;
  if (overloads.empty()) {
    std::vector<std::string> names;
    for (const auto& function : snapshot.functions()) {
      if (function.schema == schema) names.push_back(function.name);
    }
    near = similar(name, names, 0.33);
  } else {
    std::vector<std::string> signatures;
    for (const Function* function : overloads) signatures.push_back(signature(*function));
    near = similar("(" + joined(passed.names) + ")", signatures, 0.33);
    if (!near.empty()) near.insert(0, name);
  }
  return near.empty() ? near : "Perhaps you meant to call the function " + schema + "." + near;
}

Error none(const catalog::Snapshot& snapshot, const std::string& schema, const std::string& name, const Passed& passed,
           const std::vector<const Function*>& overloads) {
  const std::string function = schema + "." + name;
  const std::string names = joined(passed.names);
  const bool whole = only_whole(passed.body);
  std::string message = "Could not find the function " + function;
  if (!whole) message += passed.names.empty() ? " without parameters" : "(" + names + ")";
  message += " in the schema cache";
  std::string details = "Searched for the function " + function;
  if (whole) {
    details += " with a single unnamed ";
    details += passed.body == CallBody::text ? "text" : passed.body == CallBody::xml ? "xml" : "bytea";
    details += " parameter";
  } else {
    if (passed.names.empty()) {
      details += " without parameters";
    } else {
      details += passed.names.size() > 1 ? " with parameters " : " with parameter ";
      details += names;
    }
    if (passed.body == CallBody::json) details += " or with a single unnamed json/jsonb parameter";
  }
  details += ", but no matches were found in the schema cache.";
  auto error = make_error(404, "PGRST202", std::move(message)).with_details(std::move(details));
  if (!whole) error.hint = hint_for(snapshot, schema, name, passed, overloads);
  return error;
}

Error ambiguous(const std::vector<const Function*>& functions) {
  std::string message = "Could not choose the best candidate function between: ";
  for (const Function* function : functions) {
    if (function != functions.front()) message += ", ";
    message += function->schema + "." + function->name + "(";
    for (const Argument& argument : function->arguments) {
      if (&argument != &function->arguments.front()) message += ", ";
      message += argument.name + " => " + argument.type.name;
    }
    message += ")";
  }
  return make_error(300, "PGRST203", std::move(message))
      .with_hint(
          "Try renaming the parameters or the function itself in the database so function overloading can be "
          "resolved");
}

}  // namespace

bool takes_body(const Function& function, CallBody body) noexcept {
  if (!function.single_unnamed()) return false;
  const std::string& type = function.arguments.front().type.name;
  switch (body) {
    case CallBody::json:
      return type == "json" || type == "jsonb";
    case CallBody::text:
      return type == "text";
    case CallBody::xml:
      return type == "xml";
    case CallBody::bytes:
      return type == "bytea";
    case CallBody::none:
    case CallBody::form:
    case CallBody::csv:
      return false;
  }
  return false;
}

Result<const Function*> find_function(const catalog::Snapshot& snapshot, const std::string& schema,
                                      const std::string& name, const Passed& passed) {
  auto overloads = snapshot.functions(schema, name);
  overloads.erase(
      std::remove_if(overloads.begin(), overloads.end(), [](const Function* found) { return found->procedure; }),
      overloads.end());
  std::vector<const Function*> by_names;
  std::vector<const Function*> by_body;
  for (const Function* function : overloads) {
    if (takes_names(*function, passed)) {
      by_names.push_back(function);
    } else if (takes_body(*function, passed.body)) {
      by_body.push_back(function);
    }
  }
  const auto& fitting = by_names.empty() ? by_body : by_names;
  if (fitting.empty()) return none(snapshot, schema, name, passed, overloads);
  if (fitting.size() > 1) return ambiguous(fitting);
  return fitting.front();
}

std::string allowed_methods(const catalog::Snapshot& snapshot, std::string_view schema, std::string_view name) {
  const auto overloads = snapshot.functions(schema, name);
  if (overloads.empty()) return {};
  const bool all_change = std::all_of(overloads.begin(), overloads.end(), [](const Function* function) {
    return function->volatility == catalog::Volatility::volatile_;
  });
  return all_change ? "OPTIONS,POST" : "OPTIONS,GET,HEAD,POST";
}

}  // namespace ballast::rest
