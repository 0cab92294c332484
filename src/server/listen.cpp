#include <fmt/format.h>

#include "http/socket_activation.hpp"
#include "server/application.hpp"

namespace ballast::server {
namespace {

/// The message says which address is taken; the hint, how to choose another.
Error explained(Error error, const http::ListenAddress& address, std::string_view flag) {
  std::string other = "unix:PATH";
  if (!address.is_unix()) {
    http::ListenAddress next = address;
    next.port = static_cast<std::uint16_t>(address.port == 65535 ? 65534 : address.port + 1);
    other = next.to_string();
  }
  if (!error.hint.empty()) error.hint += ", for example: ";
  error.hint += fmt::format("{} {}", flag, other);
  return error;
}

}  // namespace

Result<void> Application::listen() {
  const bool with_tls = tls();
  auto activated = http::take_activated_sockets();
  for (auto& socket : activated) BALLAST_CHECKED(http_->adopt(std::move(socket.descriptor), with_tls));
  if (!activated.empty()) return {};
  for (const auto& text : running_.settings.program.listen) {
    BALLAST_TRY(const auto address, http::ListenAddress::parse(text));
    auto bound = http_->listen(address, with_tls && !address.is_unix());
    if (!bound) return explained(std::move(bound).error(), address, "--listen");
    addresses_.push_back(std::move(*bound));
  }
  return {};
}

Result<void> Application::listen_admin() {
  const auto& text = running_.settings.program.admin_listen;
  if (text.empty()) return {};
  admin_ = std::make_unique<Admin>(*storage_, *catalog_, *schema_watch_, state_, metrics_);
  http::Settings settings;
  settings.workers = 1;
  settings.max_connections = 256;
  settings.body_limit = 0;
  settings.unix_socket_mode = running_.settings.http.unix_socket_mode;
  http::Server::Hooks hooks;
  hooks.report = [this](std::string_view what) { log_->error(what); };
  admin_http_ = std::make_unique<http::Server>(
      settings, [this](http::Request& request) { return (*admin_)(request); }, no_chain_, http::ErrorRenderer(),
      std::move(hooks));
  BALLAST_TRY(const auto address, http::ListenAddress::parse(text));
  auto bound = admin_http_->listen(address);
  if (!bound) return explained(std::move(bound).error(), address, "--admin-listen");
  admin_address_ = std::move(*bound);
  return {};
}

}  // namespace ballast::server
