#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"

namespace ballast::config {

/// One `name = value` of a settings file.
struct FileEntry {
  std::string name;  ///< dotted: "http.header_limit"
  Raw value;
  std::string where;  ///< "ballast.toml:3"
};

/// One `key = value` of a named table: `[access.anon] users = "select"`.
struct FileRow {
  std::string section;  ///< "access"
  std::string table;    ///< "anon"
  std::string key;      ///< "users"
  Raw value;
  std::string where;
};

struct FileContent {
  std::vector<FileEntry> entries;
  std::vector<FileRow> rows;
  std::vector<Problem> problems;  ///< syntax errors, values of a type that no setting has
};

/// Flattens TOML. Keys may hold dots only between tables, so that each setting is written in one way.
FileContent read_toml(const Registry& registry, std::string_view text, const std::string& file_name);

}  // namespace ballast::config
