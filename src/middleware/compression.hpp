#pragma once

#include <atomic>
#include <memory>

#include "http/handler.hpp"
#include "middleware/accept_encoding.hpp"
#include "middleware/settings.hpp"

namespace ballast::middleware {

/// Compresses answers that are worth it, in a coding that the client accepts: text and JSON above a size that nobody
/// encoded yet. Bodies at hand are compressed whole; large ones, and those that are made as they are sent, in pieces on
/// their way out. A compressed answer's strong ETag names the coding as well, since its bytes are others (RFC
/// 9110, 8.8.1).
class Compression final : public http::Middleware {
 public:
  explicit Compression(CompressionSettings settings) : settings_(settings) {}
  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  bool worth_it(const http::Response& response, bool must) const;
  void encode(const http::Request& request, http::Response& response, CodingChoice choice) const;

  CompressionSettings settings_;
  std::shared_ptr<std::atomic<std::uint32_t>> streams_ = std::make_shared<std::atomic<std::uint32_t>>(0);
};

/// Text, JSON, XML, scripts, SVG; by media type, parameters ignored. Streams of events are not: they must not wait for
/// a block to fill.
bool compressible(std::string_view content_type) noexcept;

}  // namespace ballast::middleware
