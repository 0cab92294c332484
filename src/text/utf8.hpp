#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
namespace ballast::text {

/// Length of the valid sequence at the start of `text` (1–4), or 0 when there is none.
std::size_t sequence_length(std::string_view text) noexcept;

bool valid_utf8(std::string_view text) noexcept;

/// Appends `text` with every byte that starts no valid sequence replaced by U+FFFD.
void append_valid_utf8(std::string& out, std::string_view text);

/// Appends a code point; surrogates and values above U+10FFFF become U+FFFD.
void append_code_point(std::string& out, std::uint32_t code_point);

/// The valid sequence at the start of `text`, decoded; `length` receives 1–4, or 0 and U+FFFD when there is none.
std::uint32_t decode_utf8(std::string_view text, std::size_t& length) noexcept;

}  // namespace ballast::text
