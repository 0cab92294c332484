#include "config/setting.hpp"

namespace ballast::config {

void bind_rest(Registry& r) {
  r.add("rest.path", [](Settings & s) -> auto& { return s.rest.path; },
        {.doc = "Where the REST API is served. `/` serves it at the root, as PostgREST does.", .example = "/api"});
  r.add("rest.max_rows", [](Settings & s) -> auto& { return s.rest.max_rows; },
        {.doc = "The most rows that one read answers with, whatever its `limit` says. 0: no cap.", .example = "1000"});
  r.choice<rest::Settings::OpenApi& (*)(Settings&), rest::Settings::OpenApi>(
      "rest.openapi", [](Settings& s) -> rest::Settings::OpenApi& { return s.rest.openapi; },
      {{"follow-privileges", rest::Settings::OpenApi::follow_privileges},
       {"ignore-privileges", rest::Settings::OpenApi::ignore_privileges},
       {"disabled", rest::Settings::OpenApi::disabled}},
      {.doc = "What a GET of the REST API's root describes as OpenAPI: the tables and functions that the caller "
              "may use, all of them, or nothing.",
       .example = "disabled"});
  r.add("rest.openapi_url", [](Settings & s) -> auto& { return s.rest.openapi_url; },
        {.doc = "The REST API's address in that description, when clients reach it through a proxy. Empty: what the "
                "request's Host says.",
         .example = "https://api.example.org/rest/v1"});
  r.add("rest.openapi_security", [](Settings & s) -> auto& { return s.rest.openapi_security; },
        {.doc = "Says in that description that calls are authorised by a JWT.", .example = "true"});
  r.add("rest.root_function", [](Settings & s) -> auto& { return s.rest.root_function; },
        {.doc = "A function of the default schema that answers a GET of the REST API's root instead of that "
                "description (PostgreSQL). Empty: none.",
         .example = "root"});
  r.add("rest.plan_enabled", [](Settings & s) -> auto& { return s.rest.plan_enabled; },
        {.doc = "Answers `Accept: application/vnd.pgrst.plan` with the database's plan for the request instead of its "
                "rows (PostgreSQL). Plans tell of tables and indexes that the API does not show.",
         .example = "true"});
  r.add(
      "rest.aggregates", [](Settings & s) -> auto& { return s.rest.aggregates; },
      {.doc =
           "Allows `count()`, `sum()`, `avg()`, `min()` and `max()` in `select`. Off by default, since a short request "
           "can make the database read a whole table.",
       .example = "true"});
  r.add(
      "rest.allow_tx_rollback", [](Settings & s) -> auto& { return s.rest.allow_tx_rollback; },
      {.doc = "Honours `Prefer: tx=rollback`, which runs a write and undoes it: for test suites.", .example = "true"});
  r.add("rest.rollback_by_default", [](Settings & s) -> auto& { return s.rest.rollback_by_default; },
        {.doc = "Undoes every write in the end, although it is answered as if it were kept: for test suites. With "
                "`rest.allow_tx_rollback` those alone that do not say `Prefer: tx=commit`.",
         .example = "true"});
  r.add(
      "rest.legacy_target_names", [](Settings & s) -> auto& { return s.rest.legacy_target_names; },
      {.doc = "Filters, orders and limits may name an embedded relation by its own name although `select` gives it an "
              "alias. Off: by the alias alone, as PostgREST will have it in the future.",
       .example = "false"});
  r.choice<bool& (*)(Settings&), bool>(
      "rest.errors", [](Settings& s) -> bool& { return s.rest.terse_errors; }, {{"verbose", false}, {"minimal", true}},
      {.doc =
           "What an error's answer tells: `verbose` gives code, message, details and hint, `minimal` code and message "
           "alone, so that strangers learn less of the schema.",
       .example = "minimal"});
  r.add(
      "rest.server_timing", [](Settings & s) -> auto& { return s.rest.server_timing; },
      {.doc = "Tells in the `Server-Timing` field how many milliseconds the token (`jwt`), the request (`parse`), its "
              "plan (`plan`), the database (`transaction`) and the answer (`response`) took.",
       .example = "true",
       .reload = Reload::live});
  r.add("rest.json_depth", [](Settings & s) -> auto& { return s.rest.json_depth; },
        {.doc = "The deepest nesting of a JSON request body.", .example = "32", .minimum = 2, .maximum = 1'000});
  r.add("rest.select_depth", [](Settings & s) -> auto& { return s.rest.select_depth; },
        {.doc = "The deepest nesting of embedded relations; every level is a join.",
         .example = "4",
         .minimum = 0,
         .maximum = 20});
  r.add("rest.select_items", [](Settings & s) -> auto& { return s.rest.select_items; },
        {.doc = "The most columns and embeds in one `select`.", .example = "100", .minimum = 1, .maximum = 100'000});
  r.add("rest.filters", [](Settings & s) -> auto& { return s.rest.filters; },
        {.doc = "The most conditions in one request.", .example = "50", .minimum = 1, .maximum = 100'000});
  r.add("rest.list_values", [](Settings & s) -> auto& { return s.rest.list_values; },
        {.doc = "The most values in one `in.(…)` list.", .example = "1000", .minimum = 1, .maximum = 1'000'000});
  r.add("rest.logic_depth", [](Settings & s) -> auto& { return s.rest.logic_depth; },
        {.doc = "The deepest nesting of `and=(…)` and `or=(…)`.", .example = "8", .minimum = 1, .maximum = 150});
  r.add("rest.order_terms", [](Settings & s) -> auto& { return s.rest.order_terms; },
        {.doc = "The most terms in one `order`.", .example = "8", .minimum = 1, .maximum = 1'000});
  r.add("rest.plan_cache", [](Settings & s) -> auto& { return s.rest.plan_cache; },
        {.doc = "How many request shapes each worker keeps the compiled plan of. 0 compiles every request anew.",
         .example = "2048",
         .minimum = 0,
         .maximum = 100'000});
  r.size("rest.plan_cache_key_limit", [](Settings & s) -> auto& { return s.rest.plan_cache_key_limit; },
         {.doc = "Requests whose shape is longer than this are compiled anew each time.",
          .example = "4KiB",
          .minimum = 0,
          .maximum = 1 << 20});
  r.size("rest.tree_limit", [](Settings & s) -> auto& { return s.rest.tree_limit; },
         {.doc = "An answer with lists in it is put together in memory up to this size, which is what costs PostgreSQL "
                 "least. Beyond it, PostgreSQL makes the lists.",
          .example = "64MiB",
          .minimum = 64 << 10,
          .maximum = 1 << 30});
  r.size(
      "rest.memory_limit", [](Settings & s) -> auto& { return s.rest.memory_limit; },
      {.doc =
           "The part of an answer that is kept in memory; what is beyond it goes to an unlinked temporary file until "
           "the client has taken it, so that a large result or a slow client costs no memory.",
       .example = "4MiB",
       .minimum = 4 << 10,
       .maximum = 1LL << 32});
  r.size("rest.file_limit", [](Settings & s) -> auto& { return s.rest.file_limit; },
         {.doc = "The most bytes of one answer; larger ones are refused with 507.",
          .example = "1GiB",
          .minimum = 1 << 20});
}

}  // namespace ballast::config
