#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "storage/postgres/result.hpp"

/// Reading PostgreSQL's system catalogues (manual, chapter 53), blocking.
namespace ballast::storage::postgres {

using ObjectId = std::uint32_t;

/// The rows of a catalogue query, as text.
class CatalogueRows {
 public:
  explicit CatalogueRows(PGresult* result) : result_(result) {}
  int size() const { return PQntuples(result_.get()); }
  std::string_view view(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
  }
  std::string text(int row, int column) const { return std::string(view(row, column)); }
  bool null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  bool truth(int row, int column) const { return view(row, column) == "t"; }
  char letter(int row, int column) const { return *PQgetvalue(result_.get(), row, column); }
  std::int64_t number(int row, int column) const;
  ObjectId oid(int row, int column) const { return static_cast<ObjectId>(number(row, column)); }
  /// Of a one-dimensional array; a null element is an empty one.
  std::vector<std::string> list(int row, int column) const;
  std::vector<std::int64_t> numbers(int row, int column) const;

 private:
  ResultHandle result_;
};

/// The parameters are text; arrays among them are written by `array_literal`.
Result<CatalogueRows> catalogue_query(PGconn& connection, const char* text,
                                      const std::vector<std::string>& parameters = {});

/// A text[] as its input function takes it (manual 8.15.2).
std::string array_literal(const std::vector<std::string>& elements);
/// The elements of a one-dimensional array as its output function writes it (manual 8.15.6).
std::vector<std::string> array_elements(std::string_view text);

}  // namespace ballast::storage::postgres
