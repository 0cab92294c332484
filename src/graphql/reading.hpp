#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "graphql/collect.hpp"
#include "graphql/draft.hpp"
#include "graphql/slots.hpp"
#include "query/operation.hpp"

namespace ballast::graphql {

struct ReadingSettings {
  std::uint64_t max_rows = 30;  ///< of a page, where no directive says otherwise
  /// Followed by one operation. Each is a join or a part of the statement, and fragments that spread each other within
  /// fields multiply them.
  std::size_t max_relationships = 100;
};

/// What a root field reads, and what its value is made of.
struct Reading {
  query::Tree tree;
  ListDraft value;  ///< the field's whole value
};

/// Turns collected fields into reads and drafts.
class Reader {
 public:
  /// All outlive the reader.
  Reader(const Schema& schema, Collector& collector, Slots& slots, ReadingSettings settings)
      : schema_(schema), collector_(collector), slots_(slots), settings_(settings) {}

  Slots& slots() const noexcept { return slots_; }

  /// A collection of the query's root. 400 for a page that cannot be.
  Result<Reading> collection(const CollectedField& field, const catalog::Relation& relation);
  /// One row, or null: by its key, its nodeId, or the only one that `where` finds.
  Result<Reading> row(const CollectedField& field, const catalog::Relation& relation, query::Predicate where);
  /// The outputs and the face of rows of `type`, as `field` selects them.
  Result<FaceDraft> face(const CollectedField& field, const TypeDefinition& type, query::Read& read);
  /// A scalar that a function gives.
  static FaceDraft scalar(const CollectedField& field, const std::string& alias);

 private:
  struct Source;
  Result<ListDraft> connection(const CollectedField& field, const catalog::Relation& relation, Source& source);
  Result<void> member(const CollectedField& field, const TypeDefinition& type, query::Read& read, FaceDraft& face);
  Result<void> related(const CollectedField& field, query::Read& read, FaceDraft& face);
  Result<FaceDraft> edge(const CollectedField& field, const std::vector<query::OrderTerm>& order, query::Read& read);
  Result<FaceDraft> aggregate(const CollectedField& field, query::Read& totals);

  const Schema& schema_;
  Collector& collector_;
  Slots& slots_;
  ReadingSettings settings_;
  std::size_t relationships_ = 0;
};

/// The alias of a column among the read's outputs, added when it is not there.
std::string column_alias(query::Read& read, query::ColumnPath column);

}  // namespace ballast::graphql
