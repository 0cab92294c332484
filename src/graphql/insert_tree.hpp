#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "graphql/schema.hpp"
#include "query/operation.hpp"

namespace ballast::graphql {

/// A row to insert, some of whose columns take the values of rows that were inserted before it.
struct RowInsert {
  const catalog::Relation* relation = nullptr;
  std::vector<std::pair<std::string, std::string>> values;  ///< column and JSON value, as given
  struct Taken {
    std::string column;
    std::size_t from = 0;  ///< number of the row
    std::string source;    ///< that row's column
  };
  std::vector<Taken> taken;
  std::vector<std::string> returned;  ///< columns that other rows, or the answer, need
};

/// The rows of nested inserts in an order in which each comes after those it refers to.
struct InsertTree {
  std::vector<RowInsert> rows;
  std::vector<std::size_t> roots;  ///< numbers of the rows that the field itself inserts
};

/// Rows of `objects` and all that is nested in them. 400 when a value does not fit.
Result<InsertTree> to_insert_tree(const Input& objects, const TypeDefinition& type, const catalog::Relation& relation,
                                  const Schema& schema);

/// Does an object have others nested in it?
bool has_nested(const Input& objects, const TypeDefinition& type);

/// The JSON of a value for a column; of a JSON column, the JSON that a string holds. 400 22P02 when it holds none.
Result<std::string> column_json(const Input& value, const InputField& field);

}  // namespace ballast::graphql
