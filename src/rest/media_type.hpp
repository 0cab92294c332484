#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "rest/accept.hpp"

namespace ballast::rest {

/// What an answer can look like. `raw` is one value as it stands.
enum class Media : std::uint8_t { json, json_stripped, object, object_stripped, csv, raw };

bool is_single(Media media) noexcept;
bool strips_nulls(Media media) noexcept;
/// The Content-Type of an answer; empty for `raw`.
std::string_view content_type(Media media) noexcept;

/// PostgREST's own types: objects, arrays, without nulls or with them.
std::optional<Media> vendor_media(const AcceptRange& range) noexcept;
/// JSON, CSV and ranges that they lie in.
std::optional<Media> standard_media(const AcceptRange& range) noexcept;

/// What a request body is written in.
enum class BodyType : std::uint8_t { json, csv, form };

/// JSON when absent. 415 PGRST102 for other types.
Result<BodyType> body_type(std::string_view content_type);

}  // namespace ballast::rest
