#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ballast::rest {

/// What an answer can look like.
enum class Media : std::uint8_t { json, json_stripped, object, object_stripped, csv };

bool is_single(Media media) noexcept;
bool strips_nulls(Media media) noexcept;
/// The Content-Type of an answer.
std::string_view content_type(Media media) noexcept;

/// Chooses by the Accept header (RFC 9110 section 12.5.1): the highest quality first, then the order given; empty or
/// absent accepts everything. 406 PGRST107 when nothing fits.
Result<Media> negotiate(std::string_view accept);

/// What a request body is written in.
enum class BodyType : std::uint8_t { json, csv, form };

/// JSON when absent. 415 PGRST102 for other types.
Result<BodyType> body_type(std::string_view content_type);

}  // namespace ballast::rest
