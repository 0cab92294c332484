#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "graphql/answer_media.hpp"
#include "graphql/http_request.hpp"

/// The first line is the request's Accept and Content-Type, the rest its body; the same text is a URL's parameters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ballast;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string line = text.substr(0, text.find('\n'));
  (void)graphql::answer_media(line);
  (void)graphql::prefers_page(line);
  const graphql::Settings settings;
  http::Request request;
  request.method = http::Method::post;
  request.headers.add("Content-Type", line);
  if (line.size() < text.size()) request.body = text.substr(line.size() + 1);
  const auto posted = graphql::read_operations(request, settings);
  if (posted && (posted->operations.empty() || posted->operations.size() > settings.batch)) std::abort();
  request.method = http::Method::get;
  request.query = text;
  const auto asked = graphql::read_operations(request, settings);
  if (asked && (asked->operations.size() != 1 || !asked->read_only)) std::abort();
  return 0;
}
