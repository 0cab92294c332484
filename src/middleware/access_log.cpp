#include "middleware/access_log.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "middleware/trace_parent.hpp"

namespace ballast::middleware {
namespace {

using observe::Field;
using observe::Level;

constexpr std::size_t path_limit = 512;    // of a path; longer ones are attacks or accidents
constexpr std::size_t target_limit = 768;  // with the parameters' names
constexpr std::size_t unknown = static_cast<std::size_t>(-1);

/// Answers that are somebody's fault other than the client's deserve attention.
Level level_of(int status) noexcept { return status >= 500 ? Level::error : Level::info; }

std::uint64_t size_of(const http::Body& body) noexcept {
  if (const auto* text = std::get_if<std::string>(&body)) return text->size();
  if (const auto* spool = std::get_if<std::shared_ptr<const Spool>>(&body)) return (*spool)->size();
  return unknown;
}

}  // namespace

void printable_target(std::string_view path, std::string_view query, std::string& out) {
  out.assign(path.substr(0, path_limit));
  if (path.size() > path_limit) out += "...";
  char before = '?';
  while (!query.empty() && out.size() < target_limit) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view name = query.substr(0, std::min(query.find('='), end));
    out += before;
    out += name.substr(0, 64);
    before = '&';
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

void log_request(const observe::Logger& log, const http::Request& request, const http::Response& response,
                 Duration took) {
  const Level level = level_of(response.status);
  if (!log.enabled(level)) return;
  thread_local std::string target;
  printable_target(request.path, request.query, target);
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  const std::uint64_t bytes = size_of(response.body);
  if (log.human()) {
    fmt::basic_memory_buffer<char, 1024> message;
    fmt::format_to(std::back_inserter(message), "{} {} {} in {}.{:03} ms", request.method_name, target, response.status,
                   microseconds / 1000, microseconds % 1000);
    const std::array fields{Field("role", request.principal.role), Field("request_id", request.id)};
    return log.log(level, {message.data(), message.size()}, std::span<const Field>(fields));
  }
  std::array fields{
      Field("method", request.method_name),
      Field("path", target),
      Field("route", request.route),
      Field("status", response.status),
      Field("us", microseconds),
      Field("request_id", request.id),
      Field("role", request.principal.role),
      Field("client", request.peer_address),
      Field("request_bytes", request.body.size()),
      Field("bytes", bytes),
      Field("trace_id", trace_id_of(request.trace_parent)),
  };
  // Nothing is said of a streamed answer's size, which is not known yet, and of a trace when there is none.
  std::size_t count = fields.size() - 2;
  if (bytes != unknown) ++count;
  if (!request.trace_parent.empty()) fields[count++] = fields.back();
  log.log(level, "request", std::span<const Field>(fields).first(count));
}

http::Reply AccessLogger::handle(http::Request& request, http::Next next) const {
  http::Response response = co_await next(request);
  if (which_ == AccessLog::all || response.status >= 400) {
    log_request(log_, request, response, clock_.now() - request.received);
  }
  co_return response;
}

}  // namespace ballast::middleware
