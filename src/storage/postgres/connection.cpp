#include "storage/postgres/connection.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <charconv>
#include <chrono>

#include "json/writer.hpp"
#include "text/hex.hpp"

namespace ballast::storage::postgres {
namespace {

namespace asio = boost::asio;

std::atomic<std::uint64_t> connections{0};
/// How long beyond its deadline an answer may be missing.
constexpr std::chrono::seconds patience{2};
constexpr std::size_t no_value = static_cast<std::size_t>(-1);

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text != nullptr ? text : "";
}

/// Appends the text of a parameter that is no text yet, and the NUL that libpq looks for.
void append_param(std::string& out, const sql::Param& param) {
  if (const auto* integer = std::get_if<std::int64_t>(&param)) {
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, *integer).ptr;
    out.append(buffer, end);
  } else if (const auto* truth = std::get_if<bool>(&param)) {
    out += *truth ? 't' : 'f';
  } else if (const auto* real = std::get_if<double>(&param)) {
    json::append_double_text(out, *real);
  } else if (const auto* blob = std::get_if<sql::Blob>(&param)) {
    out += "\\x";
    text::append_hex(out, blob->bytes);
  }
  out += '\0';
}

}  // namespace

Failure loss_of(const PGconn* connection) {
  Failure failure;
  failure.message = PQerrorMessage(connection);
  while (!failure.message.empty() && failure.message.back() == '\n') failure.message.pop_back();
  return failure;
}

Failure failure_of(const PGresult* result) {
  Failure failure;
  failure.sqlstate = field(result, PG_DIAG_SQLSTATE);
  failure.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  failure.details = field(result, PG_DIAG_MESSAGE_DETAIL);
  failure.hint = field(result, PG_DIAG_MESSAGE_HINT);
  failure.source_function = field(result, PG_DIAG_SOURCE_FUNCTION);
  const std::string severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  failure.fatal = severity == "FATAL" || severity == "PANIC";
  if (failure.sqlstate.empty()) failure.message = PQresultErrorMessage(result);
  return failure;
}

Connection::Connection(const asio::any_io_executor& executor, ConnectionHandle handle, Exchange::Settings settings,
                       Progress progress)
    : number_(connections.fetch_add(1) + 1),
      handle_(std::move(handle)),
      socket_(executor),
      progress_(std::move(progress)),
      exchange_(*this, settings) {
  PQsetnonblocking(handle_.get(), 1);
  PQenterPipelineMode(handle_.get());
  PQsetNoticeReceiver(handle_.get(), &Connection::heard, this);
  // A descriptor of our own: libpq closes its own while it reads or writes, and the loop would wait for ever, or for
  // whoever got the number next.
  boost::system::error_code error;
  socket_.assign(fcntl(PQsocket(handle_.get()), F_DUPFD_CLOEXEC, 0), error);
  if (error) lost_ = true;
}

Connection::~Connection() { close(); }

void Connection::close() {
  if (handle_ == nullptr) return;
  lost_ = true;
  progress_ = nullptr;
  boost::system::error_code ignored;
  socket_.close(ignored);
  handle_.reset();
}

void Connection::close(std::vector<WaiterPtr>& waiters) {
  exchange_.lost({});
  take_waiters(std::exchange(exchange_.finished(), {}), waiters);
  close();
}

bool Connection::overdue(TimePoint now) const noexcept {
  return !exchange_.idle() && exchange_.oldest_deadline() + patience < now;
}

bool Connection::prepare(const std::string& name, const std::string& text) {
  return PQsendPrepare(handle_.get(), name.c_str(), text.c_str(), 0, nullptr) == 1;
}

const char* const* Connection::values_of(const std::vector<sql::Param>& params) {
  values_.clear();
  text_.clear();
  offsets_.clear();
  for (const auto& param : params) {
    const bool converted = !std::holds_alternative<sql::Null>(param) && !std::holds_alternative<std::string>(param);
    offsets_.push_back(converted ? text_.size() : no_value);
    if (converted) append_param(text_, param);
  }
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (const auto* text = std::get_if<std::string>(&params[i])) {
      values_.push_back(text->c_str());
    } else {
      values_.push_back(offsets_[i] == no_value ? nullptr : text_.data() + offsets_[i]);
    }
  }
  return values_.data();
}

bool Connection::execute_prepared(const std::string& name, const std::vector<sql::Param>& params) {
  return PQsendQueryPrepared(handle_.get(), name.c_str(), static_cast<int>(params.size()), values_of(params), nullptr,
                             nullptr, 0) == 1;
}

bool Connection::execute(const std::string& text, const std::vector<sql::Param>& params) {
  return PQsendQueryParams(handle_.get(), text.c_str(), static_cast<int>(params.size()), nullptr, values_of(params),
                           nullptr, nullptr, 0) == 1;
}

bool Connection::sync() { return PQpipelineSync(handle_.get()) == 1; }

