#include "batch/target.hpp"

#include <algorithm>

#include "http/request.hpp"
#include "http/target.hpp"

namespace ballast::batch {
namespace {

Error not_served(std::string_view path) {
  return make_error(400, "BLST440", "\"" + std::string(path.substr(0, 200)) + "\" is no path that a batch can ask for")
      .with_hint("expected a table or function of the REST API, the GraphQL endpoint, or a lease");
}

bool is_dots(std::string_view segment) {
  const auto decoded = http::percent_decode(segment, false);
  return !decoded || *decoded == "." || *decoded == "..";
}

bool has_dots(std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (is_dots(path.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

Result<void> check_url(std::string_view url) {
  const bool relative = url.starts_with('/') && !url.starts_with("//");
  if (!relative) {
    return make_error(400, "BLST440", "expected \"url\" to be a path of this server that starts with /");
  }
  const bool printable =
      std::all_of(url.begin(), url.end(), [](unsigned char c) { return c > 0x20 && c != 0x7F && c != '\\'; });
  if (!printable) {
    return make_error(400, "BLST440", "expected \"url\" to hold no blanks, backslashes and control characters")
        .with_hint("percent-encode them: %20 is a blank");
  }
  if (auto parsed = http::parse_target(http::Method::get, url); !parsed) {
    Error error = std::move(parsed).error();
    error.code = "BLST440";
    return error;
  }
  return {};
}

Result<Target> target_of(std::string_view path, const Places& places) {
  if (path == places.batch) return not_served(path);
  if (!places.graphql.empty() && path == places.graphql) return Target::graphql;
  if (!places.locks.empty() && path.starts_with(places.locks)) {
    const std::string_view name = path.substr(places.locks.size());
    if (name.empty() || has_dots(name)) return not_served(path);
    return Target::lease;
  }
  if (!path.starts_with(places.rest)) return not_served(path);
  std::string_view rest = path.substr(places.rest.size());
  if (rest.empty() || rest == "/") return Target::description;
  if (!rest.starts_with('/')) return not_served(path);
  rest.remove_prefix(1);
  Target target = Target::table;
  if (rest.starts_with("rpc/")) {
    target = Target::function;
    rest.remove_prefix(4);
  }
  if (rest.empty() || rest.find('/') != std::string_view::npos || is_dots(rest)) return not_served(path);
  return target;
}

}  // namespace ballast::batch
