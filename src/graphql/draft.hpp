#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/box.hpp"
#include "graphql/schema.hpp"

/// What the selections of a field make of rows, before it is known in which cells the rows' values are: outputs of
/// reads are named by their aliases.
namespace ballast::graphql {

struct FaceDraft;

/// The value of a column, computed column or aggregate.
struct Leaf {
  std::string alias;
  TypeUse type;
};
/// The same in every row: `__typename`.
struct Same {
  std::string json;
};
/// The base64 of a JSON array: a nodeId, a cursor.
struct Key {
  std::string before;
  std::vector<std::string> aliases;
};
/// An object of the same row: `node`, or a to-one relationship that is joined to it (then with its embed's alias).
struct Inner {
  std::string alias;  ///< empty: of the same row
  Box<FaceDraft> face;
};
/// A collection below the row: `FaceDraft::lists[index]`.
struct Below {
  std::size_t list = 0;
};

struct MemberDraft {
  std::string key;
  std::variant<Leaf, Same, Key, Inner, Below> value;
};

struct ListDraft;
struct FaceDraft {
  std::vector<MemberDraft> members;
  std::vector<ListDraft> lists;
  bool bare = false;  ///< the one member's value alone
};

/// A read among others: a root of the tree by its number, an embed of the row above by its alias.
struct ReadName {
  std::string alias;
  std::size_t root = 0;
};

/// Rows, and everything that is shown of them.
struct RowsDraft {
  ReadName read;
  std::vector<FaceDraft> faces;
};

/// One part of a list's JSON, in the order in which it is written.
struct ListPart {
  enum class Kind : std::uint8_t { text, rows, first, last, more, count };
  Kind kind = Kind::text;
  std::string text;      ///< of `first` and `last`: what stands there when there is no row
  std::size_t rows = 0;  ///< among `ListDraft::rows`
  std::size_t face = 0;
  bool reversed = false;
  std::optional<std::uint64_t> limit;
};

/// A connection, or the rows that a mutation wrote.
struct ListDraft {
  std::vector<RowsDraft> rows;
  std::vector<ListPart> parts;
};

}  // namespace ballast::graphql
