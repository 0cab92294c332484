#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "http/handler.hpp"
#include "http/listen_address.hpp"
#include "http/service.hpp"
#include "http/stats.hpp"
#include "http/tls.hpp"
#include "http/worker.hpp"

namespace ballast::http {

/// Threads with an event loop each that a server with these settings has.
unsigned workers_for(const Settings& settings);

class Acceptor;

/// Listeners, workers and their connections. Made, told where to listen, started, drained, stopped; each once.
///
/// Coroutines of requests that outlast the grace period are destroyed with the server, so destroy it while whatever
/// they wait for (a storage engine) still stands, and after that engine has stopped posting to the workers.
class Server {
 public:
  struct Hooks {
    /// On the worker's thread, before its first connection and after its last.
    std::function<void(Worker&)> worker_started;
    std::function<void(Worker&)> worker_stopped;
    /// See Service. Thread-safe.
    std::function<void(std::string_view)> report;
    std::function<void(const Request&, const Response&)> refused;
  };

  /// `chain` and `clock` outlive the server; an empty `render` answers with problem_response.
  Server(Settings settings, Handler handler, const Chain& chain, ErrorRenderer render, Hooks hooks,
         const Clock& clock = system_clock());
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Binds and listens; connections wait in the kernel until `start`. Returns the address with its real port.
  /// With `tls`, `settings.tls` is loaded and used.
  Result<ListenAddress> listen(ListenAddress address, bool tls = false);
  /// Takes over a listening socket (socket activation).
  Result<void> adopt(FileDescriptor listener, bool tls = false);
  /// Reads certificate and key again; new connections use them. Keeps the old ones when that fails. Thread-safe.
  Result<void> reload_tls(const TlsSettings& settings);

  void start();
  /// Stops accepting, closes idle connections, answers what is under way with `Connection: close`, and cuts what is
  /// left after `grace`. Ready when no connection is left (true) or the rest was cut (false).
  std::future<bool> drain(Duration grace);
  /// Ends the workers' threads at once. Idempotent.
  void stop();

  unsigned worker_count() const noexcept { return static_cast<unsigned>(workers_.size()); }
  /// For work that belongs on a worker: post to its `io()`.
  Worker& worker(unsigned index) noexcept { return *workers_[index]; }
  Stats stats() const;

 private:
  Result<void> load_tls_once(bool tls);
  Result<void> add_acceptor(Worker& worker, FileDescriptor listener, bool tls);
  void accept_on(Worker& worker);
  void begin_drain(Worker& worker, TimePoint until);
  void check_drained(Worker& worker);

  struct Drain {
    TimePoint until;
    bool reported = false;
  };

  Service service_;
  Hooks hooks_;
  TlsHolder tls_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::function<void()>> ended_;                       // per worker: a connection is gone
  std::vector<std::vector<std::unique_ptr<Acceptor>>> acceptors_;  // per worker
  std::vector<Drain> drains_;                                      // per worker
  std::vector<std::string> unix_paths_;                            // removed when listening ends
  std::vector<std::thread> threads_;
  std::promise<bool> drained_;
  std::atomic<unsigned> left_to_drain_{0};
  std::atomic<bool> was_cut_{false};
};

}  // namespace ballast::http
