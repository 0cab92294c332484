#pragma once

#include <string>

#include "graphql/ast.hpp"

namespace ballast::graphql {

/// The document in one canonical form, which parses to the same document but for positions: operations before
/// fragments, two blanks per level, strings in one line.
std::string print(const Document& document);
std::string print(const Value& value);
std::string print(const TypeReference& type);

}  // namespace ballast::graphql
