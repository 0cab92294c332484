#include "encode/group_writer.hpp"

#include "encode/value.hpp"
#include "json/writer.hpp"

namespace ballast::encode {
namespace {

Object part(const Shape& shape, std::size_t from, std::size_t to) {
  Object object;
  const auto& members = shape.root.members;
  object.members.assign(members.begin() + static_cast<std::ptrdiff_t>(from),
                        members.begin() + static_cast<std::ptrdiff_t>(to));
  return object;
}

}  // namespace

GroupWriter::GroupWriter(const Shape& shape)
    : grouping_(*shape.grouping),
      before_(part(shape, 0, grouping_.at)),
      element_(grouping_.element),
      behind_(part(shape, grouping_.at, shape.root.members.size())) {
  json::append_string(key_, grouping_.key);
  key_ += ":[";
}

void GroupWriter::Part::write(std::string& out, std::span<const sql::Cell> cells, bool strip_nulls) const {
  if (strip_nulls) {
    write_object_without_nulls(out, object, cells);
  } else {
    writer.write(out, cells);
  }
}

void GroupWriter::open(std::string& out, std::string& rest, std::span<const sql::Cell> cells, bool strip_nulls) const {
  before_.write(out, cells, strip_nulls);
  out.pop_back();  // the brace
  if (out.back() != '{') out += ',';
  out += key_;
  const auto present = static_cast<std::size_t>(grouping_.present);
  if (cells[present].kind != sql::Cell::Kind::null) element_.write(out, cells, strip_nulls);
  rest = "]";
  const std::size_t brace = rest.size();
  behind_.write(rest, cells, strip_nulls);
  if (rest.size() == brace + 2) {
    rest.erase(brace, 1);
  } else {
    rest[brace] = ',';
  }
}

void GroupWriter::add(std::string& out, std::span<const sql::Cell> cells, bool strip_nulls) const {
  out += ',';
  element_.write(out, cells, strip_nulls);
}

}  // namespace ballast::encode
