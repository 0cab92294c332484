#include "locks/acquisition.hpp"

#include "records/run_statement.hpp"

namespace ballast::locks {

Result<void> Acquisition::Count::row(std::span<const sql::Cell> cells) {
  value = records::integer_of(cells.front());
  return {};
}

storage::UnitOfWork::Next Acquisition::run(sql::Literal text, std::vector<sql::Param> params, sql::RowSink* sink) {
  statement_ = {std::string(text.view()), std::move(params), true};
  return Run{&statement_, sink};
}

storage::UnitOfWork::Next Acquisition::next(const Result<storage::Outcome>* previous) {
  if (previous != nullptr && !previous->ok()) return Rollback{previous->error()};
  switch (step_) {
    case Step::lock:
      step_ = Step::clear;
      if (!sql_.lock.view().empty()) return run(sql_.lock, {claim_.owner, claim_.name}, &held_);
      [[fallthrough]];
    case Step::clear:
      step_ = Step::grant;
      return run(sql_.clear, {claim_.name});
    case Step::grant:
      step_ = Step::granted;
      row_.restart();
      return run(sql_.grant,
                 {claim_.name, claim_.owner, std::int64_t{claim_.ttl.count()}, static_cast<std::int64_t>(claim_.most)},
                 &row_);
    case Step::granted:
      if (row_.lease()) {
        step_ = Step::done;
        return run(sql_.sweep, {});
      }
      step_ = Step::look;
      return run(sql_.holder, {claim_.name}, &row_);
    case Step::look:
      if (row_.lease()) {
        outcome_ = Attempt::Outcome::held;
        return Commit{};
      }
      step_ = Step::counted;
      return run(sql_.count, {claim_.owner}, &held_);
    case Step::counted:
      // A lease that was in the way may have been released meanwhile.
      if (held_.value < static_cast<std::int64_t>(claim_.most)) {
        step_ = Step::grant;
        return next(nullptr);
      }
      outcome_ = Attempt::Outcome::too_many;
      return Commit{};
    case Step::done:
      break;
  }
  return Commit{};
}

void Acquisition::restart() {
  step_ = Step::lock;
  outcome_ = Attempt::Outcome::granted;
  row_.restart();
}

Attempt Acquisition::attempt() && {
  Attempt attempt{outcome_, {}};
  if (auto lease = row_.take(std::move(claim_.name))) attempt.lease = std::move(*lease);
  return attempt;
}

}  // namespace ballast::locks
