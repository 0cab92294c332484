#include "config/durations.hpp"
#include "config/setting.hpp"

namespace ballast::config {
namespace {

void connecting(Registry& r) {
  r.add("database.password_file", [](Settings & s) -> auto& { return s.postgres.password_file; },
        {.doc = "A file that holds PostgreSQL's password and nothing else. libpq's own ways work too: PGPASSWORD, "
                "`~/.pgpass`, the connection string.",
         .example = "/run/secrets/database"});
  r.add("database.search_path", [](Settings & s) -> auto& { return s.postgres.search_path; },
        {.doc = "PostgreSQL: further schemas in which functions and types are looked up without being served "
                "(PostgREST's db-extra-search-path).",
         .example = "public,extensions"});
  r.add("database.pre_request", [](Settings & s) -> auto& { return s.rest.pre_request; },
        {.doc = "PostgreSQL with roles: a function that is called in every request's transaction before its statement "
                "(PostgREST's db-pre-request). It may raise an error, switch the role, or set `response.headers` and "
                "`response.status`.",
         .example = "api.check_request"});
  r.add("database.connect_timeout", [](Settings & s) -> auto& { return s.postgres.connect_timeout; },
        {.doc = "How long one attempt to reach PostgreSQL may take.",
         .example = "2s",
         .minimum = 100 * millisecond,
         .maximum = 600'000 * millisecond});
  r.add(
      "database.watch_schema", [](Settings & s) -> auto& { return s.postgres.watch_schema; },
      {.doc = "PostgreSQL: whether the catalogue is looked at every `schema.poll_interval` for changes; on for "
              "`ballast dev`. Without it the schema is loaded anew on NOTIFY ballast, NOTIFY pgrst, SIGHUP and after a "
              "reconnect.",
       .example = "true"});
}

void pool(Registry& r) {
  r.add(
      "database.prepared", [](Settings & s) -> auto& { return s.postgres.prepared; },
      {.doc = "PostgreSQL: prepared statements, one per shape of a request. Off behind PgBouncer in transaction mode.",
       .example = "false"});
  r.add("database.nodes", [](Settings & s) -> auto& { return s.postgres.nodes; },
        {.doc = "How many Ballast processes share the PostgreSQL server: each takes its part of max_connections.",
         .example = "3",
         .minimum = 1,
         .maximum = 1'000});
  r.add(
      "database.connections", [](Settings & s) -> auto& { return s.postgres.connections; },
      {.doc = "The most connections this process opens, but at least two for each worker thread and two more. 0: four "
              "fifths of the server's max_connections, shared among `database.nodes`.",
       .example = "20",
       .minimum = 0,
       .maximum = 10'000});
  r.add("database.pipelines", [](Settings & s) -> auto& { return s.postgres.pipelines; },
        {.doc = "Pipelined connections per worker thread. Each carries many requests at once.",
         .example = "4",
         .minimum = 1,
         .maximum = 64});
  r.add(
      "database.write_pipelines", [](Settings & s) -> auto& { return s.postgres.write_pipelines; },
      {.doc = "Pipelined connections per worker thread for writes, opened as they are needed. So many transactions can "
              "commit at once, and share a sync of the disk. 0, or too few connections: writes share the reads' "
              "pipelines, and reads wait behind their commits.",
       .example = "8",
       .minimum = 0,
       .maximum = 64});
  r.add("database.pipeline_depth", [](Settings & s) -> auto& { return s.postgres.pipeline_depth; },
        {.doc = "Batches under way on one pipelined connection: one that the server runs, the others waiting for it.",
         .example = "1",
         .minimum = 1,
         .maximum = 64});
  r.add("database.batch", [](Settings & s) -> auto& { return s.postgres.batch; },
        {.doc = "The most requests that travel to PostgreSQL in one batch.",
         .example = "16",
         .minimum = 1,
         .maximum = 1'000});
  r.add("database.waiting", [](Settings & s) -> auto& { return s.postgres.waiting; },
        {.doc = "Requests of one worker that may wait for a connection; 503 with Retry-After beyond.",
         .example = "1000",
         .minimum = 1,
         .maximum = 1'000'000});
  r.add("database.idle_time", [](Settings & s) -> auto& { return s.postgres.idle_time; },
        {.doc = "How long a connection of the slow lane is kept unused; looked after whenever requests are under way.",
         .example = "10s",
         .minimum = 100 * millisecond,
         .maximum = 3'600'000 * millisecond});
  r.add("database.statement_cache", [](Settings & s) -> auto& { return s.postgres.statement_cache; },
        {.doc = "Prepared statements kept per connection.", .example = "100", .minimum = 1, .maximum = 100'000});
}

void lanes(Registry& r) {
  r.add("database.fast_timeout", [](Settings & s) -> auto& { return s.postgres.fast_timeout; },
        {.doc = "How long a statement may run on a shared pipeline. It is then ended and run again on a connection of "
                "its own, where the request's deadline is the limit; the next of its shape goes there at once.",
         .example = "250ms",
         .minimum = 1 * millisecond,
         .maximum = 60'000 * millisecond});
  r.add("database.fast_lock_timeout", [](Settings & s) -> auto& { return s.postgres.fast_lock_timeout; },
        {.doc = "The same for a statement that waits for a lock.",
         .example = "50ms",
         .minimum = 1 * millisecond,
         .maximum = 60'000 * millisecond});
  r.add("database.slow_shapes", [](Settings & s) -> auto& { return s.postgres.slow_shapes; },
        {.doc = "Runs in a row that have to be fast until a shape that was slow is tried on a pipeline again.",
         .example = "10",
         .minimum = 0,
         .maximum = 1'000});
  r.size("database.result_bytes", [](Settings & s) -> auto& { return s.postgres.result_bytes; },
         {.doc = "A shape whose result was larger than this is read row by row on a connection of its own.",
          .example = "256KiB",
          .minimum = 1 << 10,
          .maximum = 1 << 30});
  r.add("database.retries", [](Settings & s) -> auto& { return s.postgres.retries; },
        {.doc = "How often a transaction that met a deadlock or a serialization failure is run again.",
         .example = "0",
         .minimum = 0,
         .maximum = 100});
}

}  // namespace

void bind_database(Registry& r) {
  connecting(r);
  pool(r);
  lanes(r);
  r.section({"app.settings", "",
             "Settings of your own, which SQL reads with `current_setting('app.settings.NAME')`, in roles mode on "
             "PostgreSQL.",
             "[app.settings]\nhost = \"shop.example.com\"",
             [](Settings& s, const std::string&, const std::string& name, const Raw& raw) -> Result<void> {
               const auto* text = std::get_if<std::string>(&raw);
               if (text == nullptr) return make_error(400, "BLST_SETTING", "expected text");
               s.rest.app_settings["app.settings." + name] = *text;
               return {};
             }});
}

}  // namespace ballast::config
