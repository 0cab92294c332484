#include "graphql/key_rows.hpp"

#include "encode/value.hpp"

namespace ballast::graphql {

std::vector<encode::Field> KeyRows::fields_of(const encode::Shape& shape) {
  const encode::Object& object = shape.levels.empty() ? shape.root : shape.levels.front().faces.front();
  std::vector<encode::Field> fields;
  for (const auto& member : object.members) {
    if (const auto* field = std::get_if<encode::Field>(&member)) fields.push_back(*field);
  }
  return fields;
}

Result<void> KeyRows::row(std::span<const sql::Cell> cells) {
  auto& row = rows_.emplace_back();
  for (const encode::Field& field : fields_) {
    encode::write_field(row.emplace_back(), cells[static_cast<std::size_t>(field.column)], field);
    bytes_ += row.back().size();
  }
  return {};
}

}  // namespace ballast::graphql
