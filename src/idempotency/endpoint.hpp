#pragma once

#include "http/handler.hpp"
#include "idempotency/key_repository.hpp"
#include "idempotency/settings.hpp"

namespace ballast::idempotency {

/// `GET /idempotency/v1/{key}`: tells its owner what became of a key. Thread-safe.
class Endpoint {
 public:
  /// The repository outlives the endpoint.
  Endpoint(KeyRepository& keys, Settings settings) : keys_(keys), settings_(std::move(settings)) {}

  /// `{"state":"in_flight"}` or `{"state":"done","status":201}`; 404 when the key is unknown.
  http::Reply handle(http::Request& request) const;

 private:
  KeyRepository& keys_;
  const Settings settings_;
};

}  // namespace ballast::idempotency
