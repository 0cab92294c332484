#include "encode/raw_rows.hpp"

#include "encode/value.hpp"
#include "text/chars.hpp"

namespace ballast::encode {
namespace {

/// PostgreSQL manual, section 8.4.1: `\x` and two hexadecimal digits for each byte.
bool append_bytes(std::string& out, std::string_view hex) {
  if (!hex.starts_with("\\x") || hex.size() % 2 != 0) return false;
  for (std::size_t i = 2; i < hex.size(); i += 2) {
    out.push_back(static_cast<char>(text::hex_value(hex[i]) * 16 + text::hex_value(hex[i + 1])));
  }
  return true;
}

}  // namespace

void RawRows::write_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) {
  if (index > 0 && shape().rows < 0) out.push_back('\n');
  if (shape().root.members.empty()) return;
  const auto* field = std::get_if<Field>(&shape().root.members.front());
  if (field == nullptr) return;
  const sql::Cell& cell = cells[static_cast<std::size_t>(field->column)];
  if (cell.kind == sql::Cell::Kind::blob) {
    out.append(cell.text);
  } else if (field->kind != catalog::Kind::bytea || !append_bytes(out, cell.text)) {
    write_text(out, cell, field->kind, field->scale);
  }
}

}  // namespace ballast::encode
