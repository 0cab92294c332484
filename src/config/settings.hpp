#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "auth/settings.hpp"
#include "batch/settings.hpp"
#include "catalog/declaration.hpp"
#include "graphql/service_settings.hpp"
#include "http/settings.hpp"
#include "idempotency/settings.hpp"
#include "locks/settings.hpp"
#include "middleware/settings.hpp"
#include "observe/settings.hpp"
#include "policy/rules.hpp"
#include "rest/settings.hpp"
#include "storage/settings.hpp"

namespace ballast::config {

/// What belongs to the program as a whole rather than to one module.
struct ProgramSettings {
  std::string database;                                  ///< a path, `sqlite:PATH`, PostgreSQL; empty: ./ballast.db
  std::vector<std::string> listen = {"127.0.0.1:8080"};  ///< loopback: reaching the network is a decision
  std::string admin_listen = "127.0.0.1:8081";           ///< empty: no admin listener
  bool admin_expose = false;                             ///< allow an admin listener that is not loopback
  std::vector<std::string> schemas = {"public"};
  bool expose_anonymous = false;                     ///< `serve` may grant tables to anonymous callers
  std::chrono::milliseconds shutdown_grace{30'000};  ///< orchestrators kill after 30 s or more
  std::chrono::milliseconds schema_poll{5'000};      ///< one pragma on an idle connection each time
};

/// Every module's settings, gathered. Plain data.
struct Settings {
  ProgramSettings program;
  policy::Rules rules;
  catalog::Declarations tables;
  auth::Settings auth;
  middleware::Settings middleware;
  http::Settings http;
  rest::Settings rest;
  graphql::Settings graphql;
  locks::Settings locks;
  idempotency::Settings idempotency;
  batch::Settings batch;
  storage::SqliteSettings sqlite;
  storage::PostgresSettings postgres;  ///< without what is the program's
  observe::LogSettings log;

  /// A server that makes an empty database out of a mistyped path would be a riddle; `ballast dev` may.
  Settings() { sqlite.create = false; }
};

}  // namespace ballast::config
