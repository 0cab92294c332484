#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "graphql/directive_settings.hpp"
#include "graphql/limits.hpp"
#include "graphql/settings.hpp"

namespace ballast::graphql {

/// Settings of the GraphQL endpoint (`graphql.*`).
struct Settings {
  bool enabled = true;
  std::string path = "/graphql/v1";
  enum class Errors : std::uint8_t { full, compatible };
  Errors errors = Errors::full;  ///< compatible: `message` alone, in pg_graphql's words
  bool extensions = true;        ///< onConflict, nested inserts, `_increment`
  bool introspection = false;    ///< always on in development
  bool graphiql = false;         ///< the page for browsers; always on in development
  std::uint64_t max_rows = 30;   ///< of a page, where no directive says otherwise
  /// Estimated rows that an operation may touch (see cost.hpp); 0: no bound.
  std::uint64_t max_cost = 1'000'000;
  std::size_t max_root_fields = 50;
  std::size_t batch = 10;              ///< operations in one request; 1: none are batched
  std::size_t document_cache = 1'000;  ///< parsed and validated documents that are kept, each role's apart
  std::size_t answer_limit = 64U << 20;
  bool persisted_only = false;          ///< only the documents of `persisted` run
  std::string persisted;                ///< a JSON file: {"sha256 of the document": "document"}
  std::size_t persisted_cache = 1'000;  ///< documents that clients registered by automatic persisted queries
  ParseLimits parse;
  ValidationLimits validation;
  CoercionLimits coercion;
  CollectLimits collect;
  IntrospectionLimits introspection_limits;
  Directives directives;
};

}  // namespace ballast::graphql
