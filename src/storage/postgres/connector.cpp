#include "storage/postgres/connector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace ballast::storage::postgres {
namespace {

using namespace std::chrono_literals;

constexpr auto first_pause = 30ms;
constexpr auto hasty = 100ms;
constexpr auto longest_pause = 500ms;  // the server is noticed within a second of its return

std::string password_in(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string password;
  std::getline(in, password);
  while (!password.empty() && (password.back() == '\r' || password.back() == '\n')) password.pop_back();
  return password;
}

}  // namespace

Connector::Connector(const PostgresSettings& settings, Stats& stats, PostgresReport report)
    : settings_(settings), stats_(stats), report_(std::move(report)), random_(std::random_device{}()) {
  thread_ = std::thread([this] { run(); });
}

void Connector::order(Use use, Reply reply) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    orders_.push_back({use, std::move(reply)});
  }
  wake_.notify_one();
}

void Connector::cancel(std::shared_ptr<PGcancel> handle) {
  {
    const std::lock_guard lock(mutex_);
    cancels_.push_back(std::move(handle));
  }
  wake_.notify_one();
}

std::optional<Failure> Connector::down() const {
  const std::lock_guard lock(mutex_);
  return down_;
}

void Connector::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    orders_.clear();
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Connector::note(const std::optional<Failure>& failure) {
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    changed = down_.has_value() != failure.has_value() || (failure && down_->message != failure->message);
    down_ = failure;
  }
  if (!changed || !report_) return;
  report_(failure ? fmt::format("PostgreSQL cannot be reached: {}", failure->message) : "PostgreSQL is reached again");
}

void Connector::run() {
  auto pause = std::chrono::milliseconds(0);
  bool again = false;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (!cancels_.empty()) {
      const auto cancels = std::exchange(cancels_, {});
      lock.unlock();
      for (const auto& handle : cancels) Connection::cancel(handle);
      lock.lock();
      continue;
    }
    if (orders_.empty()) {
      wake_.wait(lock);
      continue;
    }
    if (pause.count() > 0) {
      const auto spread = std::uniform_int_distribution<std::int64_t>(pause.count() / 2, pause.count())(random_);
      wake_.wait_for(lock, std::chrono::milliseconds(spread), [this] { return stopping_ || !cancels_.empty(); });
      if (stopping_ || !cancels_.empty()) continue;
    }
    Order order = std::move(orders_.front());
    orders_.pop_front();
    lock.unlock();

    const auto start = std::chrono::steady_clock::now();
    Answer answer;
    answer.connection = connect(answer.failure);
    if (answer.connection != nullptr && !prepare_session(*answer.connection, order.use, answer.failure)) {
      answer.connection.reset();
    }
    const bool connected = answer.connection != nullptr;
    // Too many connections: the server is there, and others are being served.
    const bool away = !connected && answer.failure.sqlstate != "53300";
    // Whoever ends connections may have met the one that was just being made: it is tried once more before anybody is
    // told.
    again = away && !again && !down() && std::chrono::steady_clock::now() - start < hasty;
    if (again) {
      lock.lock();
      orders_.push_front(std::move(order));
      continue;
    }
    if (connected || away) note(connected ? std::nullopt : std::optional(answer.failure));
    if (connected) {
      stats_.opened.fetch_add(1, std::memory_order_relaxed);
      pause = 0ms;
      order.reply(std::move(answer));
      lock.lock();
    } else {
      pause = std::clamp(pause * 2, std::chrono::milliseconds(first_pause), std::chrono::milliseconds(longest_pause));
      answer.retrying = order.use == Use::pipeline;
      order.reply({nullptr, answer.failure, answer.retrying});
      lock.lock();
      // At the back: the others may be told, too.
      if (answer.retrying && !stopping_) orders_.push_back(std::move(order));
    }
  }
}

ConnectionHandle Connector::connect(Failure& failure) {
  std::vector<const char*> keys{"dbname"};
  std::vector<const char*> values{settings_.connection.c_str()};
  const auto set = [&](const char* key, const char* value) {
    keys.push_back(key);
    values.push_back(value);
  };
  // What stands before the connection string can be overridden by it; what stands behind cannot.
  const std::string seconds =
      std::to_string(std::max<std::int64_t>(2, (settings_.connect_timeout.count() + 999) / 1000));
  const std::string user_timeout = std::to_string(settings_.connect_timeout.count());
  keys.insert(keys.begin(), {"connect_timeout", "tcp_user_timeout", "keepalives_idle", "fallback_application_name"});
  values.insert(values.begin(), {seconds.c_str(), user_timeout.c_str(), "30", "ballast"});
  std::string password;
  if (!settings_.password_file.empty()) {
    password = password_in(settings_.password_file);
    set("password", password.c_str());
  }
  set("client_encoding", "UTF8");
  keys.push_back(nullptr);
  values.push_back(nullptr);
  ConnectionHandle connection(PQconnectdbParams(keys.data(), values.data(), 1));
  if (PQstatus(connection.get()) == CONNECTION_OK) {
    PQsetNoticeReceiver(
        connection.get(), [](void*, const PGresult*) {}, nullptr);
    return connection;
  }
  failure = loss_of(connection.get());
  // libpq keeps no SQLSTATE of a refused connection (PQconnectdb returns no result), only the server's words.
  if (failure.message.find("too many clients") != std::string::npos ||
      failure.message.find("remaining connection slots") != std::string::npos ||
      failure.message.find("too many connections") != std::string::npos) {
    failure.sqlstate = "53300";
  }
  return nullptr;
}

bool Connector::prepare_session(PGconn& connection, Use use, Failure& failure) const {
  if (!settings_.prepared) return true;  // behind a pooler nothing of a session stays: it is set with each burst
  // A statement of nested levels looks expensive to the planner, whose estimates multiply, and compiling it takes
  // seconds where running it takes milliseconds.
  std::string text = "SET datestyle = 'ISO'; SET bytea_output = 'hex'; SET jit = off";
  if (use == Use::pipeline) {
    text += fmt::format("; SET statement_timeout = {}; SET lock_timeout = {}", settings_.fast_timeout.count(),
                        settings_.fast_lock_timeout.count());
  }
  const ResultHandle result(PQexec(&connection, text.c_str()));
  if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return true;
  failure = failure_of(result.get());
  return false;
}

Result<ConnectionHandle> Connector::connect_blocking(const std::vector<std::string>& preamble) {
  Failure failure;
  ConnectionHandle connection = connect(failure);
  if (connection != nullptr) {
    for (const auto& text : preamble) {
      const ResultHandle result(PQexec(connection.get(), text.c_str()));
      if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) return map_failure(failure_of(result.get()));
    }
    note(std::nullopt);
    return connection;
  }
  if (failure.sqlstate != "53300") note(failure);
  return map_failure(failure);
}

}  // namespace ballast::storage::postgres
