#include "rest/row_tag.hpp"

#include <algorithm>

#include "text/short_hash.hpp"

namespace ballast::rest {
namespace {

constexpr std::size_t piece = 1U << 20;  // of a body that is in a file; each is hashed with the hash of those before

std::string digest_of(const Spool& body) {
  std::string hash;
  std::string buffer;
  for (std::uint64_t at = 0; at < body.size() || hash.empty();) {
    buffer = hash;
    const std::size_t before = buffer.size();
    buffer.resize(before + static_cast<std::size_t>(std::min<std::uint64_t>(piece, body.size() - at)));
    at += body.read(at, {buffer.data() + before, buffer.size() - before});
    hash = text::short_hash(buffer);
  }
  return hash;
}

}  // namespace

bool needs_digest(const query::Read& read, const Format& format, bool own_timezone) {
  return strips_nulls(format.media) || own_timezone ||
         std::ranges::any_of(read.outputs, [](const query::Output& output) {
           const auto* column = std::get_if<query::ColumnOutput>(&output);
           return column == nullptr || !column->column.function_schema.empty();
         });
}

std::string row_tag(std::string_view version, bool with_digest, const Spool& body) {
  std::string tag(version);
  if (with_digest) tag.append(1, '.').append(digest_of(body));
  return tag;
}

std::string quoted_tag(std::string_view tag) { return std::string(1, '"').append(tag).append(1, '"'); }

}  // namespace ballast::rest
