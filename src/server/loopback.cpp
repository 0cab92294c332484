#include "server/loopback.hpp"

#include <fmt/format.h>

#include "http/listen_address.hpp"

namespace ballast::server {

void keep_on_loopback(config::Loaded& loaded) {
  const auto& program = loaded.settings.program;
  const auto check_address = [&loaded](std::string_view setting, const std::string& text) {
    const auto address = http::ListenAddress::parse(text);
    if (!address || address->is_unix() || address->is_loopback()) return;
    loaded.problems.push_back(
        {loaded.origin(setting).where,
         fmt::format("{}: \"{}\" can be reached from the network, and development mode opens everything to "
                     "everybody",
                     setting, text),
         "use an address such as 127.0.0.1:8080, or ballast serve"});
  };
  for (const auto& text : program.listen) check_address("listen", text);
  if (!program.admin_listen.empty()) check_address("admin.listen", program.admin_listen);
}

}  // namespace ballast::server
