#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "storage/storage.hpp"

namespace ballast::storage {

/// One transaction that several users of a storage share, each of them written as if it had the storage to itself:
/// what they `read` and `transact` with a Context that points here is done inside, one after the other, and kept or
/// undone as a whole. Used by one coroutine at a time.
class Transaction {
 public:
  enum class Ending : std::uint8_t { commit, rollback };
  /// What is done in it. Called again, from the start, when the engine had to undo everything and may repeat it. It may
  /// run on an engine's own thread and must not wait for anything but the storage. An error undoes everything and is
  /// what `run` fails with.
  using Body = std::function<boost::asio::awaitable<Result<Ending>>(Transaction&)>;
  /// One of several uses of a transaction that follow one another, by its number; what it is given is its own, and gone
  /// when all are done. False: those behind it are not wanted, and the transaction will be undone.
  using Use = std::function<boost::asio::awaitable<bool>(std::size_t number, Transaction&)>;

  Transaction() = default;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  virtual ~Transaction() = default;

  /// Succeeds when the transaction was ended as the body wished.
  static boost::asio::awaitable<Result<void>> run(Storage& storage, const Body& body, Context context);

  /// See `Storage`. The deadline is the transaction's own.
  virtual boost::asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                       Context context) = 0;
  virtual boost::asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) = 0;

  /// The uses 0 to `count` - 1, one behind the other; false when one of them said so. A later one may be begun before
  /// an earlier one has its answers, so that an engine can be sent what several ask for at once; what it said by then
  /// is forgotten if an earlier one turns out to end it all. `use` outlives the call.
  virtual boost::asio::awaitable<bool> in_turn(std::size_t count, const Use& use);

  /// Something in it failed or was taken back: it can only be undone, and whatever else is asked of it fails.
  virtual bool broken() const noexcept = 0;
  /// The statement's failure that broke it, if it was one.
  virtual const std::optional<Error>& failure() const noexcept = 0;
};

/// A storage whose users may share transactions: what comes with `Context::within` goes there, all else to `storage`.
std::unique_ptr<Storage> with_shared_transactions(std::unique_ptr<Storage> storage);

}  // namespace ballast::storage
