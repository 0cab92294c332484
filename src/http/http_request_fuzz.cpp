// Requests from arbitrary bytes. The oracle: however the bytes are cut, the same requests come out, no view leaves the
// buffer, and what was accepted obeys the limits and is framed one way only.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "http/iequals.hpp"
#include "http/parser.hpp"

namespace {

using namespace ballast::http;

void require(bool condition) {
  if (!condition) std::abort();
}

bool inside(std::string_view view, std::string_view whole) {
  return view.empty() || view == "/" ||
         (view.data() >= whole.data() && view.data() + view.size() <= whole.data() + whole.size());
}

/// What was made of the bytes, as text: one line per accepted request.
std::vector<std::string> requests(std::string_view bytes, std::size_t step, const Settings& settings) {
  std::vector<std::string> found;
  Request request;
  Parser parser(settings, request);
  std::size_t start = 0;
  std::string block;
  while (start < bytes.size() && found.size() < 8) {
    parser.reset();
    request.body.clear();
    std::size_t shown = start;
    Parser::State state = Parser::State::incomplete;
    while (state == Parser::State::incomplete && shown < bytes.size()) {
      shown = std::min(shown + step, bytes.size());
      block.assign(bytes.substr(start, shown - start));
      state = parser.header(block);
    }
    if (state != Parser::State::complete) return found;
    require(parser.header_size() <= settings.header_limit);
    require(request.target.size() <= settings.target_limit);
    for (const std::string_view view : {request.method_name, request.target, request.path, request.query}) {
      require(inside(view, block));
    }
    std::string line =
        std::string(request.method_name) + ' ' + std::string(request.path) + '?' + std::string(request.query);
    for (const auto& [name, value] : request.headers.fields()) {
      require(inside(name, block) && inside(value, block));
      require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
      line += std::string(name) + ':' + std::string(value) + ';';
    }
    require(request.headers.count("Host") <= 1);
    require(!(request.headers.find("Content-Length") && request.headers.find("Transfer-Encoding")));
    start += parser.header_size();
    if (parser.chunked()) {
      std::string window;
      state = Parser::State::incomplete;
      std::size_t at = start;
      while (state == Parser::State::incomplete && at < bytes.size()) {
        const std::size_t n = std::min(step, bytes.size() - at);
        window += bytes.substr(at, n);
        at += n;
        std::size_t used = 0;
        state = parser.chunks(window, used);
        window.erase(0, used);
        start += used;
      }
      if (state != Parser::State::complete) return found;
      require(request.body.size() <= settings.body_limit);
    } else {
      require(parser.content_length() <= settings.body_limit);
      if (parser.content_length() > bytes.size() - start) return found;
      request.body = bytes.substr(start, static_cast<std::size_t>(parser.content_length()));
      start += request.body.size();
    }
    found.push_back(line + request.body);
  }
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Settings settings;
  settings.header_limit = 2048;
  settings.target_limit = 256;
  settings.body_limit = 512;
  settings.header_count_limit = 16;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = requests(bytes, bytes.size() + 1, settings);
  require(whole == requests(bytes, 1, settings));
  require(whole == requests(bytes, 2 + data[0] % 64U, settings));
  for (const bool plus : {false, true}) {
    if (const auto decoded = percent_decode(bytes, plus)) {
      require(decoded->size() <= bytes.size() && decoded->find('\0') == std::string::npos);
    }
  }
  return 0;
}
