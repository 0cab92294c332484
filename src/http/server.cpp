#include "http/server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>

#include "http/acceptor.hpp"

namespace ballast::http {
namespace {

namespace asio = boost::asio;

int family_of(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return -1;
  return storage.ss_family;
}

}  // namespace

unsigned workers_for(const Settings& settings) {
  if (settings.workers != 0) return settings.workers;
  const unsigned cores = std::thread::hardware_concurrency();
  return cores == 0 ? 1 : cores;
}

Server::Server(Settings settings, Handler handler, const Chain& chain, ErrorRenderer render, Hooks hooks,
               const Clock& clock)
    : hooks_(std::move(hooks)) {
  service_.settings = std::move(settings);
  service_.handler = std::move(handler);
  service_.chain = &chain;
  service_.render = std::move(render);
  if (!service_.render) service_.render = [](const Request&, const Error& error) { return problem_response(error); };
  service_.clock = &clock;
  service_.report = hooks_.report;
  service_.refused = hooks_.refused;
  const unsigned count = workers_for(service_.settings);
  acceptors_.resize(count);
  drains_.resize(count);
  for (unsigned i = 0; i < count; ++i) {
    workers_.push_back(std::make_unique<Worker>(i, service_.settings, clock));
    Worker& worker = *workers_.back();
    ended_.push_back([this, &worker] { check_drained(worker); });
  }
}

Server::~Server() {
  stop();
  acceptors_.clear();
  workers_.clear();  // and with them the connections, which refer to the other members
}

Result<void> Server::load_tls_once(bool tls) {
  if (!tls || tls_.get() != nullptr) return {};
  return reload_tls(service_.settings.tls);
}

Result<void> Server::reload_tls(const TlsSettings& settings) {
  BALLAST_TRY(auto context, load_tls(settings));
  tls_.set(std::move(context));
  return {};
}

Result<ListenAddress> Server::listen(ListenAddress address, bool tls) {
  BALLAST_CHECKED(load_tls_once(tls));
  BALLAST_TRY(auto listeners, open_listeners(address, worker_count(), service_.settings));
  if (address.is_unix()) {
    unix_paths_.push_back(address.unix_path);
    BALLAST_CHECKED(adopt(std::move(listeners.front()), tls));
    return address;
  }
  for (unsigned i = 0; i < worker_count(); ++i) {
    BALLAST_CHECKED(add_acceptor(*workers_[i], std::move(listeners[i]), tls));
  }
  return address;
}

/// One socket, accepted from by every worker: each has a descriptor of its own for its epoll.
Result<void> Server::adopt(FileDescriptor listener, bool tls) {
  BALLAST_CHECKED(load_tls_once(tls));
  for (const auto& worker : workers_) {
    FileDescriptor copy(::fcntl(listener.get(), F_DUPFD_CLOEXEC, 0));
    if (!copy) {
      return make_error(500, "BLST_LISTEN",
                        std::string("a listening socket cannot be shared: ") + std::strerror(errno));
    }
    BALLAST_CHECKED(add_acceptor(*worker, std::move(copy), tls));
  }
  return {};
}

Result<void> Server::add_acceptor(Worker& worker, FileDescriptor listener, bool tls) {
  const int family = family_of(listener.get());
  auto acceptor = std::make_unique<Acceptor>(worker, service_, tls ? &tls_ : nullptr, ended_[worker.index()], family);
  boost::system::error_code ec;
  acceptor->native().assign(asio::generic::stream_protocol(family, family == AF_UNIX ? 0 : IPPROTO_TCP), listener.get(),
                            ec);
  if (ec) return make_error(500, "BLST_LISTEN", "a listening socket cannot be used: " + ec.message());
  listener.release();
  acceptors_[worker.index()].push_back(std::move(acceptor));
  return {};
}

void Server::start() {
  check(threads_.empty(), "Server::start() twice");
  for (const auto& owned : workers_) {
    Worker& worker = *owned;
    worker.start_sweeping([this, &worker] { check_drained(worker); });
    asio::post(worker.io(), [this, &worker] { accept_on(worker); });
    threads_.emplace_back([this, &worker] {
      const auto report = [this](std::string_view what) {
        if (service_.report) service_.report(what);
      };
      worker.run(report);
      if (hooks_.worker_stopped) hooks_.worker_stopped(worker);
    });
  }
}

void Server::accept_on(Worker& worker) {
  if (hooks_.worker_started) hooks_.worker_started(worker);
  for (const auto& acceptor : acceptors_[worker.index()]) acceptor->start();
}

std::future<bool> Server::drain(Duration grace) {
  const TimePoint until = service_.clock->now() + grace;
  left_to_drain_ = worker_count();
  service_.draining = true;
  for (const std::string& path : unix_paths_) ::unlink(path.c_str());
  unix_paths_.clear();
  for (const auto& owned : workers_) {
    Worker& worker = *owned;
    asio::post(worker.io(), [this, &worker, until] { begin_drain(worker, until); });
  }
  return drained_.get_future();
}

void Server::begin_drain(Worker& worker, TimePoint until) {
  for (const auto& acceptor : acceptors_[worker.index()]) acceptor->close();
  drains_[worker.index()].until = until;
  worker.for_each([](Watched& connection) { connection.drain(); });
  check_drained(worker);
}

/// After each sweep and each connection's end.
void Server::check_drained(Worker& worker) {
  Drain& drain = drains_[worker.index()];
  if (drain.until == TimePoint() || drain.reported) return;
  if (!worker.empty()) {
    if (worker.now() < drain.until) return;
    was_cut_ = true;
    worker.for_each([](Watched& connection) { connection.cut(); });
  }
  drain.reported = true;
  if (left_to_drain_.fetch_sub(1) == 1) drained_.set_value(!was_cut_);
}

void Server::stop() {
  if (threads_.empty()) return;
  for (const auto& worker : workers_) worker->io().stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  for (const std::string& path : unix_paths_) ::unlink(path.c_str());
  unix_paths_.clear();
}

Stats Server::stats() const {
  Stats sum;
  sum.connections_open = service_.open.load(std::memory_order_relaxed);
  for (const auto& worker : workers_) {
    const Worker::Counters& counters = worker->counters;
    sum.connections_total += counters.connections_total.get();
    sum.connections_refused += counters.connections_refused.get();
    sum.requests += counters.requests.get();
    sum.requests_refused += counters.requests_refused.get();
    sum.bytes_in += counters.bytes_in.get();
    sum.bytes_out += counters.bytes_out.get();
    sum.loop_lag_seconds = std::max(sum.loop_lag_seconds, static_cast<double>(counters.lag_nanoseconds.get()) / 1e9);
  }
  return sum;
}

}  // namespace ballast::http
