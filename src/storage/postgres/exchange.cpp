#include "storage/postgres/exchange.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace ballast::storage::postgres {

bool Exchange::push(bool sent, Message message) {
  messages_.push_back(message);
  return sent;
}

bool Exchange::send_step(Burst& burst, std::size_t index) {
  const Step& step = burst.steps[index];
  Message message{.kind = Message::Kind::execute, .burst = &burst, .step = index};
  if (!settings_.prepared || !step.prepares) return push(wire_.execute(step.known->text, *step.params), message);
  const std::uint64_t number = step.known->number;
  const std::string name = Prepared::name_of(number);
  if (!prepared_.use(number)) {
    // One that this very burst has evicted is still there.
    const auto gone = std::find(evicted_.begin(), evicted_.end(), number);
    const bool there = gone != evicted_.end();
    if (there) evicted_.erase(gone);
    prepared_.add(number, evicted_);
    if (there) return push(wire_.execute_prepared(name, *step.params), message);
    const Message preparing{.kind = Message::Kind::prepare, .burst = &burst, .number = number};
    if (!push(wire_.prepare(name, step.known->text), preparing)) return false;
  }
  return push(wire_.execute_prepared(name, *step.params), message);
}

void Exchange::send(std::span<Burst* const> bursts) {
  bool sent = true;
  std::size_t group = 0;
  for (std::size_t i = 0; i < bursts.size(); ++i) {
    Burst& burst = *bursts[i];
    bursts_.push_back(&burst);
    ++group;
    while (sent && !evicted_.empty() && !burst.ends_failed) {
      const std::uint64_t number = evicted_.back();
      evicted_.pop_back();
      sent = push(wire_.execute("DEALLOCATE " + Prepared::name_of(number), {}),
                  {.kind = Message::Kind::deallocate, .number = number});
    }
    for (std::size_t step = 0; sent && step < burst.steps.size(); ++step) sent = send_step(burst, step);
    const bool joins_next = burst.shares_sync && i + 1 < bursts.size() && bursts[i + 1]->shares_sync;
    if (joins_next) continue;
    sent = sent && wire_.sync();
    messages_.push_back({.kind = Message::Kind::sync, .bursts = std::exchange(group, 0)});
    ++groups_;
  }
}

bool Exchange::wants_single_rows() const noexcept {
  if (messages_.empty()) return false;
  const Message& front = messages_.front();
  return front.kind == Message::Kind::execute && front.burst->by_row && !front.succeeded && !front.failed;
}

void Exchange::row(std::span<const sql::Cell> cells) {
  check(!messages_.empty(), "a row that nobody asked for");
  const Message& front = messages_.front();
  if (front.kind != Message::Kind::execute) return;
  Step& step = front.burst->steps[front.step];
  ++step.outcome.rows;
  for (const auto& cell : cells) step.bytes += cell.text.size();
  if (step.sink == nullptr || front.burst->sink_error) return;
  auto taken = step.sink->row(cells);
  if (taken) return;
  front.burst->sink_error = std::move(taken).error();
  front.burst->refused = front.step;
}

void Exchange::completed(std::string_view tag, std::int64_t affected) {
  check(!messages_.empty(), "an answer that nobody asked for");
  Message& front = messages_.front();
  front.succeeded = true;
  if (front.kind != Message::Kind::execute) return;
  Step& step = front.burst->steps[front.step];
  step.outcome.affected = affected;
  step.tag = tag;
  ++front.burst->completed;
}

void Exchange::fail(Burst& burst, Failure failure) {
  if (burst.fate != Burst::Fate::none) return;
  burst.fate = Burst::Fate::failed;
  burst.failure = std::move(failure);
}

/// The server says goodbye while it works on the oldest message; what lies behind it was never looked at.
void Exchange::note_goodbye(const Message& front) {
  if (front.kind == Message::Kind::sync) {
    unseen_ = front.bursts;
  } else if (front.burst != nullptr) {
    unseen_ = static_cast<std::size_t>(std::find(bursts_.begin(), bursts_.end(), front.burst) - bursts_.begin()) + 1;
  }
}

void Exchange::failed(Failure failure) {
  check(!messages_.empty(), "a failure of nothing");
  Message& front = messages_.front();
  front.failed = true;
  if (failure.fatal) note_goodbye(front);
  switch (front.kind) {
    case Message::Kind::sync:
      // The commit failed: with it everything since the Sync before. A goodbye here comes before the commit or after
      // it.
      for (std::size_t i = 0; i < front.bursts && !failure.fatal; ++i) fail(*bursts_[i], failure);
      return;
    case Message::Kind::deallocate:
      return;
    case Message::Kind::prepare:
      if (failure.sqlstate != "42P05") prepared_.forget(front.number);  // there already: the name has one text only
      break;
    case Message::Kind::execute:
      if (failure.stale_plan()) {
        const std::uint64_t number = front.burst->steps[front.step].known->number;
        if (failure.sqlstate == "26000") {
          evicted_.clear();
          prepared_.clear();  // whoever dropped one dropped them all (DISCARD, DEALLOCATE ALL)
        } else if (prepared_.forget(number)) {
          evicted_.push_back(number);  // known, with another shape
        }
      }
      break;
  }
  fail(*front.burst, std::move(failure));
}

void Exchange::skipped() {
  check(!messages_.empty(), "a skipped message that was never sent");
  Message& front = messages_.front();
  front.failed = true;
  if (front.kind == Message::Kind::prepare) prepared_.forget(front.number);
  if (front.kind == Message::Kind::deallocate) evicted_.push_back(front.number);
  if (front.burst != nullptr && front.burst->fate == Burst::Fate::none) front.burst->fate = Burst::Fate::again;
}

void Exchange::ended() {
  if (messages_.empty() || at_sync()) return;
  messages_.pop_front();
}

void Exchange::synced() {
  check(at_sync(), "a Sync that was not sent");
  const std::size_t ended = messages_.front().bursts;
  messages_.pop_front();
  --groups_;
  for (std::size_t i = 0; i < ended; ++i) {
    Burst* burst = bursts_.front();
    bursts_.pop_front();
    if (burst->fate == Burst::Fate::none) burst->fate = Burst::Fate::done;
    finished_.push_back(burst);
  }
}

void Exchange::lost(const Failure& failure) {
  for (std::size_t i = 0; i < bursts_.size(); ++i) {
    Burst* const burst = bursts_[i];
    if (burst->fate == Burst::Fate::none) {
      burst->fate = i < unseen_ ? Burst::Fate::lost : Burst::Fate::unsent;
      burst->failure = failure;
    }
    finished_.push_back(burst);
  }
  bursts_.clear();
  messages_.clear();
  groups_ = 0;
}

}  // namespace ballast::storage::postgres
