#include "storage/postgres/view_columns.hpp"

#include <charconv>
#include <string>

namespace ballast::storage::postgres {
namespace {

/// The last of that name: the column's own name comes before the fields, and may look like one.
std::int64_t number_after(std::string_view text, std::string_view field) {
  const auto at = text.rfind(field);
  if (at == std::string_view::npos) return 0;
  const auto from = at + field.size();
  std::int64_t value = 0;
  std::from_chars(text.data() + from, text.data() + text.size(), value);
  return value;
}

}  // namespace

std::vector<ViewColumn> view_columns(std::string_view node_tree) {
  constexpr std::string_view list = ":targetList (";
  std::vector<ViewColumn> columns;
  std::string entry;  // a TARGETENTRY without what is nested in it
  int depth = 0;
  int parentheses = 0;  // around the list's entries; 0: outside the list
  for (std::size_t i = 0; i < node_tree.size(); ++i) {
    const char c = node_tree[i];
    if (c == '\\') {
      ++i;
      continue;
    }
    if (c == '{') {
      ++depth;
    } else if (c == '}') {
      if (parentheses == 1 && depth == 2) {
        const ViewColumn column{static_cast<int>(number_after(entry, " :resno ")),
                                static_cast<std::uint32_t>(number_after(entry, " :resorigtbl ")),
                                static_cast<int>(number_after(entry, " :resorigcol "))};
        if (column.origin != 0 && column.origin_column > 0 && entry.rfind(" :resjunk false") != std::string::npos) {
          columns.push_back(column);
        }
        entry.clear();
      }
      --depth;
    } else if (depth == 1 && parentheses == 0 && node_tree.substr(i).starts_with(list)) {
      parentheses = 1;
      i += list.size() - 1;
    } else if (depth == 1 && parentheses == 1 && c == ')') {
      return columns;
    } else if (depth == 2 && parentheses == 1) {
      entry += c;
    }
  }
  return columns;
}

}  // namespace ballast::storage::postgres
