#include "storage/postgres/reads.hpp"

#include "storage/postgres/prelude.hpp"
#include "storage/postgres/retry.hpp"

namespace ballast::storage::postgres {
namespace {

namespace asio = boost::asio;

}  // namespace

asio::awaitable<Result<Outcome>> run_read(Lanes& lanes, const sql::Statement& statement, sql::RowSink& sink,
                                          Context context) {
  if (auto checked = check_params(statement); !checked) co_return std::move(checked).error();
  if (std::chrono::steady_clock::now() >= context.deadline) co_return deadline_passed();
  const StatementPin known(lanes.statements().known(statement.text));
  const auto& settings = lanes.shared().settings;
  Prelude prelude(lanes, context, true);
  Retry retry(lanes, context.deadline, true);
  Burst burst;
  burst.deadline = context.deadline;
  burst.shares_sync = prelude.plain() && settings.prepared;
  for (bool first = true;; first = false) {
    const Lane lane = known->exclusive() ? Lane::slow : Lane::fast;
    if (!first) burst.reset();
    burst.steps.clear();
    prelude.add_before(burst, lane);
    const std::size_t at = burst.steps.size();
    burst.steps.push_back({.known = known, .params = &statement.params, .sink = &sink});
    prelude.add_after(burst);
    if (lane == Lane::fast) {
      burst.by_row = false;
      co_await lanes.run_shared(burst, Lanes::Use::read);
    } else {
      auto lease = co_await lanes.lease(context.deadline, &*known);
      if (!lease) co_return std::move(lease).error();
      if (!*lease) continue;
      burst.by_row = true;
      const auto start = std::chrono::steady_clock::now();
      co_await (*lease)->run(burst);
      if (burst.fate == Burst::Fate::done) lanes.ran_alone(*known, start);
    }
    if (burst.fate == Burst::Fate::done) {
      known->large = burst.steps[at].bytes > settings.result_bytes;
      if (burst.sink_error) co_return std::move(*burst.sink_error);
      co_return burst.steps[at].outcome;
    }
    Retry::Verdict verdict = retry.after(burst, lane, *known);
    if (verdict.error) co_return std::move(*verdict.error);
    if (verdict.pause.count() > 0) {
      asio::steady_timer timer(lanes.executor(), verdict.pause);
      co_await timer.async_wait(asio::use_awaitable);
    }
  }
}

}  // namespace ballast::storage::postgres
