#include "config/setting.hpp"
#include "policy/rules.hpp"

namespace ballast::config {

void bind_access(Registry& r) {
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

void http_limits(Registry& r) {
  r.size("http.header_limit", [](Settings& s) -> auto& { return s.http.header_limit; },
         {.doc = "Bytes of a request's line and header fields together; 431 beyond. Keep it above `http.target_limit`.",
          .example = "64KiB", .minimum = 1024, .maximum = 16 << 20});
  r.size("http.target_limit", [](Settings& s) -> auto& { return s.http.target_limit; },
         {.doc = "Bytes of a request's target; 414 beyond.", .example = "8KiB", .minimum = 256, .maximum = 8 << 20});
  r.size("http.body_limit", [](Settings& s) -> auto& { return s.http.body_limit; },
         {.doc = "Bytes of a request's body; 413 beyond. A body is held in memory whole.", .example = "10MiB",
          .minimum = 0, .maximum = 1LL << 30});
  r.add("http.max_connections", [](Settings& s) -> auto& { return s.http.max_connections; },
        {.doc = "Connections at a time; beyond it 503 with Retry-After.", .example = "20000", .minimum = 1,
         .maximum = 1'000'000});
  r.add("http.workers", [](Settings& s) -> auto& { return s.http.workers; },
        {.doc = "Threads with an event loop each; 0 takes one per core.", .example = "4", .minimum = 0, .maximum = 1024});
  r.add("http.header_timeout", [](Settings& s) -> auto& { return s.http.header_timeout; },
        {.doc = "From the first byte of a request to the end of its header; 408 beyond.", .example = "5s",
         .minimum = 100 * ms, .maximum = hour});
  r.add("http.idle_timeout", [](Settings& s) -> auto& { return s.http.idle_timeout; },
        {.doc = "How long a connection may wait between requests.", .example = "2m", .minimum = 100 * ms,
         .maximum = 24 * hour});
  r.add("http.request_timeout", [](Settings& s) -> auto& { return s.http.request_timeout; },
        {.doc = "From the whole request to its answer; 504 beyond.", .example = "10s", .minimum = 100 * ms,
         .maximum = hour});
  r.add("http.write_timeout", [](Settings& s) -> auto& { return s.http.write_timeout; },
        {.doc = "An answer of which the client takes nothing for so long is cut.", .example = "1m", .minimum = 100 * ms,
         .maximum = hour});
  r.size("http.min_rate", [](Settings& s) -> auto& { return s.http.min_rate; },
         {.doc = "Bytes per second at which a body must arrive; 408 below.", .example = "256", .minimum = 0,
          .maximum = 1 << 30});
  r.add("http.min_rate_grace", [](Settings& s) -> auto& { return s.http.min_rate_grace; },
        {.doc = "Head start on `http.min_rate`: connections stall for a round trip or two.", .example = "10s",
         .minimum = 0, .maximum = hour});
  r.add("tls.certificate", [](Settings& s) -> auto& { return s.http.tls.certificate; },
        {.doc = "PEM file with the server's certificate and its chain. With `tls.key`, every TCP listener speaks TLS.",
         .example = "/etc/ballast/cert.pem"});
  r.add("tls.key", [](Settings& s) -> auto& { return s.http.tls.key; },
        {.doc = "PEM file with the certificate's private key.", .example = "/etc/ballast/key.pem"});
}

void dialect(Registry& r) {
  r.add("rest.path", [](Settings& s) -> auto& { return s.rest.path; },
        {.doc = "The path under which tables and views are served in PostgREST's dialect.", .example = "/api"});
  r.add("rest.max_rows", [](Settings& s) -> auto& { return s.rest.max_rows; },
        {.doc = "Most rows that one read may answer; 0 sets no cap.", .example = "1000", .minimum = 0,
         .maximum = 1'000'000'000});
  r.add("rest.aggregates", [](Settings& s) -> auto& { return s.rest.aggregates; },
        {.doc = "Allows `sum()`, `avg()` and their kind, with which a small request can be a costly one.",
         .example = "true"});
  r.add("rest.allow_tx_rollback", [](Settings& s) -> auto& { return s.rest.allow_tx_rollback; },
        {.doc = "Honours `Prefer: tx=rollback` and `tx=commit`: for test suites.", .example = "true"});
  r.add("sqlite.busy_timeout", [](Settings& s) -> auto& { return s.sqlite.busy_timeout; },
        {.doc = "How long a statement waits for another process that has locked the database; 503 beyond.",
         .example = "500ms", .minimum = 0, .maximum = hour});
  r.choice<std::string& (*)(Settings&), std::string>(
      "sqlite.synchronous", [](Settings& s) -> std::string& { return s.sqlite.synchronous; },
      {{"full", "full"}, {"normal", "normal"}},
      {.doc = "`full`: an acknowledged write survives power loss. `normal`: it survives a crash of the process only, "
              "in exchange for faster writes.",
       .example = "normal"});
  r.choice<observe::Level& (*)(Settings&), observe::Level>(
      "log.level", [](Settings& s) -> observe::Level& { return s.log.level; },
      {{"debug", observe::Level::debug},
       {"info", observe::Level::info},
       {"warning", observe::Level::warning},
       {"error", observe::Level::error},
       {"off", observe::Level::off}},
      {.doc = "The least severity that is logged.", .example = "warning"});
  r.choice<observe::LogFormat& (*)(Settings&), observe::LogFormat>(
      "log.format", [](Settings& s) -> observe::LogFormat& { return s.log.format; },
      {{"auto", observe::LogFormat::automatic}, {"human", observe::LogFormat::human}, {"json", observe::LogFormat::json}},
      {.doc = "`auto` is for people on a terminal and JSON lines otherwise.", .example = "json"});
}

}  // namespace ballast::config
