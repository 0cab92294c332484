#include "rest/target.hpp"

#include "http/request.hpp"
#include "text/utf8.hpp"

namespace ballast::rest {
namespace {

Error no_such_path() { return make_error(404, "PGRST125", "Invalid path specified in request URL"); }

}  // namespace

std::string normalized_base(std::string_view base) {
  while (base.ends_with('/')) base.remove_suffix(1);
  while (base.starts_with('/')) base.remove_prefix(1);
  return base.empty() ? std::string() : "/" + std::string(base);
}

Result<Target> parse_target(std::string_view path, std::string_view base) {
  const std::string prefix = normalized_base(base);
  if (!path.starts_with(prefix)) return no_such_path();
  std::string_view rest = path.substr(prefix.size());
  if (rest.empty() || rest == "/") return Target{};
  if (!rest.starts_with('/')) return no_such_path();
  rest.remove_prefix(1);
  Target target;
  target.kind = Target::Kind::relation;
  if (rest.starts_with("rpc/")) {
    target.kind = Target::Kind::function;
    rest.remove_prefix(std::string_view("rpc/").size());
  }
  if (rest.empty() || rest.find('/') != std::string_view::npos) return no_such_path();
  auto name = http::percent_decode(rest, false);
  if (!name || !text::valid_utf8(*name)) return no_such_path();
  target.name = std::move(*name);
  return target;
}

}  // namespace ballast::rest
