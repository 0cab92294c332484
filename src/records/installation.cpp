#include "records/installation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "records/run_statement.hpp"
#include "text/trim.hpp"

namespace ballast::records {
namespace {

/// A number of our own in PostgreSQL's space of advisory locks.
constexpr sql::Literal lock = "SELECT pg_advisory_xact_lock(7022084119423148099)";

constexpr sql::Literal exists_sqlite =
    "SELECT 1, count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = 'ballast_version'";
constexpr sql::Literal exists_postgres =
    "SELECT (to_regnamespace('ballast') IS NOT NULL)::int, (to_regclass('ballast.version') IS NOT NULL)::int";

constexpr sql::Literal version_sqlite = "SELECT version FROM ballast_version";
constexpr sql::Literal version_postgres = "SELECT version FROM ballast.version";

constexpr sql::Literal create_sqlite =
    "CREATE TABLE ballast_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL);";
constexpr sql::Literal create_postgres =
    "CREATE TABLE ballast.version (one integer PRIMARY KEY CHECK (one = 1), version integer NOT NULL);";

constexpr sql::Literal note_sqlite =
    "INSERT INTO ballast_version (one, version) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET version = ?1";
constexpr sql::Literal note_postgres =
    "INSERT INTO ballast.version (one, version) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET version = $1";

void append_statements(std::vector<sql::Statement>& out, sql::Literal text) {
  std::string_view rest = text.view();
  while (true) {
    const std::size_t end = rest.find(';');
    if (end == std::string_view::npos) return;
    out.push_back({std::string(text::trimmed(rest.substr(0, end))), {}, true});
    rest.remove_prefix(end + 1);
  }
}

Error newer(std::int64_t found, std::int64_t known) {
  return make_error(503, "BLST802",
                    fmt::format(
                        "the database's Ballast tables are of version {}, and this Ballast knows them up to version {}",
                        found, known))
      .with_hint("serve this database with the newer Ballast that made them");
}

}  // namespace

Result<void> Installation::Numbers::row(std::span<const sql::Cell> cells) {
  values.clear();
  for (const auto& cell : cells) values.push_back(integer_of(cell));
  return {};
}

storage::UnitOfWork::Next Installation::ask(sql::Literal question) {
  answer_.values.clear();
  question_ = {std::string(question.view()), {}, false};
  return Run{&question_, &answer_};
}

void Installation::plan_first() {
  if (postgres() && !has_schema_) work_.push_back({"CREATE SCHEMA ballast", {}, true});
  append_statements(work_, postgres() ? create_postgres : create_sqlite);
  plan_from(0);
}

/// The version is noted first: where transactions are serializable by default, what was seen may be older than the
/// lock, and then this statement makes the engine run everything again.
void Installation::plan_from(std::size_t version) {
  const sql::Literal note = postgres() ? note_postgres : note_sqlite;
  work_.push_back({std::string(note.view()), {static_cast<std::int64_t>(migrations_.size())}, true});
  for (const auto& migration : migrations_.subspan(version)) {
    append_statements(work_, postgres() ? migration.postgres : migration.sqlite);
  }
}

storage::UnitOfWork::Next Installation::next(const Result<storage::Outcome>* previous) {
  if (previous != nullptr && !previous->ok()) return Rollback{previous->error()};
  switch (step_) {
    case Step::lock:
      step_ = Step::look;
      if (postgres()) return ask(lock);
      [[fallthrough]];  // SQLite's writer has the database to itself
    case Step::look:
      step_ = Step::look_at_version;
      return ask(postgres() ? exists_postgres : exists_sqlite);
    case Step::look_at_version:
      check(answer_.values.size() == 2, "the database does not say whether Ballast's tables exist");
      has_schema_ = answer_.values[0] != 0;
      if (answer_.values[1] != 0) {
        step_ = Step::plan;
        return ask(postgres() ? version_postgres : version_sqlite);
      }
      plan_first();
      step_ = Step::work;
      break;
    case Step::plan: {
      const std::int64_t version = answer_.values.empty() ? 0 : std::max<std::int64_t>(answer_.values[0], 0);
      const auto known = static_cast<std::int64_t>(migrations_.size());
      if (version > known) return Rollback{newer(version, known)};
      if (version < known) plan_from(static_cast<std::size_t>(version));
      step_ = Step::work;
      break;
    }
    case Step::work:
      break;
  }
  if (at_ == work_.size()) return Commit{};
  return Run{&work_[at_++], nullptr};
}

void Installation::restart() {
  step_ = Step::lock;
  work_.clear();
  at_ = 0;
}

}  // namespace ballast::records
