#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Appending JSON to a string, in the spelling PostgreSQL's own to_json uses.
namespace ballast::json {

/// The text as a quoted JSON string. Bytes that are no UTF-8 become U+FFFD, since JSON cannot carry them.
void append_string(std::string& out, std::string_view text);

/// As `append_string`, without the quotes around it.
void append_escaped(std::string& out, std::string_view text);

void append_integer(std::string& out, std::int64_t value);

/// The shortest text that reads back as the same double, spelt as PostgreSQL's float8: `0.1`, `1`, `1e+20`, `1e-05`.
/// What JSON numbers cannot say is a string: `"NaN"`, `"Infinity"`, `"-Infinity"`.
void append_double(std::string& out, double value);

/// As `append_double`, without quotes around NaN and the infinities.
void append_double_text(std::string& out, double value);

/// Does the text spell a number as JSON's grammar (RFC 8259 section 6) has it?
bool is_number(std::string_view text) noexcept;

}  // namespace ballast::json
