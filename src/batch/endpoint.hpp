#pragma once

#include "batch/batch.hpp"
#include "batch/settings.hpp"
#include "http/handler.hpp"
#include "storage/transaction.hpp"

namespace ballast::batch {

/// Several requests in one: `POST {"requests": […]}` is answered with `{"responses": […]}`, in the same order, all of
/// them in one transaction, or with the problem of the first that failed, and then nothing was changed. Thread-safe;
/// outlives the replies it gave.
class Endpoint {
 public:
  /// Makes what the check of a lease needs, before a transaction that has one.
  using Prepare = std::function<boost::asio::awaitable<Result<void>>(storage::Context)>;

  /// `answer` is what answers a request of these paths; what it does to the database goes to `storage`.
  Endpoint(Settings settings, Surroundings around, storage::Storage& storage, http::Handler answer,
           Prepare prepare_leases = {});

  /// Errors are answers too.
  http::Reply handle(http::Request& request) const;

 private:
  struct Run;
  http::Reply run(http::Request& request, Batch batch) const;
  using Ending = storage::Transaction::Ending;
  /// The requests from `first` to `end`, all or nothing of them.
  static boost::asio::awaitable<void> together(Run& run, std::size_t first, std::size_t end);
  static boost::asio::awaitable<Result<Ending>> answer_all(Run& run, std::size_t first, std::size_t end,
                                                           storage::Transaction& transaction);
  /// False: it failed, and with it what it is a part of.
  static boost::asio::awaitable<bool> answer_well(Run& run, std::size_t index, storage::Transaction& transaction);
  static boost::asio::awaitable<void> each_alone(Run& run);
  static boost::asio::awaitable<void> answer_one(Run& run, std::size_t index, storage::Transaction* within);

  const Settings settings_;
  const Surroundings around_;
  storage::Storage& storage_;
  const http::Handler answer_;
  const Prepare prepare_leases_;
};

}  // namespace ballast::batch
