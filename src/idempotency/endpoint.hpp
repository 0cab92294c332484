#pragma once

#include "idempotency/guard.hpp"
#include "idempotency/settings.hpp"

namespace ballast::idempotency {

/// `GET /idempotency/v1/{key}`: tells its owner what became of a key. Thread-safe.
class Endpoint {
 public:
  /// Both outlive the endpoint.
  Endpoint(KeyRepository& keys, const Guard& guard, Settings settings)
      : keys_(keys), guard_(guard), settings_(std::move(settings)) {}

  /// `{"state":"in_flight"}` or `{"state":"done","status":201}`; 404 when the key is unknown.
  http::Reply handle(http::Request& request) const;

 private:
  KeyRepository& keys_;
  const Guard& guard_;
  const Settings settings_;
};

}  // namespace ballast::idempotency
