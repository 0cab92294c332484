#include "rest/read_plan.hpp"

#include "http/request.hpp"
#include "rest/conditions.hpp"
#include "rest/parameters.hpp"
#include "text/utf8.hpp"

namespace ballast::rest {
namespace {

/// Enough for the reads of one shape that a worker has under way at a time.
constexpr std::size_t most_idle = 16;

}  // namespace

BoundRead::BoundRead(std::shared_ptr<ReadPlan> plan) : plan_(std::move(plan)) {
  if (plan_->idle.empty()) {
    statement_ = std::make_unique<sql::Statement>(plan_->plan.statements.front());
    return;
  }
  statement_ = std::move(plan_->idle.back());
  plan_->idle.pop_back();
}

BoundRead::~BoundRead() {
  if (plan_ != nullptr && statement_ != nullptr && plan_->idle.size() < most_idle) {
    plan_->idle.push_back(std::move(statement_));
  }
}

bool rebindable(const compile::Plan& plan, int slots) {
  if (plan.statements.size() != 1 || plan.estimate) return false;
  std::vector<bool> placed(static_cast<std::size_t>(slots), false);
  for (const auto& slot : plan.slots) {
    if (slot.slot >= 0 && slot.slot < slots) placed[static_cast<std::size_t>(slot.slot)] = true;
  }
  for (const bool found : placed) {
    if (!found) return false;
  }
  return true;
}

Result<void> bind_values(const ReadPlan& plan, sql::Statement& statement, std::string_view query,
                         const sql::Dialect& dialect) {
  if (plan.plan.slots.empty()) return {};
  RawParameters raws(query);
  RawParameter raw;
  int number = 0;
  while (raws.next(raw)) {
    const std::size_t prefix = bindable_value(raw);
    if (prefix == std::string_view::npos) continue;
    auto value = http::percent_decode(raw.value.substr(prefix), true);
    if (!value || !text::valid_utf8(*value)) {
      return make_error(400, "PGRST100", "the query string's value is not valid UTF-8")
          .with_hint("percent-encode names and values as UTF-8, without NUL");
    }
    for (const auto& slot : plan.plan.slots) {
      if (slot.slot != number) continue;
      std::string text = takes_pattern(slot.op) ? pattern(*value) : *value;
      BALLAST_TRY(statement.params[slot.param], compile::bind_value(slot.op, slot.type, std::move(text), dialect));
    }
    ++number;
  }
  return {};
}

}  // namespace ballast::rest
