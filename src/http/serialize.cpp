#include "http/serialize.hpp"

#include <fmt/format.h>

#include <charconv>
#include <ctime>

#include "base/word.hpp"
#include "http/iequals.hpp"
#include "http/status.hpp"

namespace ballast::http {
namespace {

void append_number(std::string& out, std::uint64_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::uint64_t>(status));
  out += ' ';
  out += reason_phrase(status);
  out += "\r\n";
}

void append_value(std::string& out, std::string_view value) {
  const std::size_t start = out.size();
  out += value;
  for (std::size_t i = start; i < out.size(); ++i) {
    while (i + 8 <= out.size() && !word::has_below(word::load(out.data() + i), 0x0e)) i += 8;
    if (i == out.size()) break;
    if (out[i] == '\r' || out[i] == '\n' || out[i] == '\0') out[i] = ' ';
  }
}

bool is_the_sessions(std::string_view name) noexcept {
  switch (name.size()) {
    case 4:
      return iequals(name, "date");
    case 10:
      return iequals(name, "connection");
    case 14:
      return iequals(name, "content-length");
    case 17:
      return iequals(name, "transfer-encoding");
    default:
      return false;
  }
}

}  // namespace

void append_head(std::string& out, const Response& response, const HeadFacts& facts) {
  append_status_line(out, response.status);
  for (const auto& [name, value] : response.headers) {
    if (is_the_sessions(name)) continue;
    append_value(out, name);
    out += ": ";
    append_value(out, value);
    out += "\r\n";
  }
  out += "Date: ";
  out += facts.date;
  switch (facts.framing) {
    case Framing::content_length:
      out += "\r\nContent-Length: ";
      append_number(out, facts.length);
      break;
    case Framing::chunked:
      out += "\r\nTransfer-Encoding: chunked";
      break;
    case Framing::none:
    case Framing::close:
      break;
  }
  if (!facts.keep_alive) {
    out += "\r\nConnection: close";
  } else if (!facts.http11) {
    out += "\r\nConnection: keep-alive";
  }
  out += "\r\n\r\n";
}

std::string http_date(std::int64_t unix_seconds) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t when = unix_seconds;
  std::tm utc{};
  ::gmtime_r(&when, &utc);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon],
                     utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace ballast::http
