#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/command.hpp"
#include "cli/sources.hpp"
#include "cli/terminal.hpp"
#include "json/writer.hpp"
#include "rest/answer.hpp"
#include "rest/target.hpp"
#include "server/application.hpp"

namespace ballast::cli {
namespace {

struct Row {
  std::string methods, path, what;
};

std::vector<Row> rows_of(const catalog::Snapshot& snapshot, const std::string& base) {
  std::vector<Row> rows;
  for (const auto& relation : snapshot.relations()) {
    if (relation.hidden) continue;
    const bool exposed =
        std::find(snapshot.schemas().begin(), snapshot.schemas().end(), relation.schema) != snapshot.schemas().end();
    if (!exposed) continue;
    rows.push_back({rest::allowed_methods(relation), base + "/" + relation.name,
                    relation.is_full_text ? "full text table"
                    : relation.is_view    ? "view"
                                          : "table"});
  }
  return rows;
}

std::string as_json(const std::vector<Row>& rows) {
  std::string out = "[";
  for (const auto& row : rows) {
    out += out.size() > 1 ? ",\n {" : "\n {";
    out += "\"path\":";
    json::append_string(out, row.path);
    out += ",\"kind\":";
    json::append_string(out, row.what);
    out += ",\"methods\":[";
    auto methods = config::parse_list(row.methods);
    for (std::size_t i = 0; i < methods.size(); ++i) {
      if (i != 0) out += ',';
      json::append_string(out, methods[i]);
    }
    out += "]}";
  }
  return out + "\n]\n";
}

std::string as_text(const std::vector<Row>& rows, bool colours) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.path.size());
  std::string out;
  for (const auto& row : rows) {
    out += styled(fmt::format("{:<{}}", row.path, width), "1", colours);
    out += fmt::format("  {:<15}  {}\n", row.what, row.methods);
  }
  return out;
}

int run_routes(const Arguments& arguments) {
  auto loaded = load_settings({arguments, arguments.positional.empty() ? "" : arguments.positional.front(), false});
  if (!loaded.ok()) return report(loaded.problems);
  loaded.settings.sqlite.create = false;
  auto storage = server::open_storage(loaded.settings);
  if (!storage) {
    print_error(storage.error());
    return failure;
  }
  const auto snapshot = (*storage)->introspect();
  (*storage)->close();
  if (!snapshot) {
    print_error(snapshot.error());
    return failure;
  }
  auto rows = rows_of(**snapshot, rest::normalized_base(loaded.settings.rest.path));
  const bool no_tables = rows.empty();
  if (loaded.settings.graphql.enabled) rows.push_back({"OPTIONS,GET,POST", loaded.settings.graphql.path, "GraphQL"});
  if (loaded.settings.locks.enabled) {
    rows.push_back({"OPTIONS,GET,HEAD,POST,PUT,DELETE", std::string(locks::path) + "/{name}", "leases"});
  }
  if (loaded.settings.idempotency.enabled) {
    rows.push_back({"GET,HEAD", std::string(idempotency::path) + "{key}", "keys"});
  }
  if (loaded.settings.batch.enabled) rows.push_back({"OPTIONS,POST", loaded.settings.batch.path, "batches"});
  std::fputs((arguments.has("--json") ? as_json(rows) : as_text(rows, wants_colours(1))).c_str(), stdout);
  if (no_tables) print_error("the database has no tables yet", "create some; ballast demo makes a database to try");
  return success;
}

}  // namespace

Command routes_command() {
  return {
      .name = "routes",
      .operands = "[DATABASE]",
      .most_operands = 1,
      .settings = true,
      .flags = {settings_flag(), {"--json", "", "As JSON."}},
      .summary = "List what is served: paths and methods.",
      .description =
          "Lists every table and view of DATABASE with its path and methods, where GraphQL has them all, and where\n"
          "leases, idempotency keys and batches are. What a caller may do with them is for the grants to say\n"
          "([access.ROLE] in the settings).",
      .examples = {{"ballast routes shop.db", ""}},
      .run = run_routes};
}

}  // namespace ballast::cli
