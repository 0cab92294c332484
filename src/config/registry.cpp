#include "config/setting.hpp"
#include "policy/rules.hpp"

namespace ballast::config {
namespace {

// Limits that keep a slip of the finger from becoming an outage; nanoseconds for durations.
constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t second = 1'000 * ms;
constexpr std::int64_t hour = 3'600 * second;

void program(Registry& r) {
  r.add("database", [](Settings& s) -> auto& { return s.program.database; },
        {.doc = "The database to serve: the path of a SQLite file, or `sqlite:PATH`. The DATABASE argument of a command "
                "is the same setting. When nothing is given, `./ballast.db` is served.",
         .example = "/var/lib/ballast/shop.db"});
  r.add("listen", [](Settings& s) -> auto& { return s.program.listen; },
        {.doc = "Where clients connect: `ADDRESS:PORT` or `unix:PATH`, as many as wanted (the flag may be repeated). "
                "The default is reachable from this machine alone; `0.0.0.0:8080` opens it to the network. Port 0 "
                "takes any free port. Sockets passed by systemd take this setting's place.",
         .example = "0.0.0.0:8080"});
  r.add("admin.listen", [](Settings& s) -> auto& { return s.program.admin_listen; },
        {.doc = "Where `/live`, `/ready`, `/metrics` and `/version` are answered: a private address, since nobody is "
                "asked who they are. Empty switches the admin listener off.",
         .example = "127.0.0.1:9090"});
  r.add("admin.expose", [](Settings& s) -> auto& { return s.program.admin_expose; },
        {.doc = "Allows an `admin.listen` address that can be reached from the network, as probes and scrapers in a "
                "container need it. Without it Ballast refuses to start with such an address.",
         .example = "true"});
  r.add("schemas", [](Settings& s) -> auto& { return s.program.schemas; },
        {.doc = "The database schemas that are served; the first is the default one. SQLite has one schema, which is "
                "called `public`.",
         .example = "public,sales"});
  r.add("schema.poll_interval", [](Settings& s) -> auto& { return s.program.schema_poll; },
        {.doc = "How often the database is asked whether its schema has changed. A change is taken over without a "
                "restart; a schema that cannot be read leaves the old one in service, which `/ready` and the log say.",
         .example = "1s",
         .minimum = 50 * ms,
         .maximum = hour});
  r.add("shutdown.grace", [](Settings& s) -> auto& { return s.program.shutdown_grace; },
        {.doc = "How long requests in flight may take after SIGTERM or SIGINT before their connections are cut. No new "
                "connection is accepted meanwhile, and `/ready` answers 503. A second signal cuts at once.",
         .example = "10s",
         .reload = Reload::live,
         .minimum = 0,
         .maximum = hour});
  r.add("graphql.path", [](Settings& s) -> auto& { return s.program.graphql_path; },
        {.doc = "The path of the GraphQL endpoint. Reserved: this version has no GraphQL endpoint and answers 404 there.",
         .example = "/graphql"});
}

void access(Registry& r) {
  r.add("anon_role", [](Settings& s) -> auto& { return s.rules.anonymous_role; },
        {.doc = "The role of a caller who presents no token and no key. What it may do is granted in `[access.ROLE]`.",
         .example = "web_anon",
         .reload = Reload::live});
  r.add("access.expose_anonymous", [](Settings& s) -> auto& { return s.program.expose_anonymous; },
        {.doc = "Says in words that tables granted to `anon_role` are meant to be open to everybody who can reach the "
                "port. `ballast serve` refuses to start with such a grant unless this is true.",
         .example = "true",
         .reload = Reload::live});
  r.section({"access", "ROLE",
             "What a role may do to which table or view. Each key is a relation's name, its value any of `select`, "
             "`insert`, `update`, `delete`, or `all`, or `none`. The key `\"*\"` stands for every relation that the role "
             "has no line of its own for. What is not granted is refused. Taken over on SIGHUP.",
             "[access.member]\nposts = \"select,insert,update\"\n\"*\" = \"select\"\nsecrets = \"none\"",
             [](Settings& s, const std::string& role, const std::string& relation, const Raw& raw) -> Result<void> {
               std::string words;
               if (const auto* text = std::get_if<std::string>(&raw)) {
                 words = *text;
               } else if (const auto* list = std::get_if<std::vector<std::string>>(&raw)) {
                 words = print_list(*list);
               } else {
                 return make_error(400, "BLST_SETTING", "expected select, insert, update, delete, all or none");
               }
               BALLAST_TRY(const auto grant, policy::parse_grant(words));
               s.rules.grants[role][relation] = grant;
               return {};
             }});
}

Registry make_registry() {
  Registry r;
  program(r);
  access(r);
  return r;
}

}  // namespace

const Registry& registry() {
  static const Registry instance = make_registry();
  return instance;
}

}  // namespace ballast::config
