#include "config/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "config/connection_string.hpp"
#include "http/listen_address.hpp"

namespace ballast::config {
namespace {

class Checks {
 public:
  explicit Checks(const Loaded& loaded) : loaded_(loaded), program_(loaded.settings.program) {}

  std::vector<Problem> run() {
    listeners();
    paths();
    persisted();
    names();
    database();
    tls();
    api_keys();
    cors();
    request_id();
    leases();
    return std::move(problems_);
  }

 private:
  void add(std::string_view setting, std::string message, std::string hint = {}) {
    problems_.push_back({loaded_.origin(setting).where, fmt::format("{}: {}", setting, message), std::move(hint)});
  }

  void listeners() {
    if (program_.listen.empty()) add("listen", "expected at least one address", "for example 127.0.0.1:8080");
    std::vector<http::ListenAddress> seen;
    for (const auto& text : program_.listen) {
      auto address = http::ListenAddress::parse(text);
      if (!address) {
        add("listen", address.error().message, address.error().hint);
        continue;
      }
      if (address->port != 0 || address->is_unix()) {
        for (const auto& other : seen) {
          if (other == *address) add("listen", fmt::format("\"{}\" is given twice", text));
        }
      }
      seen.push_back(std::move(*address));
    }
    if (program_.admin_listen.empty()) return;
    const auto admin = http::ListenAddress::parse(program_.admin_listen);
    if (!admin) { return add("admin.listen", admin.error().message, admin.error().hint); }
    for (const auto& other : seen) {
      if (other == *admin && (admin->port != 0 || admin->is_unix())) {
        add("admin.listen", fmt::format("\"{}\" is also an address of the public listener", program_.admin_listen),
            "choose another port: the admin listener is private");
      }
    }
    if (!admin->is_loopback() && !program_.admin_expose) {
      add("admin.listen",
          fmt::format("\"{}\" can be reached from the network, and the admin listener asks nobody who they are",
                      program_.admin_listen),
          "use 127.0.0.1, or set admin.expose = true where a firewall guards it");
    }
  }

  void paths() {
    if (loaded_.settings.rest.path != "/") path("rest.path", loaded_.settings.rest.path);
    path("graphql.path", loaded_.settings.graphql.path);
    if (loaded_.settings.rest.path == loaded_.settings.graphql.path) {
      add("graphql.path", "is also rest.path", "give each its own path");
    }
    path("batch.path", loaded_.settings.batch.path);
    if (loaded_.settings.batch.path == loaded_.settings.rest.path ||
        loaded_.settings.batch.path == loaded_.settings.graphql.path) {
      add("batch.path", "is also rest.path or graphql.path", "give each its own path");
    }
  }

  void leases() {
    const auto& locks = loaded_.settings.locks;
    for (const auto& [name, path] : {std::pair("rest.path", loaded_.settings.rest.path),
                                     std::pair("graphql.path", loaded_.settings.graphql.path)}) {
      if (locks.enabled && path == locks::path) {
        add(name, "is where leases are", "choose another, or set locks.enabled = false");
      }
    }
    if (locks.default_ttl > locks.max_ttl) {
      add("locks.default_ttl", "is longer than locks.max_ttl", "raise the one or lower the other");
    }
  }

  void persisted() {
    const auto& graphql = loaded_.settings.graphql;
    if (graphql.persisted_only && graphql.persisted.empty()) {
      add("graphql.persisted_only", "is set without graphql.persisted: nothing could run",
          "name the file with the documents");
    }
  }

  void path(std::string_view setting, const std::string& value) {
    if (!value.starts_with('/') || value.size() < 2 || value.ends_with('/') || value.find("//") != std::string::npos) {
      return add(
          setting,
          fmt::format("expected a path such as \"/rest/v1\" (starts with \"/\", does not end with it), got \"{}\"",
                      value));
    }
    for (const char c : value) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         std::string_view("/-_.~").find(c) != std::string_view::npos;
      if (!plain) return add(setting, fmt::format("\"{}\" holds a character that does not belong in a path", value));
    }
  }

  void names() {
    if (program_.schemas.empty()) add("schemas", "expected at least one schema");
    // In roles mode an empty role is a way to say that every request needs a token.
    if (loaded_.settings.rules.anonymous_role.empty() && !is_postgres(program_.database)) {
      add("anon_role", "expected a role's name, got an empty text");
    }
  }

  void tls() {
    const auto& tls = loaded_.settings.http.tls;
    if (tls.certificate.empty() == tls.key.empty()) return;
    const bool lacks_key = tls.key.empty();
    add(lacks_key ? "tls.certificate" : "tls.key",
        lacks_key ? "a certificate without tls.key" : "a private key without tls.certificate",
        "TLS needs both; leave both out for plain HTTP");
  }

  void request_id() {
    const auto& name = loaded_.settings.middleware.observe.id_header;
    // token (RFC 9110, 5.6.2), without the marks that no field in use has
    const bool token = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '-' || c == '_';
    });
    if (!token) add("trace.header", "expected the name of a field such as \"X-Request-Id\"");
  }

  void cors() {
    const auto& cors = loaded_.settings.middleware.cors;
    for (const auto& origin : cors.allowed_origins) {
      if (origin == "*" && cors.allow_credentials) {
        add("cors.allow_credentials", "contradicts cors.allowed_origins = \"*\": any web site could act as its visitor",
            "list the origins, or leave credentials out");
      }
    }
  }

  void api_keys() {
    for (const auto& [name, key] : loaded_.settings.auth.api_keys) {
      if (key.hash.empty()) problems_.push_back({"", fmt::format("[api_keys.{}] has no hash", name), {}});
      if (key.role.empty()) problems_.push_back({"", fmt::format("[api_keys.{}] has no role", name), {}});
    }
  }

  void database() {
    const auto& database = program_.database;
    if (!is_postgres(database) && database.find("://") != std::string::npos) {
      // Whatever scheme it is, there may be a password behind it.
      add("database", fmt::format("expected a path, sqlite:PATH or postgres://…, got \"{}://…\"",
                                  database.substr(0, database.find("://"))));
    }
  }

  const Loaded& loaded_;
  const ProgramSettings& program_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> validate(const Loaded& loaded) { return Checks(loaded).run(); }

}  // namespace ballast::config
