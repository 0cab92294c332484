#include "records/run_statement.hpp"

#include <charconv>

namespace ballast::records {
namespace {

class OneStatement final : public storage::UnitOfWork {
 public:
  OneStatement(const sql::Statement& statement, sql::RowSink& sink) : statement_(statement), sink_(sink) {}

  Next next(const Result<storage::Outcome>* previous) override {
    if (previous == nullptr) return Run{&statement_, &sink_};
    if (!*previous) return Rollback{previous->error()};
    outcome = previous->value();
    return Commit{};
  }
  void restart() override { sink_.restart(); }
  Ending after_first() const override { return Ending::commit; }

  storage::Outcome outcome;

 private:
  const sql::Statement& statement_;
  sql::RowSink& sink_;
};

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

}  // namespace

boost::asio::awaitable<Result<storage::Outcome>> run_statement(storage::Storage& storage, sql::Statement statement,
                                                               sql::RowSink& sink, storage::Context context) {
  context.session = nullptr;
  context.answer = nullptr;
  OneStatement unit(statement, sink);
  auto done = co_await storage.transact(unit, context);
  if (!done) co_return std::move(done).error();
  co_return unit.outcome;
}

std::int64_t integer_of(const sql::Cell& cell) noexcept {
  std::int64_t value = cell.integer;
  if (cell.kind == sql::Cell::Kind::text) {
    std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), value);
  }
  return value;
}

std::string bytes_of(const sql::Cell& cell) {
  std::string_view text = cell.text;
  if (cell.kind != sql::Cell::Kind::text || !text.starts_with("\\x")) return std::string(text);
  text.remove_prefix(2);
  std::string bytes(text.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(digit(text[2 * i]) * 16 + digit(text[2 * i + 1]));
  }
  return bytes;
}

}  // namespace ballast::records
