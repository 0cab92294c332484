#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "rest/settings.hpp"

/// What a request passes to a function, before anybody knows which one.
namespace ballast::rest {

/// What the body is written in. Text, XML and bytes can only be a function's single unnamed argument; JSON may be.
enum class CallBody : std::uint8_t { none, json, form, csv, text, xml, bytes };

struct Passed {
  CallBody body = CallBody::none;
  std::vector<std::string> names;  ///< of the arguments, each once, sorted
  /// Values as text, of a query string or a form, in the order sent; a name may come again.
  std::vector<std::pair<std::string, std::string>> values;
  std::string object;  ///< the JSON object that holds the values by name; of an array the first one
  std::string raw;     ///< the body as it came
};

/// GET and HEAD: every parameter that is neither reserved nor a filter is an argument. A filter's key has a dot in it
/// (of an embed), or its value begins with an operator. `filters` gets the rest of the query string.
///
///     argument ::= name '=' value                      value does not begin with [ 'not.' ] operator ( '.' | '(' )
Result<Passed> passed_in_query(std::string_view query, std::string& filters);

/// The kind of a POST's body; JSON when absent. 415 PGRST102 for other types.
Result<CallBody> call_body(std::string_view content_type);

/// POST. `columns`, when the client named them, are the only keys heeded.
Result<Passed> passed_in_body(CallBody type, std::string body, const std::optional<std::vector<std::string>>& columns,
                              const Settings& settings);

}  // namespace ballast::rest
