#pragma once

#include <boost/asio/thread_pool.hpp>

#include "base/clock.hpp"
#include "catalog/holder.hpp"
#include "http/router.hpp"
#include "observe/metrics.hpp"
#include "server/schema_watch.hpp"
#include "server/state.hpp"
#include "storage/storage.hpp"

namespace ballast::server {

/// The private listener's answers: `/live`, `/ready`, `/metrics`, `/version`. The references outlive it; `close` it
/// before the server that asks it is destroyed.
class Admin {
 public:
  Admin(storage::Storage& storage, const catalog::Holder& catalog, const SchemaWatch& schema, const State& state,
        const observe::Metrics& metrics);

  http::Reply operator()(http::Request& request) const { return router_(request); }
  void close();

 private:
  http::Reply ready() const;

  storage::Storage& storage_;
  const catalog::Holder& catalog_;
  const SchemaWatch& schema_;
  const State& state_;
  const observe::Metrics& metrics_;
  /// A database that hangs must not keep `/live` from answering, so it is asked elsewhere.
  mutable boost::asio::thread_pool probe_{1};
  http::Router router_;
};

/// `{"version":"0.1.0","compiler":"…","build":"…"}`
std::string version_json();

}  // namespace ballast::server
