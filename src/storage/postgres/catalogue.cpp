#include "storage/postgres/catalogue.hpp"

#include <algorithm>
#include <charconv>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/failure.hpp"

namespace ballast::storage::postgres {
namespace {

std::int64_t number_of(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::int64_t CatalogueRows::number(int row, int column) const { return number_of(view(row, column)); }

std::vector<std::string> CatalogueRows::list(int row, int column) const { return array_elements(view(row, column)); }

std::vector<std::int64_t> CatalogueRows::numbers(int row, int column) const {
  std::vector<std::int64_t> all;
  for (const auto& element : list(row, column)) all.push_back(number_of(element));
  return all;
}

Result<CatalogueRows> catalogue_query(PGconn& connection, const char* text,
                                      const std::vector<std::string>& parameters) {
  std::vector<const char*> values;
  for (const auto& parameter : parameters) values.push_back(parameter.c_str());
  PGresult* const result =
      PQexecParams(&connection, text, static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0);
  CatalogueRows rows(result);
  const auto status = PQresultStatus(result);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return map_failure(failure_of(result));
  return rows;
}

std::string array_literal(const std::vector<std::string>& elements) {
  std::string out = "{";
  for (const auto& element : elements) {
    if (out.size() > 1) out.push_back(',');
    out.push_back('"');
    for (const char c : element) {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.push_back('"');
  }
  out.push_back('}');
  return out;
}

std::vector<std::string> array_elements(std::string_view text) {
  std::vector<std::string> elements;
  // Where it does not start at 1 the bounds are written first: "[0:1]={a,b}", as the vectors of catalogues do.
  if (text.starts_with('[')) text.remove_prefix(std::min(text.find('{'), text.size()));
  if (text.size() < 2 || text.front() != '{' || text == "{}") return elements;
  std::string element;
  bool quoted = false;  // this element was
  bool in_quotes = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (in_quotes) {
      if (c == '"') {
        in_quotes = false;
      } else {
        if (c == '\\') ++i;
        if (i < text.size()) element.push_back(text[i]);
      }
    } else if (c == '"') {
      quoted = in_quotes = true;
    } else if (c == ',' || c == '}') {
      if (!quoted && element == "NULL") element.clear();
      elements.push_back(std::move(element));
      element.clear();
      quoted = false;
      if (c == '}') break;
    } else {
      element.push_back(c);
    }
  }
  return elements;
}

}  // namespace ballast::storage::postgres
