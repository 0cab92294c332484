#pragma once

#include <cstddef>

namespace ballast::graphql {

/// Bounds of one document's text, kept before anything is known about its meaning.
struct ParseLimits {
  /// Of the source: a few milliseconds' work at worst, whatever it says. Bulk data belongs into variables, which are
  /// bounded with the request's body.
  std::size_t max_bytes = std::size_t{512} << 10;
  /// Lexical tokens; an alias with its field has three. Large clients send some hundred, tools that introspect as many.
  std::size_t max_tokens = 15'000;
  /// Nesting of selection sets, lists, objects and list types, counted together. A relation takes three levels
  /// (`collection { edges { node {`). What walks a document recurses as deep: some hundred bytes of stack per level.
  int max_depth = 100;
};

}  // namespace ballast::graphql
