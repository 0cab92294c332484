#include "compile/payload.hpp"

#include <algorithm>

#include "compile/type_name.hpp"

namespace ballast::compile {

Error not_objects() {
  return make_error(400, "PGRST102", "All object keys must match")
      .with_details("expected a JSON object, or an array of objects");
}

std::string_view find_member(const json::Members& members, std::string_view key) {
  const auto found = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.key == key; });
  return found == members.end() ? std::string_view{} : found->raw;
}

const catalog::Type& column_type(const Scope& scope, std::string_view column) {
  static const catalog::Type text;
  const catalog::Column* known = scope.known != nullptr ? scope.known->column(column) : nullptr;
  return known != nullptr ? known->type : text;
}

namespace {

/// What makes the column's values out of JSON; null when PostgreSQL itself does.
const catalog::QualifiedName* own_reading(const Scope& scope, std::string_view column) {
  const auto& own = column_type(scope, column).representation;
  return own != nullptr && !own->from_json.empty() ? &own->from_json : nullptr;
}

}  // namespace

void write_record_value(sql::Writer& out, const Scope& scope, const std::string& column) {
  const auto* function = own_reading(scope, column);
  if (function != nullptr) {
    write_qualified(out, *function);
    out.text("(");
  }
  out.text("v.").name(column);
  if (function != nullptr) out.text(")");
}

void write_record_columns(sql::Writer& out, const Scope& scope, const std::vector<std::string>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out.text(", ");
    out.name(columns[i]).text(" ");
    if (own_reading(scope, columns[i]) != nullptr) {
      out.text("json");
    } else {
      write_definition_type(out, column_type(scope, columns[i]));
    }
  }
}

void write_names(sql::Writer& out, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out.text(", ");
    out.name(names[i]);
  }
}

}  // namespace ballast::compile
