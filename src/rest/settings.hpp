#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ballast::rest {

/// Settings of the PostgREST dialect (`rest.*`).
struct Settings {
  std::string path = "/rest/v1";  ///< where the dialect is served; "" or "/" for the root
  std::uint64_t max_rows = 0;     ///< most rows one read may answer (PostgREST's db-max-rows); 0: no cap
  enum class OpenApi : std::uint8_t { follow_privileges, ignore_privileges, disabled };
  OpenApi openapi = OpenApi::follow_privileges;  ///< what the root describes: what the caller may use, everything, …
  std::string openapi_url;                       ///< the API's address as clients see it; empty: what their Host says
  bool openapi_security = false;                 ///< the description says that calls are authorised by a JWT
  std::int64_t key_ttl = 0;              ///< seconds that the answer of an Idempotency-Key is kept; 0: none is; wired
  std::string root_function;             ///< a function of the default schema that answers GET / instead
  bool roles = false;                    ///< PostgreSQL: each request runs as its caller's role; wired
  std::vector<std::string> search_path;  ///< with roles: behind the request's own schema; wired
  std::string pre_request;               ///< with roles: SCHEMA.FUNCTION, called before each statement
  std::map<std::string, std::string> app_settings;  ///< with roles: `[app.settings]`, with their whole names
  bool plan_enabled = false;         ///< answer `application/vnd.pgrst.plan` with the database's query plan
  bool aggregates = false;           ///< allow sum(), avg() …: they can make a small request a costly one
  bool allow_tx_rollback = false;    ///< honour `Prefer: tx=rollback|commit`: for test suites
  bool rollback_by_default = false;  ///< undo every write; with allow_tx_rollback those that do not say tx=commit
  bool legacy_target_names = true;   ///< an embed with an alias may be named by its relation as well
  bool terse_errors = false;         ///< `rest.errors = "minimal"`: code and message alone
  bool server_timing = false;        ///< answer with Server-Timing
  int json_depth = 64;               ///< deepest nesting of a request body: deeper is an attack or a mistake
  int select_depth = 16;             ///< deepest nesting of embeds: every level is a join
  std::size_t select_items = 500;    ///< columns and embeds in one select
  std::size_t filters = 200;         ///< conditions in one request, in all its trees
  std::size_t list_values = 10'000;  ///< values in one `in.(…)` or `{…}`
  int logic_depth = 16;              ///< deepest nesting of and/or
  std::size_t order_terms = 32;      ///< terms in one order
  /// An answer with lists in it is put together in memory up to this size, which is easiest on the database; beyond it
  /// the database makes the lists.
  std::size_t tree_limit = 32U << 20;
  std::size_t plan_cache = 512;             ///< request shapes whose plans a worker keeps; 0: no cache
  std::size_t plan_cache_key_limit = 2048;  ///< longer requests are not cached, so that a cache stays small
  std::size_t memory_limit = 1U << 20;      ///< bytes of an answer kept in memory before a file is used
  std::uint64_t file_limit = 4ULL << 30;    ///< bytes of an answer on disk before it is refused
};

}  // namespace ballast::rest
