#pragma once

#include "http/handler.hpp"
#include "locks/lease_request.hpp"
#include "locks/service.hpp"

namespace ballast::locks {

/// Leases over HTTP: POST acquires, PUT renews, DELETE releases, GET shows `/locks/v1/{name}`, or checks a token.
/// Thread-safe.
class Endpoint {
 public:
  /// `service` outlives the endpoint.
  Endpoint(Service& service, Settings settings) : service_(service), settings_(settings) {}

  http::Reply handle(http::Request& request) const;

 private:
  http::Reply acquire(http::Request& request) const;
  http::Reply renew(http::Request& request) const;
  http::Reply release(http::Request& request) const;
  http::Reply show(http::Request& request) const;
  /// `?token=N`: is the lease current? In the request's transaction, if it is part of one, until that ends.
  http::Reply check(http::Request& request, LeaseRequest asked) const;
  /// Why a lease could not be renewed or released.
  boost::asio::awaitable<Error> refusal(std::string name, std::string owner, storage::Context context) const;

  Service& service_;
  const Settings settings_;
};

}  // namespace ballast::locks
