#include "storage/memory/fake_storage.hpp"

#include "base/check.hpp"

namespace ballast::storage {

namespace asio = boost::asio;

bool FakeStorage::fails_now() {
  if (fail_at != operations++) return false;
  failed = true;
  return true;
}

Result<Outcome> FakeStorage::run(const sql::Statement& statement, sql::RowSink* sink) {
  const std::size_t number = statements.size();
  statements.push_back(statement);
  if (fails_now()) return failure;
  std::optional<Answer> found = answer ? answer(statement) : std::nullopt;
  if (!found) found = number < script.size() ? script[number] : otherwise;
  if (found->error) return *found->error;
  Outcome outcome;
  outcome.affected = found->affected;
  for (const auto& row : found->rows) {
    if (sink != nullptr) BALLAST_CHECKED(sink->row(row));
    ++outcome.rows;
  }
  return outcome;
}

asio::awaitable<Result<Outcome>> FakeStorage::read(const sql::Statement& statement, sql::RowSink& sink, Context) {
  co_return run(statement, &sink);
}

Result<void> FakeStorage::run_unit(UnitOfWork& unit, bool counts) {
  std::optional<Result<Outcome>> previous;
  while (true) {
    UnitOfWork::Next next = unit.next(previous ? &*previous : nullptr);
    const bool broken = previous && !previous->ok();
    if (const auto* step = std::get_if<UnitOfWork::Run>(&next)) {
      check(!broken, "a unit of work went on after a failed statement");
      previous.emplace(run(*step->statement, step->sink));
      continue;
    }
    if (auto* rollback = std::get_if<UnitOfWork::Rollback>(&next)) {
      if (counts) ++rollbacks;
      if (rollback->error) return std::move(*rollback->error);
      return {};
    }
    check(!broken, "a unit of work committed after a failed statement");
    if (!counts) return {};
    if (fails_now()) {
      ++rollbacks;
      return failure;
    }
    ++commits;
    return {};
  }
}

asio::awaitable<Result<void>> FakeStorage::transact(UnitOfWork& unit, Context) {
  for (int i = 0; i < restarts; ++i) {
    (void)run_unit(unit, false).ok();
    unit.restart();
  }
  co_return run_unit(unit, true);
}

Result<catalog::SnapshotPtr> FakeStorage::introspect() {
  if (fails_now()) return failure;
  if (snapshot == nullptr) return make_error(503, "BLST606", "the fake was given no snapshot");
  return snapshot;
}

Result<void> FakeStorage::ping() {
  if (fails_now()) return failure;
  return {};
}

void FakeStorage::visit_stats(const StatVisitor& visit) const {
  visit("statements", static_cast<double>(statements.size()), true);
  visit("commits", static_cast<double>(commits), true);
}

}  // namespace ballast::storage
