#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "cli/command.hpp"
#include "cli/sources.hpp"
#include "cli/terminal.hpp"
#include "server/banner.hpp"
#include "server/lifecycle.hpp"
#include "server/loopback.hpp"

namespace ballast::cli {
namespace {

std::string database_of(const Arguments& arguments) {
  return arguments.positional.empty() ? std::string() : arguments.positional.front();
}

int serve(const Arguments& arguments, bool development) {
  const auto load = [arguments, development] {
    auto loaded = load_settings({arguments, database_of(arguments), development});
    if (development) server::keep_on_loopback(loaded);
    return loaded;
  };
  server::Options options;
  options.loaded = load();
  if (!options.loaded.ok()) return report(options.loaded.problems);
  options.load_again = load;
  options.development = development;

  const std::string path = server::database_path(options.loaded.settings.program.database);
  std::error_code ec;
  const bool is_new = !server::is_postgres(options.loaded.settings) && !std::filesystem::exists(path, ec);
  server::hold_signals();
  auto application = server::Application::make(std::move(options));
  if (!application) {
    print_error(application.error());
    return failure;
  }
  auto& app = **application;
  if (auto started = app.start(); !started) {
    print_error(started.error());
    return failure;
  }
  if (is_new)
    app.log().info("created an empty database: tables are served as soon as they are there", {{"database", path}});
  if (is_terminal(2)) {
    std::fputs(server::banner(app, wants_colours(2)).c_str(), stderr);
  } else {
    std::string addresses;
    for (const auto& address : app.addresses()) addresses += (addresses.empty() ? "" : ",") + address.to_string();
    if (addresses.empty()) addresses = "the service manager's sockets";
    app.log().info("serving",
                   {{"listen", addresses},
                    {"admin", app.settings().program.admin_listen.empty() ? "" : app.admin_address().to_string()},
                    {"database", app.database()},
                    {"relations", app.catalog() == nullptr ? 0 : app.catalog()->relations().size()},
                    {"mode", development ? "development" : "production"},
                    {"version", BALLAST_VERSION}});
  }
  if (app.roles() && !app.settings().rules.grants.empty()) {
    app.log().warning("roles mode is on: the database's grants decide, those in [access.ROLE] do not count");
  }
  if (!development && !app.roles() && app.settings().rules.grants.empty() && app.settings().auth.service_role.empty()) {
    app.log().warning(
        "nothing is granted to anybody: every request will be refused; see [access.ROLE] in the settings");
  }
  return server::serve_until_signalled(app, development ? settings_file(arguments) : std::string());
}

int dev(const Arguments& arguments) { return serve(arguments, true); }
int production(const Arguments& arguments) { return serve(arguments, false); }

}  // namespace

Command dev_command() {
  return {
      .name = "dev",
      .operands = "[DATABASE]",
      .most_operands = 1,
      .settings = true,
      .flags = {settings_flag()},
      .summary = "Serve a database for development, on this machine only.",
      .description =
          "Serves DATABASE (a SQLite file, or PostgreSQL as postgres://… or keywords) with everything open to everybody\n"
          "who can reach it, so it listens on this machine only. Logs in detail, sets no rate limits, and follows the\n"
          "schema and the settings file as they change. A file that does not exist is created empty; PostgreSQL is\n"
          "used as the connection's own user, unless --anon-role switches roles mode on. Nothing given: the `database`\n"
          "setting, else ./ballast.db.",
      .examples = {{"ballast dev shop.db", "http://127.0.0.1:8080/rest/v1/…"},
                   {"ballast dev postgres://me@localhost/shop", "a PostgreSQL database, as it is"},
                   {"ballast dev --listen 127.0.0.1:9000", "./ballast.db on another port"}},
      .run = dev};
}

Command serve_command() {
  return {
      .name = "serve",
      .operands = "[DATABASE]",
      .most_operands = 1,
      .settings = true,
      .flags = {settings_flag()},
      .summary = "Serve a database in production, closed by default.",
      .description =
          "Serves DATABASE (a SQLite file, or PostgreSQL as postgres://… or keywords). Nobody may do anything that\n"
          "[access.ROLE] in the settings does not grant, and grants to anonymous callers have to be confirmed by\n"
          "access.expose_anonymous = true. On PostgreSQL, --anon-role switches roles mode on: each request runs as the\n"
          "role of its token, and the database's own grants and policies decide. A PostgreSQL server that is away is\n"
          "waited for. SIGHUP reloads settings, certificates and schema; SIGTERM finishes requests in flight, then ends.\n"
          "Nothing given: the `database` setting, else ./ballast.db.",
      .examples = {{"ballast serve shop.db", "settings from ./ballast.toml"},
                   {"ballast serve --settings /etc/ballast/ballast.toml", "as the systemd unit does"},
                   {"ballast serve postgres://gate@db/shop --anon-role web_anon", "the database's roles decide"},
                   {"ballast serve shop.db --listen unix:/run/ballast.sock", "behind a proxy on the same machine"}},
      .run = production};
}

}  // namespace ballast::cli
