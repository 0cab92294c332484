#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "query/operation.hpp"

/// What a URL says, before anybody has looked whether the names exist.
namespace ballast::rest {

/// A column and a path into its JSON.
struct Field {
  std::string name;
  std::vector<query::JsonStep> path;
  friend bool operator==(const Field&, const Field&) = default;
};

struct SelectItem;
using Select = std::vector<SelectItem>;

struct SelectStar {
  friend bool operator==(SelectStar, SelectStar) = default;
};

struct SelectField {
  std::string alias;  ///< empty: named after the field
  Field field;        ///< empty name: `count()`
  std::string cast;   ///< empty: none
  std::optional<query::Aggregate> aggregate;
  std::string aggregate_cast;
  friend bool operator==(const SelectField&, const SelectField&) = default;
};

struct SelectEmbed {
  std::string alias;  ///< empty: named after the target
  std::string target;
  std::string hint;
  query::Join join = query::Join::left;
  bool spread = false;
  Select items;  ///< empty: filters only
  friend bool operator==(const SelectEmbed&, const SelectEmbed&);
};

struct SelectItem {
  std::variant<SelectStar, SelectField, SelectEmbed> node;
  friend bool operator==(const SelectItem&, const SelectItem&) = default;
};
inline bool operator==(const SelectEmbed& a, const SelectEmbed& b) {
  return a.alias == b.alias && a.target == b.target && a.hint == b.hint && a.join == b.join && a.spread == b.spread &&
         a.items == b.items;
}

/// `op[(any|all)].value`; of a quantified comparison `value` is a PostgreSQL array literal.
struct Comparison {
  query::Op op = query::Op::eq;
  query::Quantifier quantifier = query::Quantifier::one;
  std::string value;
  int slot = -1;  ///< see query::Value
  friend bool operator==(const Comparison&, const Comparison&) = default;
};
struct InList {
  std::vector<std::string> values;
  friend bool operator==(const InList&, const InList&) = default;
};
struct FullTextMatch {
  query::FullTextMode mode = query::FullTextMode::fts;
  std::string language;
  std::string query;
  friend bool operator==(const FullTextMatch&, const FullTextMatch&) = default;
};

/// `[not.]operation`.
struct Condition {
  bool negated = false;
  std::variant<Comparison, InList, query::Is, FullTextMatch> operation;
  friend bool operator==(const Condition&, const Condition&) = default;
};

struct Filter {
  Field field;
  Condition condition;
  friend bool operator==(const Filter&, const Filter&) = default;
};

/// `and(…)`, `or(…)`, `not.and(…)`, or a filter.
struct Logic {
  struct Group {
    bool negated = false;
    bool any = false;  ///< or
    std::vector<Logic> members;
    friend bool operator==(const Group&, const Group&);
  };
  std::variant<Filter, Group> node;
  friend bool operator==(const Logic&, const Logic&) = default;
};
inline bool operator==(const Logic::Group& a, const Logic::Group& b) {
  return a.negated == b.negated && a.any == b.any && a.members == b.members;
}

struct Ordering {
  std::string embed;  ///< `embed(field)`
  Field field;
  query::Direction direction = query::Direction::ascending;
  query::Nulls nulls = query::Nulls::unset;
  friend bool operator==(const Ordering&, const Ordering&) = default;
};

/// The names of the embeds between the root and what a parameter is about: `a.b.col=…` → {a, b}.
using EmbedPath = std::vector<std::string>;

template <class T>
struct At {
  EmbedPath path;
  T value;
  friend bool operator==(const At&, const At&) = default;
};

}  // namespace ballast::rest
