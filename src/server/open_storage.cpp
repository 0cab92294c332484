#include <fmt/format.h>

#include <filesystem>

#include "config/connection_string.hpp"
#include "server/application.hpp"
#include "storage/postgres/database.hpp"
#include "storage/sqlite/database.hpp"

namespace ballast::server {

bool is_postgres(const config::Settings& settings) { return config::is_postgres(settings.program.database); }

std::string database_path(const std::string& setting) {
  if (setting.empty()) return "./ballast.db";
  return setting.starts_with("sqlite:") ? setting.substr(7) : setting;
}

Result<std::unique_ptr<storage::Storage>> open_storage(const config::Settings& settings,
                                                       std::function<void(std::string_view)> report) {
  if (is_postgres(settings)) {
    storage::PostgresSettings chosen = settings.postgres;
    chosen.connection = settings.program.database;
    chosen.schemas = settings.program.schemas;
    chosen.tables = settings.tables;
    chosen.loops = http::workers_for(settings.http);
    return storage::open_postgres(chosen, std::move(report));
  }
  const std::string path = database_path(settings.program.database);
  std::error_code ec;
  const auto status = std::filesystem::status(path, ec);
  if (std::filesystem::is_directory(status)) {
    return make_error(500, "BLST_DATABASE", fmt::format("\"{}\" is a folder, expected a SQLite file", path));
  }
  if (!std::filesystem::exists(status) && !settings.sqlite.create) {
    auto error = make_error(500, "BLST_DATABASE", fmt::format("there is no database \"{}\"", path));
    return std::move(error).with_hint(
        settings.program.database.empty()
            ? "name one (a path, or sqlite:PATH), or make one with ballast demo"
            : "check the path; ballast demo makes a database to try, and sqlite.create = true "
              "makes an empty one");
  }
  if (settings.program.schemas != std::vector<std::string>{"public"}) {
    return make_error(500, "BLST_DATABASE",
                      fmt::format("schemas: SQLite has one schema, \"public\", and was asked for \"{}\"",
                                  config::print_list(settings.program.schemas)))
        .with_hint("leave the setting out");
  }
  storage::SqliteSettings chosen = settings.sqlite;
  chosen.tables = settings.tables;
  auto opened = storage::open_sqlite(path, chosen);
  if (!opened) {
    Error error = std::move(opened).error();
    // The engine's messages are for clients, who are not told of files.
    error.message = fmt::format("cannot open \"{}\": {}", path, error.message);
    if (error.code == "BLST603" && error.hint.empty()) {
      error.hint = "make the file and its folder writable, or serve it with sqlite.read_only = true";
    }
    return error;
  }
  return opened;
}

}  // namespace ballast::server
