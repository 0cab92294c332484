#pragma once

#include <cstdint>
#include <string_view>

namespace ballast::middleware {

enum class Coding : std::uint8_t { identity, gzip, zstd };
std::string_view to_string(Coding coding) noexcept;

/// What a client wants of the codings that we have.
struct CodingChoice {
  Coding coding = Coding::identity;
  bool identity_allowed = true;  ///< may the body be sent as it is?
  friend bool operator==(const CodingChoice&, const CodingChoice&) = default;
};

/// Accept-Encoding (RFC 9110, 12.5.3): codings with weights, `*` for those that are not named, `identity` acceptable
/// unless refused. The highest weight wins; among equals zstd, gzip, identity. A malformed element is passed over.
CodingChoice choose_coding(std::string_view accept_encoding) noexcept;

}  // namespace ballast::middleware
