#include "encode/csv_rows.hpp"

#include "encode/value.hpp"

namespace ballast::encode {
namespace {

void append_field(std::string& out, std::string_view text) {
  if (!text.empty() && text.find_first_of("\"\\(), \t\n\r\v\f") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += c;
    out += c;
  }
  out += '"';
}

}  // namespace

void CsvRows::write_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) {
  const auto& members = shape().root.members;
  if (index == 0) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out += ',';
      out += std::visit([](const auto& member) -> const std::string& { return member.key; }, members[i]);
    }
  }
  out += '\n';
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) out += ',';
    if (is_null(members[i], cells)) continue;
    field_.clear();
    if (const auto* field = std::get_if<Field>(&members[i])) {
      write_field_text(field_, cells[static_cast<std::size_t>(field->column)], *field);
    } else {
      write_member(field_, members[i], cells);
    }
    append_field(out, field_);
  }
}

void CsvRows::write_end(std::string& out, std::int64_t rows) {
  if (rows == 0) out += '\n';
}

}  // namespace ballast::encode
