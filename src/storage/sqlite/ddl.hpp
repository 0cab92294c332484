#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::storage::sqlite {

/// What a CREATE statement says that SQLite's pragmas do not: constraints' names, CHECK expressions, a virtual
/// table's arguments, what an INSTEAD OF trigger stands in for (https://sqlite.org/lang_createtable.html).
struct Ddl {
  struct Check {
    std::string name;        ///< empty when it has none
    std::string expression;  ///< the text between the parentheses
  };
  struct Key {
    std::string name;
    std::vector<std::string> columns;
    bool primary = false;
  };
  struct Reference {
    std::string name;
    std::vector<std::string> columns;  ///< of this table
  };
  std::vector<Check> checks;
  std::vector<Key> keys;
  std::vector<Reference> references;

  bool without_rowid = false;
  std::string module;                  ///< of a virtual table, lower case
  std::vector<std::string> arguments;  ///< of a virtual table, as written

  enum class Instead { none, insert, update, delete_ };
  Instead instead_of = Instead::none;  ///< of a trigger
};

/// Reads the text of a CREATE statement as sqlite_schema keeps it. Never fails: what it does not understand it skips,
/// since SQLite has accepted the text before.
Ddl parse_ddl(std::string_view sql);

/// The value of an FTS5 option, unquoted: `content='articles'` among the arguments. Empty when not given.
std::string option(const Ddl& ddl, std::string_view name);

/// `column IN ('a', 'b')`, and nothing else: the strings. Empty otherwise.
std::vector<std::string> enumerated(std::string_view expression, std::string_view column);

/// Which of the columns the expression names, each once.
std::vector<std::string> columns_in(std::string_view expression, const std::vector<std::string>& columns);

}  // namespace ballast::storage::sqlite
