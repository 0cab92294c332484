#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/relation.hpp"

namespace ballast::catalog {

/// What an operator says of a table that the database does not tell.
struct Declaration {
  std::string version_column;  ///< empty: none
  bool requires_version = false;
};

/// By the relation's name, alone or behind its schema and a dot.
using Declarations = std::map<std::string, Declaration, std::less<>>;

/// Takes over what is declared of the relations that are there. An error names a version column that its table does not
/// have, or that no integer can be stored in.
Result<void> declare(std::vector<Relation>& relations, const Declarations& declarations);

/// The first declaration of a relation that is not there; empty: none.
std::string undeclarable(const std::vector<Relation>& relations, const Declarations& declarations);

}  // namespace ballast::catalog
