#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ballast::batch {

/// What a batch can reach: the paths that the server serves.
struct Places {
  std::string rest;     ///< normalized: "/rest/v1", or empty for the root
  std::string graphql;  ///< empty: not served
  std::string batch;
  std::string locks;  ///< what the names of leases stand behind: "/locks/v1/"; empty: there are none
};

/// What a request of a batch is about.
enum class Target : std::uint8_t { table, function, description, graphql, lease };

/// 400 BLST440 for everything that is not REST, GraphQL or a lease of this server: other hosts, the batch itself, paths
/// with segments that are dots.
///
///     url  ::= path [ '?' query ]            printable ASCII or UTF-8, percent sequences valid, no fragment
///     path ::= graphql | rest '/' name | rest '/rpc/' name | rest | locks name
Result<Target> target_of(std::string_view path, const Places& places);

/// The characters of a whole url.
Result<void> check_url(std::string_view url);

}  // namespace ballast::batch
