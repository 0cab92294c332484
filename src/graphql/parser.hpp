#pragma once

#include <string_view>
#include <variant>

#include "graphql/ast.hpp"
#include "graphql/problem.hpp"
#include "graphql/settings.hpp"

namespace ballast::graphql {

/// An executable document, or the first thing that is wrong with it: `GRAPHQL_PARSE_FAILED` with its place. Type
/// system definitions are refused. Descriptions (September 2025) are for readers and not kept. Whether names are
/// unique, known and used is validation's question.
std::variant<Document, Problem> parse(std::string_view source, const ParseLimits& limits);

}  // namespace ballast::graphql
