#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/response.hpp"

namespace ballast::http {

/// How the bytes behind a header are delimited (RFC 9112, 6.3).
enum class Framing : std::uint8_t {
  none,  ///< no body and no word about one: 204, 304, or HEAD of an unknown length
  content_length,
  chunked,
  close,  ///< the connection's end is the body's: HTTP/1.0 and an unknown length
};

/// What the session knows about an answer besides what the handler said.
struct HeadFacts {
  std::string_view date;  ///< IMF-fixdate
  Framing framing = Framing::content_length;
  std::uint64_t length = 0;
  bool keep_alive = true;
  bool http11 = true;  ///< the client's version
};

/// Appends status line and header, to the empty line. Date, Connection, Content-Length and Transfer-Encoding are the
/// session's: what the handler put there is dropped. CR, LF and NUL in values become spaces, so that no value can
/// start a header of its own.
void append_head(std::string& out, const Response& response, const HeadFacts& facts);

/// RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`.
std::string http_date(std::int64_t unix_seconds);

}  // namespace ballast::http
