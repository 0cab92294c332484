#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "rest/to_query.hpp"

namespace ballast::rest {

/// Builds a Read from a select, then lets the other parameters find their place in it by embed path.
class ReadBuilder {
 public:
  /// `read` is filled; it and `parameters` outlive the builder.
  ReadBuilder(const Resolution& with, const Parameters& parameters, query::Read& read)
      : with_(with), parameters_(parameters), root_{&read, nullptr, nullptr, {}, {}, {}} {}

  Result<void> outputs(const catalog::Relation& relation);
  Result<void> orders();
  /// Limits and offsets of embeds, and those of the root when `root` is set.
  Result<void> pages();
  /// Filters and logic trees. Those of the root go to `root_where`.
  Result<void> conditions(query::Predicate& root_where);

 private:
  /// One Read of the tree, and how embed paths reach it.
  struct Node {
    query::Read* read;
    const catalog::Relation* relation;
    const catalog::Relationship* relationship;
    std::string_view alias;
    std::string_view target;
    std::vector<Node> children;
  };

  Result<void> fill(Node& node, const Select& select);
  Result<void> column(Node& node, const SelectField& item);
  Result<void> aggregate(Node& node, const SelectField& item);
  Result<void> embed(Node& node, const SelectEmbed& item);
  /// The type of a cast; none when `name` is empty.
  Result<std::optional<catalog::Type>> type(const std::string& name) const;
  Result<Node*> at(const EmbedPath& path);
  Node* child(Node& node, std::string_view name) const;
  Result<query::OrderTerm> order_term(Node& node, const Ordering& ordering);
  Result<query::Predicate> filter(Node& node, const Filter& filter);
  Result<query::Predicate> logic(Node& node, const Logic& logic);

  const Resolution& with_;
  const Parameters& parameters_;
  Node root_;
  std::optional<Error> unknown_column_;  // the first one: relationships that do not exist are told before
};

}  // namespace ballast::rest
