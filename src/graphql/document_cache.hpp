#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/ast.hpp"
#include "graphql/problem.hpp"
#include "graphql/schema.hpp"
#include "graphql/slots.hpp"

namespace ballast::graphql {

/// A document that was parsed and found valid for a schema, or what is wrong with it.
struct CheckedDocument {
  Document document;
  Problems problems;
  SchemaPtr schema;          ///< that it was checked against
  std::vector<Slots> slots;  ///< of each operation; none when there are problems

  /// Of one of the document's operations.
  const Slots& slots_of(const Operation& operation) const {
    return slots[static_cast<std::size_t>(&operation - document.operations.data())];
  }
};

/// The documents that came last, by their text and schema. Thread-safe.
class DocumentCache {
 public:
  explicit DocumentCache(std::size_t capacity) : capacity_(capacity) {}

  /// Null when it is not known for this schema.
  std::shared_ptr<const CheckedDocument> find(std::string_view text, const SchemaPtr& schema);
  /// Replaces what is there; drops what was not used for longest.
  void insert(std::string text, std::shared_ptr<const CheckedDocument> checked);

 private:
  struct Entry {
    std::string text;
    std::shared_ptr<const CheckedDocument> checked;
  };
  using Entries = std::list<Entry>;
  struct Key {
    std::string_view text;
    const Schema* schema;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept {
      return std::hash<std::string_view>{}(key.text) ^ std::hash<const Schema*>{}(key.schema);
    }
  };

  std::size_t capacity_;
  std::mutex mutex_;
  Entries entries_;  // the most recently used first
  std::unordered_map<Key, Entries::iterator, Hash> by_key_;
};

}  // namespace ballast::graphql
