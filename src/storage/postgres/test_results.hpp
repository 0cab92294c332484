#pragma once

#include <libpq-fe.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "encode/body_rows.hpp"
#include "sql/row_sink.hpp"
#include "sql/statement.hpp"
#include "storage/postgres/test_cluster.hpp"

/// Statements on a plain libpq connection: what they do to PostgreSQL, without the engine.
namespace ballast::storage::postgres::testing {

using Connection = std::unique_ptr<PGconn, void (*)(PGconn*)>;
using Rows = std::unique_ptr<PGresult, void (*)(PGresult*)>;

inline Connection connect(const std::string& where) {
  Connection connection(PQconnectdb(where.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

inline Rows execute(PGconn& connection, const std::string& text) {
  Rows result(PQexec(&connection, text.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    throw std::runtime_error(std::string(PQresultErrorMessage(result.get())).substr(0, 400));
  }
  return result;
}

inline std::string text_of(const sql::Param& param) {
  struct Visitor {
    std::string operator()(sql::Null) const { return {}; }
    std::string operator()(bool value) const { return value ? "t" : "f"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return std::to_string(value); }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(const sql::Blob&) const { throw std::logic_error("no blobs here"); }
  };
  return std::visit(Visitor{}, param);
}

/// Prepares the statement without naming any type, and runs it with text parameters. The result may be an error.
inline Rows run(PGconn& connection, const sql::Statement& statement) {
  Rows prepared(PQprepare(&connection, "", statement.text.c_str(), 0, nullptr), PQclear);
  if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return prepared;
  std::vector<std::string> texts;
  std::vector<const char*> values;
  for (const auto& param : statement.params) texts.push_back(text_of(param));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    values.push_back(std::holds_alternative<sql::Null>(statement.params[i]) ? nullptr : texts[i].c_str());
  }
  return {PQexecPrepared(&connection, "", static_cast<int>(values.size()), values.data(), nullptr, nullptr, 0),
          PQclear};
}

inline std::vector<sql::Cell> cells_of(const PGresult& result, int row) {
  std::vector<sql::Cell> cells;
  for (int i = 0; i < PQnfields(&result); ++i) {
    if (PQgetisnull(&result, row, i) != 0) {
      cells.emplace_back();
    } else {
      cells.push_back({sql::Cell::Kind::text, 0, 0, PQgetvalue(&result, row, i)});
    }
  }
  return cells;
}

/// Gives all rows to the sink and finishes it; the body.
inline std::string body_of(const PGresult& result, encode::BodyRows& rows) {
  for (int i = 0; i < PQntuples(&result); ++i) {
    const auto cells = cells_of(result, i);
    if (auto taken = rows.row(cells); !taken) throw std::runtime_error(taken.error().message);
  }
  if (auto finished = rows.finish(); !finished) throw std::runtime_error(finished.error().message);
  return rows.take_body().take_memory();
}

}  // namespace ballast::storage::postgres::testing
