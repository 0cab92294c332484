#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ballast::http {

/// `tls.*`. Empty paths: plain HTTP.
struct TlsSettings {
  std::string certificate;  ///< PEM file: the server's certificate, then its chain
  std::string key;          ///< PEM file: the private key

  friend bool operator==(const TlsSettings&, const TlsSettings&) = default;
};

/// `http.*`. Durations are checked by a sweep every `sweep_interval`, so each may run over by that much.
struct Settings {
  std::uint32_t header_limit = 32U << 10;  ///< 431 beyond; request line and fields together. Room for large cookies
  std::uint32_t header_count_limit = 128;  ///< 431 beyond; keeps look-ups short, clients send about 20
  std::uint32_t target_limit = 16U << 10;  ///< 414 beyond; PostgREST filters make long URLs
  std::uint64_t body_limit = 1U << 20;     ///< 413 beyond; a body is held in memory whole

  std::uint32_t max_connections = 10'000;  ///< 503 beyond; bounds file descriptors and memory
  std::uint32_t workers = 0;               ///< threads with an event loop each; 0: one per core
  std::uint32_t backlog = 1024;            ///< connections the kernel holds until they are accepted

  std::chrono::milliseconds header_timeout{10'000};   ///< 408: from the first byte of a request to its header's end
  std::chrono::milliseconds idle_timeout{75'000};     ///< between requests; browsers and balancers assume about 60 s
  std::chrono::milliseconds request_timeout{30'000};  ///< from the whole request to its answer; see Request::deadline
  std::chrono::milliseconds write_timeout{30'000};  ///< an answer of which the client takes nothing for so long is cut
  std::uint32_t min_rate = 1024;                    ///< bytes/s a body must arrive at; bounds how long it holds memory
  std::chrono::milliseconds min_rate_grace{
      5'000};  ///< head start on min_rate: connections stall for a round trip or two
  std::chrono::milliseconds linger_timeout{2'000};  ///< reading on after a refusal so that the client sees it, not RST
  std::chrono::milliseconds sweep_interval{250};    ///< how often deadlines are checked

  std::uint32_t unix_socket_mode = 0660;  ///< permissions of a unix socket: the owner and its group
  TlsSettings tls;
};

}  // namespace ballast::http
