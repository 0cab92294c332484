#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>

#include "base/result.hpp"
#include "http/settings.hpp"

namespace ballast::http {

/// TLS 1.2 and later, ALPN http/1.1. 500 `BLST_TLS` when the files cannot be read, are no PEM, or do not belong
/// together.
Result<std::shared_ptr<boost::asio::ssl::context>> load_tls(const TlsSettings& settings);

/// The context that new connections use; connections keep the one they began with. Thread-safe.
class TlsHolder {
 public:
  std::shared_ptr<boost::asio::ssl::context> get() const {
    const std::scoped_lock lock(mutex_);
    return context_;
  }
  void set(std::shared_ptr<boost::asio::ssl::context> context) {
    const std::scoped_lock lock(mutex_);
    context_.swap(context);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace ballast::http