void Connection::send(std::span<Burst* const> bursts) {
  exchange_.send(bursts);
  flush();
  if (!reading_) wait_readable();
}

/// Without a command under way, what the server says is a notice to libpq, its goodbye too.
void Connection::heard(void* self, const PGresult* notice) {
  const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity == nullptr) return;
  const std::string_view said = severity;
  if (said == "FATAL" || said == "PANIC") static_cast<Connection*>(self)->goodbye_ = true;
}

void Connection::check_idle() {
  if (lost_ || !exchange_.idle()) return;
  char next = 0;
  // Twice: behind its goodbye comes the end of the stream.
  for (int i = 0; i < 2 && !lost_; ++i) {
    const auto count = recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    lost_ = count <= 0 || PQconsumeInput(handle_.get()) == 0 || PQstatus(handle_.get()) != CONNECTION_OK;
    if (lost_) return;
    PQisBusy(handle_.get());  // looks at what came
    lost_ = goodbye_;
  }
}

void Connection::flush() {
  if (lost_ || writing_) return;
  const int left = PQflush(handle_.get());
  if (left < 0) {
    // The server's reason, if it gave one, is still to be read.
    if (!reading_) wait_readable();
  } else if (left > 0) {
    wait_writable();
  }
}

void Connection::wait_writable() {
  writing_ = true;
  socket_.async_wait(asio::posix::stream_descriptor::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->writing_ = false;
                       if (self->lost_) return;
                       if (error) return self->lose(loss_of(self->handle_.get()));
                       self->flush();
                     });
}

void Connection::wait_readable() {
  if (lost_) return;
  reading_ = true;
  socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->reading_ = false;
                       if (self->lost_) return;
                       if (error) return self->lose(loss_of(self->handle_.get()));
                       self->readable();
                     });
}

void Connection::readable() {
  const bool open = PQconsumeInput(handle_.get()) == 1;
  const bool sound = take_results();
  if (lost_) return;
  if (!open || !sound || PQstatus(handle_.get()) != CONNECTION_OK) return lose(loss_of(handle_.get()));
  flush();
  report();
  if (!lost_ && !reading_ && !exchange_.idle()) wait_readable();
}

bool Connection::take_results() {
  int empty = 0;
  while (!exchange_.idle()) {
    if (exchange_.wants_single_rows()) PQsetSingleRowMode(handle_.get());
    if (PQisBusy(handle_.get()) != 0) return true;
    const ResultHandle result(PQgetResult(handle_.get()));
    if (result == nullptr) {
      exchange_.ended();
      if (++empty > 2) return true;
      continue;
    }
    empty = 0;
    switch (PQresultStatus(result.get())) {
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT:
      case PGRES_COPY_BOTH:
        // Only a new connection leads out of it.
        exchange_.failed({.sqlstate = "0A000", .message = "COPY is not supported here"});
        lose({});
        return true;
      default:
        take(result.get());
    }
    if (lost_) return true;
  }
  return true;
}

void Connection::take(PGresult* result) {
  switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
      return exchange_.synced();
    case PGRES_PIPELINE_ABORTED:
      return exchange_.skipped();
    case PGRES_SINGLE_TUPLE:
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      break;
    default: {
      Failure failure = failure_of(result);
      if (failure.sqlstate.empty()) return lose(std::move(failure));
      return exchange_.failed(std::move(failure));
    }
  }
  const int rows = PQntuples(result);
  const int columns = PQnfields(result);
  cells_.resize(static_cast<std::size_t>(columns));
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      sql::Cell& cell = cells_[static_cast<std::size_t>(column)];
      const char* text = PQgetvalue(result, row, column);
      const auto length = static_cast<std::size_t>(PQgetlength(result, row, column));
      cell.text = {text, length};
      cell.kind = length == 0 && PQgetisnull(result, row, column) != 0 ? sql::Cell::Kind::null : sql::Cell::Kind::text;
    }
    exchange_.row(cells_);
  }
  if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) return;
  std::int64_t affected = 0;
  const std::string_view count = PQcmdTuples(result);
  std::from_chars(count.data(), count.data() + count.size(), affected);
  exchange_.completed(PQcmdStatus(result), affected);
}

void Connection::lose(Failure failure) {
  if (lost_) return;
  lost_ = true;
  exchange_.lost(failure);
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  report();
}

void Connection::drop(const char* reason) {
  Failure failure;
  failure.message = reason;
  lose(std::move(failure));
}

void Connection::report() {
  if (!progress_ || (exchange_.finished().empty() && !lost_)) return;
  const auto keep = shared_from_this();
  progress_(*this);
}

std::shared_ptr<PGcancel> Connection::cancel_handle() const { return {PQgetCancel(handle_.get()), PQfreeCancel}; }

void Connection::cancel(const std::shared_ptr<PGcancel>& handle) {
  char error[256];
  if (handle != nullptr) PQcancel(handle.get(), error, sizeof error);
}

}  // namespace ballast::storage::postgres
