#include "server/banner.hpp"

#include <fmt/format.h>

#include "rest/target.hpp"

namespace ballast::server {
namespace {

/// Three reads that show something with the tables that are there.
std::vector<std::string> examples(const catalog::Snapshot& snapshot, const std::string& base) {
  std::vector<std::string> found;
  const catalog::Relation* first = nullptr;
  for (const auto& relation : snapshot.relations()) {
    if (relation.hidden) continue;
    if (relation.is_full_text) continue;
    if (first == nullptr || (first->is_view && !relation.is_view)) first = &relation;
  }
  if (first == nullptr) return found;
  found.push_back(fmt::format("{}/{}?limit=3", base, first->name));
  const catalog::Relationship* embed = nullptr;
  for (const auto& relation : snapshot.relations()) {
    if (relation.hidden) continue;
    for (const auto& relationship : snapshot.relationships(relation.schema, relation.name)) {
      const bool to_many = relationship.cardinality == catalog::Cardinality::one_to_many;
      if (relationship.self || (embed != nullptr && !to_many)) continue;
      std::size_t ways = 0;
      for (const auto& other : snapshot.relationships(relation.schema, relation.name)) {
        ways += other.target == relationship.target ? 1 : 0;
      }
      if (ways == 1 && (embed == nullptr || embed->cardinality != catalog::Cardinality::one_to_many))
        embed = &relationship;
    }
  }
  if (embed != nullptr)
    found.push_back(fmt::format("{}/{}?select=*,{}(*)&limit=1", base, embed->source, embed->target));
  if (!first->primary_key.empty()) {
    found.push_back(fmt::format("{}/{}?select={}&order={}.desc&limit=5", base, first->name, first->primary_key.front(),
                                first->primary_key.front()));
  }
  return found;
}

std::string curl(const http::ListenAddress& address, bool tls, const std::string& target) {
  if (address.is_unix()) return fmt::format("curl --unix-socket {} 'http://localhost{}'", address.unix_path, target);
  return fmt::format("curl {}'{}{}'", tls ? "-k " : "", url_of(address, tls), target);
}

}  // namespace

std::string url_of(const http::ListenAddress& address, bool tls) {
  if (address.is_unix()) return address.to_string();
  http::ListenAddress shown = address;
  if (shown.host == "0.0.0.0") shown.host = "127.0.0.1";
  if (shown.host == "::") shown.host = "::1";
  return (tls ? "https://" : "http://") + shown.to_string();
}

std::string banner(const Application& application, bool colours) {
  const auto bold = [colours](const std::string& text) { return colours ? "\033[1m" + text + "\033[0m" : text; };
  const auto snapshot = application.catalog();
  std::string out = fmt::format("\n  {} {}  ", bold("Ballast"), BALLAST_VERSION);
  out += application.development() ? "development: everything is open, on this machine only\n\n"
                                   : "production: closed but for what the settings grant\n\n";
  for (const auto& address : application.addresses()) {
    out += fmt::format("  API       {}\n", bold(url_of(address, application.tls())) +
                                               rest::normalized_base(application.settings().rest.path));
  }
  const auto& graphql = application.settings().graphql;
  for (const auto& address : application.addresses()) {
    if (!graphql.enabled) break;
    out += fmt::format("  GraphQL   {}{}\n", bold(url_of(address, application.tls()) + graphql.path),
                       application.development() || graphql.graphiql ? " (GraphiQL in a browser)" : "");
  }
  if (application.addresses().empty()) out += "  API       on the service manager's sockets\n";
  if (!application.settings().program.admin_listen.empty()) {
    out += fmt::format("  admin     {}/ready\n", url_of(application.admin_address(), false));
  }
  if (snapshot == nullptr) {
    return out + fmt::format("  database  {} (cannot be reached yet: it is waited for)\n\n", application.database());
  }
  out += fmt::format("  database  {} ({} tables and views)\n", application.database(), snapshot->relations().size());
  const auto targets = examples(*snapshot, rest::normalized_base(application.settings().rest.path));
  if (!targets.empty() && !application.addresses().empty()) {
    out += "\n  Try:\n";
    for (const auto& target : targets) {
      out += "    " + curl(application.addresses().front(), application.tls(), target) + "\n";
    }
  }
  if (targets.empty()) out += "\n  There are no tables yet: they are served as soon as they are there.\n";
  return out + "\n";
}

}  // namespace ballast::server
