#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compile/compile.hpp"
#include "encode/tree_rows.hpp"
#include "graphql/document_cache.hpp"
#include "graphql/slots.hpp"

namespace ballast::graphql {

/// Everything about a query that its document, its operation and the variables that shape it decide. Immutable, shared
/// between threads.
struct CompiledQuery {
  struct Field {
    Field(std::string response_key, bool required, Position place)
        : key(std::move(response_key)), non_null(required), at(place) {}
    Field(const Field&) = delete;
    Field& operator=(const Field&) = delete;

    void use(compile::Plan compiled, encode::Shape shaped) {
      plan = std::move(compiled);
      shape = std::move(shaped);
      writer.emplace(shape);
    }

    std::string key;
    bool non_null;
    Position at;
    std::optional<std::string> json;  ///< the value, when no statement is needed
    compile::Plan plan;
    encode::Shape shape;
    std::optional<encode::TreeWriter> writer;
  };

  std::shared_ptr<const CheckedDocument> checked;  ///< keeps alive what the plans point into
  Slots slots;
  std::vector<std::unique_ptr<Field>> fields;
  std::uint64_t cost = 0;
};

/// The field's statement with the values of this request.
Result<sql::Statement> bind_values(const CompiledQuery& query, const CompiledQuery::Field& field,
                                   const Variables& variables, const sql::Dialect& dialect);

/// Can its values be replaced: does each of its slots have a place in the statement?
bool rebindable(const CompiledQuery& query);

/// The compiled queries that came last. Thread-safe.
class QueryCache {
 public:
  explicit QueryCache(std::size_t capacity) : capacity_(capacity) {}

  /// Null when unknown.
  std::shared_ptr<const CompiledQuery> find(const std::string& key);
  void insert(const std::string& key, std::shared_ptr<const CompiledQuery> query);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const CompiledQuery> query;
  };
  using Entries = std::list<Entry>;

  std::size_t capacity_;
  std::mutex mutex_;
  Entries entries_;  // the most recently used first
  std::unordered_map<std::string_view, Entries::iterator> by_key_;
};

}  // namespace ballast::graphql
