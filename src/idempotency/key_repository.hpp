#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "idempotency/key.hpp"
#include "idempotency/stored_answer.hpp"
#include "storage/storage.hpp"

namespace ballast::idempotency {

/// What is known of a key.
struct KeyState {
  enum class Stage : std::uint8_t {
    unknown,    ///< nobody has used it, or what was kept has expired
    in_flight,  ///< somebody's transaction is executing its request
    done,
  };
  Stage stage = Stage::unknown;
  std::string fingerprint;  ///< of the request that is done
  StoredAnswer answer;
};

/// Where the answers of keys are kept. What has expired is as good as gone. Asked as the connection's own user, never
/// as the request's role.
class KeyRepository {
 public:
  virtual ~KeyRepository() = default;

  /// Makes what the other calls need (tables), in transactions of its own.
  virtual boost::asio::awaitable<Result<void>> prepare(storage::Context context) = 0;
  /// In the request's transaction, which then holds the key, if it was `unknown`, to its end. Nobody is waited for.
  virtual boost::asio::awaitable<Result<KeyState>> claim(Key key, storage::Context context) = 0;
  /// The same of a key that is most likely `unknown`: false when it is not, and then the transaction can only be
  /// undone. So what is done in it next may be sent to the engine before this is answered.
  virtual boost::asio::awaitable<Result<bool>> take(Key key, storage::Context context) = 0;
  /// In a transaction that has claimed or taken the key. 409 `claimed_meanwhile`: somebody else was faster after all,
  /// and the transaction has to be begun anew.
  virtual boost::asio::awaitable<Result<void>> complete(Key key, std::string fingerprint, StoredAnswer answer,
                                                        std::chrono::seconds ttl, storage::Context context) = 0;
  virtual boost::asio::awaitable<Result<KeyState>> find(Key key, storage::Context context) = 0;
  /// What is kept of it alone: `unknown` or `done`.
  virtual boost::asio::awaitable<Result<KeyState>> kept(Key key, storage::Context context) = 0;
  /// Forgets at most `most` expired keys; how many there were.
  virtual boost::asio::awaitable<Result<std::int64_t>> prune(std::int64_t most, storage::Context context) = 0;
};

/// The code of an error that is never shown: see `KeyRepository::complete`.
constexpr std::string_view claimed_meanwhile = "BLST829";

}  // namespace ballast::idempotency
