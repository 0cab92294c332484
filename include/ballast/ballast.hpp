#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/handler.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

/// Ballast inside a program of your own: the same server, with your routes and middlewares beside its API.
///
///     ballast::Server server;
///     server.set("database", "shop.db").set("listen", "127.0.0.1:8080").settings_file("ballast.toml");
///     server.get("/hello", [](ballast::http::Request&) {
///       return ballast::http::ready(ballast::http::json_response(200, R"({"hello":"world"})"));
///     });
///     return server.run();
namespace ballast {

/// Configured, then run (or started and stopped) once. Not thread-safe while being configured.
class Server {
 public:
  Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// A setting by the name that docs/reference/settings.md lists. Stronger than the settings file and the environment;
  /// a wrong name or value is told by `start`. Calls for a list add up.
  Server& set(std::string name, std::string value);
  /// Read at the start and on every reload. Without a call no file is read.
  Server& settings_file(std::string path);
  /// BALLAST_* variables count too. They don't otherwise: a library should not look there unasked.
  Server& use_environment();
  /// As `ballast dev`: everybody may do everything, on loopback only.
  Server& development();

  /// An answer of your own at exactly that path, behind the whole middleware chain. Handlers are called on every
  /// worker's thread, so what they share needs to be thread-safe; they must not block.
  Server& route(http::Method method, std::string path, http::Handler handler);
  Server& get(std::string path, http::Handler handler) {
    return route(http::Method::get, std::move(path), std::move(handler));
  }
  Server& post(std::string path, http::Handler handler) {
    return route(http::Method::post, std::move(path), std::move(handler));
  }
  /// Everything below `prefix`, with every method.
  Server& prefix(std::string prefix, http::Handler handler);
  /// A middleware between Ballast's own (so the caller is known already) and the handlers. `make` is called at the
  /// start and on every reload.
  Server& use(std::function<std::unique_ptr<http::Middleware>()> make);

  /// Opens the database, listens and serves on threads of its own. An error says what to do about it.
  Result<void> start();
  /// With real ports, as text: "127.0.0.1:8080". After `start`.
  std::vector<std::string> addresses() const;
  std::string admin_address() const;
  /// Settings, certificates and schema.
  void reload();
  /// Stops accepting, finishes what is under way within `shutdown.grace`, and ends. True when nothing had to be cut.
  bool stop();

  /// `start`, then serve until SIGTERM or SIGINT, reloading on SIGHUP. The exit status; errors go to standard error.
  int run();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast
