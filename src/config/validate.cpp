#include "config/validate.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/address.hpp>

namespace ballast::config {
namespace {

class Checks {
 public:
  explicit Checks(const Loaded& loaded) : loaded_(loaded), program_(loaded.settings.program) {}

  std::vector<Problem> run() {
    listeners();
    paths();
    names();
    database();
    return std::move(problems_);
  }

 private:
  void add(std::string_view setting, std::string message, std::string hint = {}) {
    problems_.push_back({loaded_.origin(setting).where, fmt::format("{}: {}", setting, message), std::move(hint)});
  }

  void listeners() {
    if (program_.listen.empty()) add("listen", "expected at least one address", "for example 127.0.0.1:8080");
    std::vector<ListenAddress> seen;
    for (const auto& text : program_.listen) {
      auto address = parse_listen(text);
      if (!address) {
        add("listen", fmt::format("{}, got \"{}\"", address.error().message, text), address.error().hint);
        continue;
      }
      if (address->port != 0 || !address->path.empty()) {
        for (const auto& other : seen) {
          if (other == *address) add("listen", fmt::format("\"{}\" is given twice", text));
        }
      }
      seen.push_back(std::move(*address));
    }
    if (program_.admin_listen.empty()) return;
    const auto admin = parse_listen(program_.admin_listen);
    if (!admin) {
      return add("admin.listen", fmt::format("{}, got \"{}\"", admin.error().message, program_.admin_listen),
                 admin.error().hint);
    }
    for (const auto& other : seen) {
      if (other == *admin && (admin->port != 0 || !admin->path.empty())) {
        add("admin.listen", fmt::format("\"{}\" is also an address of the public listener", program_.admin_listen),
            "choose another port: the admin listener is private");
      }
    }
    if (!admin->loopback() && !program_.admin_expose) {
      add("admin.listen",
          fmt::format("\"{}\" can be reached from the network, and the admin listener asks nobody who they are",
                      program_.admin_listen),
          "use 127.0.0.1, or set admin.expose = true where a firewall guards it");
    }
  }

  void paths() {
    path("graphql.path", program_.graphql_path);
  }

  void path(std::string_view setting, const std::string& value) {
    if (!value.starts_with('/') || value.size() < 2 || value.ends_with('/') || value.find("//") != std::string::npos) {
      return add(setting, fmt::format("expected a path such as \"/rest/v1\" (starts with \"/\", does not end with it), got \"{}\"",
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
    if (loaded_.settings.rules.anonymous_role.empty()) add("anon_role", "expected a role's name, got an empty text");
  }

  void database() {
    const auto& database = program_.database;
    if (database.starts_with("postgres://") || database.starts_with("postgresql://")) {
      add("database", "PostgreSQL is not yet built in", "use a SQLite file: a path, or sqlite:PATH");
    } else if (database.find("://") != std::string::npos) {
      add("database", fmt::format("expected a path or sqlite:PATH, got \"{}\"", database));
    }
  }

  const Loaded& loaded_;
  const ProgramSettings& program_;
  std::vector<Problem> problems_;
};

}  // namespace

bool ListenAddress::loopback() const {
  return !path.empty() || boost::asio::ip::make_address(host).is_loopback();
}

Result<ListenAddress> parse_listen(std::string_view text) {
  const auto bad = [] {
    return make_error(400, "BLST_SETTING", "expected ADDRESS:PORT or unix:PATH")
        .with_hint("for example 127.0.0.1:8080, [::1]:8080 or unix:/run/ballast.sock");
  };
  ListenAddress address;
  if (text.starts_with("unix:")) {
    address.path = text.substr(5);
    // sockaddr_un holds 108 bytes, the terminating NUL among them.
    if (address.path.empty() || address.path.size() > 107) return bad();
    return address;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad();
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 2) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad();
  }
  if (host == "localhost") host = "127.0.0.1";
  if (host.empty() || host == "*") host = "0.0.0.0";
  boost::system::error_code ec;
  const auto parsed = boost::asio::ip::make_address(host, ec);
  const auto port = parse_integer(text.substr(colon + 1));
  if (ec || !port || *port < 0 || *port > 65535) return bad();
  address.host = parsed.to_string();
  address.port = static_cast<std::uint16_t>(*port);
  return address;
}

}  // namespace ballast::config
