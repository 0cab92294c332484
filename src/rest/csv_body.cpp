#include "rest/csv_body.hpp"

#include <algorithm>

#include "json/writer.hpp"
#include "rest/errors.hpp"

namespace ballast::rest {
namespace {

struct CsvField {
  std::string text;
  bool quoted = false;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  std::size_t line() const { return line_; }

  /// Takes one record. False on a mistake.
  bool record(std::vector<CsvField>& fields) {
    fields.clear();
    while (true) {
      CsvField next;
      if (!field(next)) return false;
      fields.push_back(std::move(next));
      if (rest_.empty()) return true;
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == ',') continue;
      if (c == '\r' && rest_.starts_with('\n')) rest_.remove_prefix(1);
      ++line_;
      return true;
    }
  }

 private:
  bool field(CsvField& into) {
    if (!rest_.starts_with('"')) {
      const std::size_t end = std::min(rest_.find_first_of(",\"\r\n"), rest_.size());
      if (end < rest_.size() && rest_[end] == '"') return false;
      into.text = std::string(rest_.substr(0, end));
      rest_.remove_prefix(end);
      return true;
    }
    into.quoted = true;
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') {
        if (!rest_.starts_with('"')) {
          return rest_.empty() || std::string_view(",\r\n").find(rest_.front()) != std::string_view::npos;
        }
        rest_.remove_prefix(1);
      }
      if (c == '\n') ++line_;
      into.text.push_back(c);
    }
    return false;
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

}  // namespace

Result<Payload> parse_csv_body(std::string_view text) {
  Reader reader(text);
  std::vector<CsvField> fields;
  const auto mistake = [&reader] {
    return invalid_body("the CSV body is malformed")
        .with_details("line " + std::to_string(reader.line()) +
                      ": expected quotes around the whole field, and quotes inside doubled");
  };
  if (reader.done())
    return invalid_body("the CSV body is empty").with_details("expected a line with the columns' names");
  if (!reader.record(fields)) return mistake();
  Payload found;
  for (auto& field : fields) {
    if (std::find(found.keys.begin(), found.keys.end(), field.text) != found.keys.end()) {
      return invalid_body("the CSV header names the column '" + field.text + "' twice");
    }
    found.keys.push_back(std::move(field.text));
  }
  std::vector<std::string> keys;
  for (const auto& key : found.keys) {
    std::string quoted;
    json::append_string(quoted, key);
    keys.push_back(std::move(quoted));
  }
  found.json = "[";
  while (!reader.done()) {
    if (!reader.record(fields)) return mistake();
    if (fields.size() != keys.size()) return invalid_body("All lines must have same number of fields");
    found.json.append(found.rows++ == 0 ? "{" : ",{");
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) found.json.push_back(',');
      found.json.append(keys[i]).push_back(':');
      if (!fields[i].quoted && fields[i].text == "NULL")
        found.json.append("null");
      else
        json::append_string(found.json, fields[i].text);
    }
    found.json.push_back('}');
  }
  found.json.push_back(']');
  return found;
}

}  // namespace ballast::rest
