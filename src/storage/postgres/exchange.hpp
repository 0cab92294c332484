#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "storage/postgres/burst.hpp"
#include "storage/postgres/prepared.hpp"
#include "storage/postgres/wire.hpp"

namespace ballast::storage::postgres {

/// The state of one connection in pipeline mode, without I/O: what was sent and not answered yet, in order, and what
/// each answer means for the burst it belongs to. It is fed with events; bursts whose fate is sealed are taken from
/// `finished`. Used by one thread.
///
/// PostgreSQL answers in the order of the messages. After a failure it skips everything up to the next Sync; an answer
/// before its Sync is provisional, since the commit happens there and can still fail (deferred constraints).
class Exchange {
 public:
  struct Settings {
    bool prepared = true;  ///< named prepared statements; false behind a pooler that shares connections
    std::size_t statement_cache = 500;
  };
  Exchange(Wire& wire, Settings settings) : wire_(wire), settings_(settings), prepared_(settings.statement_cache) {}

  /// Sends the bursts, which outlive their end. Neighbours that allow it share a Sync. When the wire breaks, `lost` is
  /// to be called, as after any loss.
  void send(std::span<Burst* const> bursts);

  // What the connection reports, always about the oldest unanswered message.
  void row(std::span<const sql::Cell> cells);
  /// Its success; `tag` is the command's ("INSERT 0 1"), `affected` the number in it.
  void completed(std::string_view tag, std::int64_t affected);
  void failed(Failure failure);
  /// It was skipped because of an earlier failure.
  void skipped();
  /// The end of its answers.
  void ended();
  void synced();
  /// Nothing more will come. Every burst under way gets its fate.
  void lost(const Failure& failure);

  bool idle() const noexcept { return messages_.empty(); }
  /// Syncs that were not reached yet.
  std::size_t groups() const noexcept { return groups_; }
  std::size_t under_way() const noexcept { return bursts_.size(); }
  /// Whether the oldest unanswered message's rows are wanted one by one; asked before its first answer.
  bool wants_single_rows() const noexcept;
  /// The message at the front expects no rows and no end of its own.
  bool at_sync() const noexcept { return !messages_.empty() && messages_.front().kind == Message::Kind::sync; }
  TimePoint oldest_deadline() const noexcept { return bursts_.front()->deadline; }

  std::vector<Burst*>& finished() noexcept { return finished_; }

 private:
  struct Message {
    enum class Kind : std::uint8_t { prepare, execute, deallocate, sync };
    Kind kind;
    Burst* burst = nullptr;    // of prepare and execute
    std::size_t step = 0;      // of execute
    std::uint64_t number = 0;  // of prepare and deallocate
    std::size_t bursts = 0;    // of sync: how many it ends
    bool failed = false;
    bool succeeded = false;
  };

  bool send_step(Burst& burst, std::size_t index);
  bool push(bool sent, Message message);
  void fail(Burst& burst, Failure failure);
  void note_goodbye(const Message& front);

  Wire& wire_;
  Settings settings_;
  Prepared prepared_;
  std::vector<std::uint64_t> evicted_;  // to be deallocated
  std::deque<Message> messages_;
  std::deque<Burst*> bursts_;  // in the order sent
  std::size_t groups_ = 0;
  std::size_t unseen_ = static_cast<std::size_t>(-1);  // from this burst on, the server ended before it looked at them
  std::vector<Burst*> finished_;
};

}  // namespace ballast::storage::postgres
