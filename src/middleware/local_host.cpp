#include "middleware/local_host.hpp"

#include <boost/asio/ip/address.hpp>

#include "http/iequals.hpp"

namespace ballast::middleware {
namespace {

/// host [ ":" port ] without the port.
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool is_local(std::string_view host) {
  constexpr std::string_view suffix = ".localhost";
  if (host.empty() || http::iequals(host, suffix.substr(1))) return true;
  if (host.size() > suffix.size() && http::iequals(host.substr(host.size() - suffix.size()), suffix)) return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  return !no_address && address.is_loopback();
}

}  // namespace

http::Reply LocalHost::handle(http::Request& request, http::Next next) const {
  const auto host = request.headers.find("Host");
  if (!host || is_local(without_port(*host))) return next(request);
  return http::ready(
      render_(request, make_error(403, "BLST403", "development mode answers only to localhost")
                           .with_hint("call it as http://localhost, or use ballast serve for other names")));
}

}  // namespace ballast::middleware
