#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/published.hpp"
#include "catalog/freshness.hpp"
#include "catalog/holder.hpp"
#include "graphql/compiled_query.hpp"
#include "graphql/document_cache.hpp"
#include "graphql/problem.hpp"
#include "graphql/schema_cache.hpp"
#include "graphql/service_settings.hpp"
#include "http/request.hpp"
#include "policy/rules.hpp"
#include "rest/session.hpp"
#include "storage/storage.hpp"

namespace ballast::graphql {

/// One operation to execute, as any transport delivers it.
struct Ask {
  std::string_view query;           ///< the document's text
  std::string_view operation_name;  ///< empty: the only one
  std::string_view variables;       ///< a JSON object, or nothing
  bool read_only = false;           ///< mutations are refused: the request was a GET
};

/// What came of it.
struct Outcome {
  enum class Stage : std::uint8_t {
    refused,   ///< nothing was executed: the document does not parse, is not valid, or was not allowed
    executed,  ///< `data` is there, perhaps null
  };
  Stage stage = Stage::refused;
  std::string body;         ///< the response as JSON: `{"data":…}`, `{"errors":[…]}` or both
  std::string retry_after;  ///< of a server that is too busy, seconds; else empty
  int status = 200;         ///< that a transport may answer with when nothing was executed: 400, 405, 503 …
  bool by_schema = false;   ///< another schema might have answered otherwise; nothing was changed
};

/// GraphQL over one database. Thread-safe; outlives the answers it owes.
class Service {
 public:
  Service(storage::Storage& storage, const catalog::Holder& catalog, catalog::Freshness& freshness,
          std::shared_ptr<const policy::Rules> rules, Settings settings, const rest::Settings& session_settings,
          bool by_privileges);

  /// Executes on the calling worker's loop. `request` tells who asks, until when, and what roles mode passes on; what
  /// `ask` points to, and it, outlive the call. What does not fit the schema is held against the database's own once
  /// more, so that a client sees the migration that it has just made.
  boost::asio::awaitable<Outcome> execute(Ask ask, http::Request& request);

  /// From the next request on.
  void set_rules(std::shared_ptr<const policy::Rules> rules) { rules_.store(std::move(rules)); }
  const Settings& settings() const noexcept { return settings_; }

 private:
  struct Prepared;
  boost::asio::awaitable<Outcome> attempt(const Ask& ask, http::Request& request, const catalog::SnapshotPtr& snapshot);
  storage::Context context_of(const http::Request& request, bool read_only, rest::SessionLoan& loan) const;
  /// Null when the fields have problems.
  std::shared_ptr<const CompiledQuery> compile_query(Prepared& prepared, const http::Request& request,
                                                     Problems& problems) const;
  boost::asio::awaitable<Outcome> query(Prepared& prepared, http::Request& request);
  boost::asio::awaitable<Outcome> mutate(Prepared& prepared, http::Request& request);
  /// The root's fields; a problem when there are too many.
  std::optional<Problem> collect(Prepared& prepared, const TypeDefinition& root) const;
  Outcome busy(const Error& error, Position at, const std::string& key) const;
  Outcome refused(const Problems& problems, int status = 400) const;
  Outcome unfit(const Problems& problems) const;
  /// Of an operation that came to nothing: `data` is null.
  Outcome failed(const Problems& problems) const;
  bool compatible() const noexcept { return settings_.errors == Settings::Errors::compatible; }

  storage::Storage& storage_;
  const catalog::Holder& catalog_;
  catalog::Freshness& freshness_;
  Published<policy::Rules> rules_;
  const Settings settings_;
  const rest::Sessions sessions_;
  const bool by_privileges_;  ///< PostgreSQL's grants decide what a role's schema has
  SchemaCache schemas_;
  DocumentCache documents_;
  QueryCache queries_;
};

}  // namespace ballast::graphql
