#include "encode/descriptor.hpp"

#include <charconv>
#include <optional>

#include "base/check.hpp"
#include "json/writer.hpp"
#include "text/cursor.hpp"

namespace ballast::encode {
namespace {

constexpr int depth_limit = 100;

void put_string(std::string& out, std::string_view text) {
  json::append_integer(out, static_cast<std::int64_t>(text.size()));
  out += ':';
  out += text;
}

void put_object(std::string& out, const Object& object) {
  struct Visitor {
    std::string& out;
    void operator()(const Field& field) const {
      out += 'f';
      put_string(out, field.key);
      json::append_integer(out, field.column);
      out += ',';
      json::append_integer(out, static_cast<int>(field.kind));
      out += ',';
      json::append_integer(out, field.scale);
      out += ';';
    }
    void operator()(const Verbatim& verbatim) const {
      out += 'v';
      put_string(out, verbatim.key);
      json::append_integer(out, verbatim.column);
      out += ',';
      put_string(out, verbatim.if_null);
      out += ';';
    }
    void operator()(const Nested& nested) const {
      out += 'n';
      put_string(out, nested.key);
      json::append_integer(out, nested.present);
      out += ',';
      put_object(out, *nested.object);
      out += ';';
    }
    void operator()(const Constant&) const { check(false, "a constant in an embed's row"); }
    void operator()(const Hole&) const { check(false, "a hole in an embed's row"); }
    void operator()(const Cursor&) const { check(false, "a cursor in an embed's row"); }
  };
  out += object.bare ? '[' : '{';
  for (const Member& member : object.members) std::visit(Visitor{out}, member);
  out += '}';
}

std::optional<int> take_integer(text::Cursor& in) {
  const std::string_view rest = in.rest();
  int value = 0;
  const auto result = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (result.ec != std::errc()) return std::nullopt;
  in.skip(static_cast<std::size_t>(result.ptr - rest.data()));
  return value;
}

bool take_string(text::Cursor& in, std::string& out) {
  const auto length = take_integer(in);
  if (!length || *length < 0 || !in.eat(':')) return false;
  const auto size = static_cast<std::size_t>(*length);
  if (in.rest().size() < size) return false;
  out = in.rest().substr(0, size);
  in.skip(size);
  return true;
}

bool take_object(text::Cursor& in, Object& out, int depth);

bool take_member(text::Cursor& in, Object& out, int depth) {
  const char tag = in.next();
  std::string key;
  if (!take_string(in, key)) return false;
  const auto column = take_integer(in);
  if (!column || *column < (tag == 'n' ? -1 : 0) || !in.eat(',')) return false;
  if (tag == 'f') {
    const auto kind = take_integer(in);
    if (!kind || *kind < 0 || *kind > static_cast<int>(catalog::Kind::other) || !in.eat(',')) return false;
    const auto scale = take_integer(in);
    if (!scale) return false;
    out.members.emplace_back(Field{std::move(key), *column, static_cast<catalog::Kind>(*kind), *scale});
  } else if (tag == 'v') {
    std::string if_null;
    if (!take_string(in, if_null)) return false;
    out.members.emplace_back(Verbatim{std::move(key), *column, std::move(if_null)});
  } else if (tag == 'n') {
    Nested nested;
    nested.key = std::move(key);
    nested.present = *column;
    if (!take_object(in, *nested.object, depth + 1)) return false;
    out.members.emplace_back(std::move(nested));
  } else {
    return false;
  }
  return in.eat(';');
}

bool take_object(text::Cursor& in, Object& out, int depth) {
  if (depth > depth_limit) return false;
  out.bare = in.eat('[');
  if (!out.bare && !in.eat('{')) return false;
  while (!in.eat('}')) {
    if (in.done() || !take_member(in, out, depth)) return false;
  }
  return !out.bare || out.members.size() == 1;
}

}  // namespace

std::string object_descriptor(const Object& object) {
  std::string out;
  out.reserve(object.members.size() * 24 + 2);
  put_object(out, object);
  return out;
}

Result<Object> parse_object_descriptor(std::string_view text) {
  text::Cursor in(text);
  Object object;
  if (!take_object(in, object, 1) || !in.done()) {
    return make_error(500, "BLST500",
                      "expected an object descriptor, it ends or differs at byte " + std::to_string(in.at()));
  }
  return object;
}

}  // namespace ballast::encode
