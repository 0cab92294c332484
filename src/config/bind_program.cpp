#include "config/connection_string.hpp"
#include "config/durations.hpp"
#include "config/setting.hpp"

namespace ballast::config {
namespace {

// Limits that keep a slip of the finger from becoming an outage; nanoseconds for durations.

}  // namespace

void bind_program(Registry& r) {
  r.add(
      "database", [](Settings & s) -> auto& { return s.program.database; },
      {.doc = "The database to serve: the path of a SQLite file, or `sqlite:PATH`; or PostgreSQL, as a URI "
              "(`postgres://USER@HOST/NAME`) or as keywords (`host=HOST dbname=NAME`), with everything that libpq "
              "takes there. The DATABASE argument of a command is the same setting. When nothing is given, "
              "`./ballast.db` is served. Passwords are never shown; other users of the machine see a command line, so "
              "keep a password in `database.password_file` or the environment. In a settings file that has a table "
              "`[database]`, this setting is its key `url`.",
       .example = "/var/lib/ballast/shop.db",
       .file_name = "database.url",
       .redact = without_password});
  r.add("listen", [](Settings & s) -> auto& { return s.program.listen; },
        {.doc = "Where clients connect: `ADDRESS:PORT` or `unix:PATH`, as many as wanted (the flag may be repeated). "
                "The default is reachable from this machine alone; `0.0.0.0:8080` opens it to the network. Port 0 "
                "takes any free port. Sockets passed by systemd take this setting's place.",
         .example = "0.0.0.0:8080"});
  r.add("admin.listen", [](Settings & s) -> auto& { return s.program.admin_listen; },
        {.doc = "Where `/live`, `/ready`, `/metrics` and `/version` are answered: a private address, since nobody is "
                "asked who they are. Empty switches the admin listener off.",
         .example = "127.0.0.1:9090"});
  r.add("admin.expose", [](Settings & s) -> auto& { return s.program.admin_expose; },
        {.doc = "Allows an `admin.listen` address that can be reached from the network, as probes and scrapers in a "
                "container need it. Without it Ballast refuses to start with such an address.",
         .example = "true"});
  r.add("schemas", [](Settings & s) -> auto& { return s.program.schemas; },
        {.doc = "The database schemas that are served; the first is the default one. SQLite has one schema, which is "
                "called `public`.",
         .example = "public,sales"});
  r.add("schema.poll_interval", [](Settings & s) -> auto& { return s.program.schema_poll; },
        {.doc = "How often the database is asked whether its schema has changed. A change is taken over without a "
                "restart; a schema that cannot be read leaves the old one in service, which `/ready` and the log say.",
         .example = "1s",
         .minimum = 50 * millisecond,
         .maximum = hour});
  r.add("shutdown.grace", [](Settings & s) -> auto& { return s.program.shutdown_grace; },
        {.doc = "How long requests in flight may take after SIGTERM or SIGINT before their connections are cut. No new "
                "connection is accepted meanwhile, and `/ready` answers 503. A second signal cuts at once.",
         .example = "10s",
         .reload = Reload::live,
         .minimum = 0,
         .maximum = hour});
}

}  // namespace ballast::config
