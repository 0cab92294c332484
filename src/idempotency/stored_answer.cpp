#include "idempotency/stored_answer.hpp"

#include <optional>
#include <string_view>

namespace ballast::idempotency {
namespace {

std::optional<std::string> bytes_of(const http::Body& body, std::size_t most) {
  if (const auto* text = std::get_if<std::string>(&body)) {
    return text->size() <= most ? std::optional(*text) : std::nullopt;
  }
  const auto* spool = std::get_if<std::shared_ptr<const Spool>>(&body);
  if (spool == nullptr || (*spool)->size() > most) return std::nullopt;
  std::string bytes((*spool)->size(), '\0');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t read = (*spool)->read(at, std::span(bytes).subspan(at));
    if (read == 0) return std::nullopt;
    at += read;
  }
  return bytes;
}

bool describes_body(std::string_view name) { return name == "Content-Type" || name == "ETag"; }

}  // namespace

StoredAnswer store(const http::Response& response, std::size_t max_body) {
  StoredAnswer answer;
  answer.status = response.status;
  auto bytes = bytes_of(response.body, max_body);
  for (const auto& [name, value] : response.headers) {
    if (name == "Server-Timing" || (!bytes && describes_body(name))) continue;
    answer.headers += name + ": " + value + '\n';
  }
  if (bytes) {
    answer.body = std::move(*bytes);
  } else if (answer.status == 200) {
    answer.status = 204;
  }
  return answer;
}

http::Response restore(StoredAnswer answer) {
  http::Response response;
  response.status = answer.status;
  std::string_view rest = answer.headers;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) response.add(line.substr(0, colon), std::string(line.substr(colon + 2)));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  response.body = std::move(answer.body);
  return response;
}

}  // namespace ballast::idempotency
