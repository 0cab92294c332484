#include "encode/value.hpp"

#include <charconv>
#include <cmath>

#include "base/check.hpp"
#include "encode/canonical.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"
#include "text/base64.hpp"
#include "text/chars.hpp"
#include "text/datetime.hpp"
#include "text/hex.hpp"
#include "text/utf8.hpp"

namespace ballast::encode {
namespace {

using catalog::Kind;
using sql::Cell;

/// A value's text and whether JSON shows it without quotes.
enum class Style : std::uint8_t { json, text };

void put(std::string& out, std::string_view text, Style style) {
  if (style == Style::json) {
    json::append_string(out, text);
  } else {
    out += text;
  }
}

void write_bytes(std::string& out, std::string_view bytes, Style style) {
  if (style == Style::json) out += '"';
  out += style == Style::json ? "\\\\x" : "\\x";
  text::append_hex(out, bytes);
  if (style == Style::json) out += '"';
}

/// A decimal number with `scale` digits after the point, rounded half away from zero as PostgreSQL's numeric is.
void append_decimal(std::string& out, double value, int scale) {
  char digits[400];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr;
  std::string text(digits, static_cast<std::size_t>(end - digits));
  if (scale < 0) {
    out += text;
    return;
  }
  const auto places = static_cast<std::size_t>(scale);
  std::size_t point = text.find('.');
  if (point == std::string::npos) {
    point = text.size();
    text += '.';
  }
  const std::size_t have = text.size() - point - 1;
  if (have <= places) {
    text.append(places - have, '0');
  } else {
    const bool up = text[point + 1 + places] >= '5';
    text.resize(point + 1 + places);
    std::size_t at = text.size();
    bool carrying = up;
    while (carrying && at > 0) {
      char& c = text[--at];
      if (c == '.') continue;
      if (c == '-') {
        ++at;
        break;
      }
      carrying = c == '9';
      c = carrying ? '0' : static_cast<char>(c + 1);
    }
    if (carrying) text.insert(at, 1, '1');
  }
  if (places == 0) text.pop_back();
  if (text.front() == '-' && text.find_first_of("123456789") == std::string::npos) text.erase(0, 1);
  out += text;
}

/// A double that is exactly the nearest one to a decimal of at most 15 digits, `scale` of them after the point: then
/// that decimal is what it says, and no search for its shortest text is needed.
bool append_short_decimal(std::string& out, double value, int scale) {
  constexpr double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
  if (scale < 0 || scale > 6) return false;
  const double power = powers[scale];
  const double scaled = std::round(value * power);
  if (!(std::fabs(scaled) < 1e15) || scaled / power != value) return false;
  if (scaled == 0 || scale == 0) return false;
  char digits[24];
  char* end = std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(std::fabs(scaled))).ptr;
  const auto places = static_cast<std::ptrdiff_t>(scale);
  if (value < 0) out += '-';
  if (end - digits <= places) {
    out += "0.";
    out.append(static_cast<std::size_t>(places - (end - digits)), '0');
    out.append(digits, static_cast<std::size_t>(end - digits));
    return true;
  }
  out.append(digits, static_cast<std::size_t>(end - digits - places));
  out += '.';
  out.append(end - places, static_cast<std::size_t>(places));
  return true;
}

void write_numeric(std::string& out, const Cell& cell, int scale, Style style) {
  switch (cell.kind) {
    case Cell::Kind::integer:
      json::append_integer(out, cell.integer);
      if (scale > 0) {
        out += '.';
        out.append(static_cast<std::size_t>(scale), '0');
      }
      return;
    case Cell::Kind::real:
      if (!std::isfinite(cell.real)) {
        if (style == Style::json) return json::append_double(out, cell.real);
        return json::append_double_text(out, cell.real);
      }
      if (append_short_decimal(out, cell.real, scale)) return;
      return append_decimal(out, cell.real, scale);
    default:
      if (style == Style::text || json::is_number(cell.text)) {
        out += cell.text;
      } else {
        json::append_string(out, cell.text);
      }
  }
}

void write_plain(std::string& out, const Cell& cell, Style style);

void write_boolean(std::string& out, const Cell& cell, Style style) {
  const auto say = [&](bool value) {
    if (style == Style::json) {
      out += value ? "true" : "false";
    } else {
      out += value ? 't' : 'f';
    }
  };
  if (cell.kind == Cell::Kind::integer && (cell.integer == 0 || cell.integer == 1)) return say(cell.integer == 1);
  if (cell.kind == Cell::Kind::text) {
    if (cell.text == "t" || cell.text == "true" || cell.text == "TRUE" || cell.text == "1") return say(true);
    if (cell.text == "f" || cell.text == "false" || cell.text == "FALSE" || cell.text == "0") return say(false);
  }
  if (cell.kind == Cell::Kind::real && (cell.real == 0 || cell.real == 1)) return say(cell.real == 1);
  write_plain(out, cell, style);
}

/// The value as its storage class shows it, whatever its column declares.
void write_plain(std::string& out, const Cell& cell, Style style) {
  switch (cell.kind) {
    case Cell::Kind::null:
      if (style == Style::json) out += "null";
      return;
    case Cell::Kind::integer:
      return json::append_integer(out, cell.integer);
    case Cell::Kind::real:
      if (style == Style::json) return json::append_double(out, cell.real);
      return json::append_double_text(out, cell.real);
    case Cell::Kind::text:
      return put(out, cell.text, style);
    case Cell::Kind::blob:
      if (text::valid_utf8(cell.text)) return put(out, cell.text, style);
      return write_bytes(out, cell.text, style);
  }
}

/// The value as a JSON string even when it is a number.
void write_as_text(std::string& out, const Cell& cell, Style style) {
  if (cell.kind == Cell::Kind::text || cell.kind == Cell::Kind::blob) return write_plain(out, cell, style);
  if (style == Style::json) out += '"';
  write_plain(out, cell, Style::text);
  if (style == Style::json) out += '"';
}

void write_number(std::string& out, const Cell& cell, Style style) {
  if (cell.kind == Cell::Kind::text && json::is_number(cell.text)) {
    out += cell.text;
  } else {
    write_plain(out, cell, style);
  }
}

bool from_number(const Cell& cell, text::DateTime& out) {
  constexpr double last_julian_day = 5'373'484.5;  // 9999-12-31, where SQLite's own date functions end
  constexpr double unix_epoch_julian_day = 2'440'587.5;
  if (cell.kind == Cell::Kind::integer) {
    constexpr std::int64_t milliseconds_from = 100'000'000'000;
    if (cell.integer > -milliseconds_from && cell.integer < milliseconds_from) {
      return text::from_epoch(cell.integer, 0, out);
    }
    const std::int64_t rest = ((cell.integer % 1000) + 1000) % 1000;
    return text::from_epoch((cell.integer - rest) / 1000, static_cast<int>(rest) * 1000, out);
  }
  if (!std::isfinite(cell.real) || std::fabs(cell.real) > 1e12) return false;
  double seconds = cell.real;
  if (cell.real >= 0 && cell.real < last_julian_day) {
    // A Julian day in a double is exact to some 40 µs, so milliseconds are all it says.
    seconds = std::round((cell.real - unix_epoch_julian_day) * 86'400'000.0) / 1000.0;
  }
  const double whole = std::floor(seconds);
  return text::from_epoch(static_cast<std::int64_t>(whole),
                          static_cast<int>(std::min(std::round((seconds - whole) * 1e6), 999'999.0)), out);
}

/// PostgreSQL's text of a moment that `text::parse_datetime` does not know (infinity, years beyond four digits,
/// BC), in JSON's spelling: `T` for the space before the time, a zone's minutes always written.
void write_unparsed_moment(std::string& out, std::string_view text, Style style) {
  const std::size_t space = text.find(' ');
  const bool has_time =
      space != std::string_view::npos && space + 1 < text.size() && text[space + 1] >= '0' && text[space + 1] <= '9';
  if (style == Style::text || !has_time) return put(out, text, style);
  std::string moment(text);
  moment[space] = 'T';
  const std::size_t sign = moment.find_first_of("+-", space);
  if (sign != std::string::npos) {
    const std::size_t end = moment.find(' ', sign);
    const std::size_t zone = (end == std::string::npos ? moment.size() : end) - sign;
    if (zone == 3) moment.insert(sign + 3, ":00");
  }
  json::append_string(out, moment);
}

/// `dddd-dd-dd dd:dd:dd` with any separator SQLite or ISO 8601 puts before the time: the form nearly every stored
/// moment has, and which differs from its JSON in that separator alone.
bool is_common_moment(std::string_view text) {
  constexpr std::string_view form = "0000-00-00 00:00:00";
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '0' ? !text::is(text[i], text::digit) : text[i] != form[i] && !(i == 10 && text[i] == 'T')) {
      return false;
    }
  }
  return true;
}

void write_moment(std::string& out, const Cell& cell, Kind kind, Style style) {
  if (cell.kind == Cell::Kind::text && kind != Kind::date && is_common_moment(cell.text)) {
    char moment[28];
    std::size_t size = 0;
    if (style == Style::json) moment[size++] = '"';
    cell.text.copy(moment + size, 19);
    moment[size + 10] = style == Style::json ? 'T' : ' ';
    size += 19;
    if (kind == Kind::timestamptz) {
      const std::string_view zone = style == Style::json ? "+00:00" : "+00";
      size += zone.copy(moment + size, zone.size());
    }
    if (style == Style::json) moment[size++] = '"';
    out.append(moment, size);
    return;
  }
  text::DateTime value;
  bool known = false;
  if (cell.kind == Cell::Kind::text) {
    known = text::parse_datetime(cell.text, value) == text::DateTimeError::none;
    if (!known) return write_unparsed_moment(out, cell.text, style);
  } else if (cell.kind == Cell::Kind::integer || cell.kind == Cell::Kind::real) {
    known = from_number(cell, value);
  }
  if (known && kind == Kind::timestamptz) known = text::to_utc(value);
  if (!known) return write_plain(out, cell, style);
  if (style == Style::json) out += '"';
  if (kind == Kind::date) {
    text::append_date(out, value);
  } else {
    text::append_datetime(out, value, style == Style::json ? 'T' : ' ');
    if (kind == Kind::timestamptz) out += style == Style::json ? "+00:00" : "+00";
  }
  if (style == Style::json) out += '"';
}

void write_time(std::string& out, const Cell& cell, Style style) {
  text::DateTime value;
  if (cell.kind != Cell::Kind::text || text::parse_time(cell.text, value) != text::DateTimeError::none ||
      value.offset_seconds) {
    return write_plain(out, cell, style);
  }
  if (style == Style::json) out += '"';
  text::append_time(out, value);
  if (style == Style::json) out += '"';
}

void write_uuid(std::string& out, const Cell& cell, Style style) {
  if (cell.kind != Cell::Kind::blob || cell.text.size() != 16) return write_as_text(out, cell, style);
  if (style == Style::json) out += '"';
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    text::append_hex(out, cell.text.substr(i, 1));
  }
  if (style == Style::json) out += '"';
}

void write_json(std::string& out, const Cell& cell, Style style) {
  const bool text = cell.kind == Cell::Kind::text || cell.kind == Cell::Kind::blob;
  if (text && (style == Style::text || json::valid(cell.text))) {
    out += cell.text;
  } else {
    write_plain(out, cell, style);
  }
}

void write(std::string& out, const Cell& cell, Kind kind, int scale, Style style) {
  if (cell.kind == Cell::Kind::null) {
    if (style == Style::json) out += "null";
    return;
  }
  switch (kind) {
    case Kind::boolean:
      return write_boolean(out, cell, style);
    case Kind::integer:
    case Kind::floating:
      return write_number(out, cell, style);
    case Kind::numeric:
      return cell.kind == Cell::Kind::blob ? write_plain(out, cell, style) : write_numeric(out, cell, scale, style);
    case Kind::bytea:
      if (cell.kind == Cell::Kind::blob) return write_bytes(out, cell.text, style);
      return write_as_text(out, cell, style);
    case Kind::date:
    case Kind::timestamp:
    case Kind::timestamptz:
      return write_moment(out, cell, kind, style);
    case Kind::time:
      return write_time(out, cell, style);
    case Kind::uuid:
      return write_uuid(out, cell, style);
    case Kind::json:
    case Kind::array:
    case Kind::composite:
      return write_json(out, cell, style);
    case Kind::text:
    case Kind::interval:
    case Kind::range:
    case Kind::tsvector:
    case Kind::other:
      return write_as_text(out, cell, style);
  }
}

const Cell& cell_at(std::span<const Cell> cells, int index) {
  check(index >= 0 && static_cast<std::size_t>(index) < cells.size(), "a shape names a cell that its row lacks");
  return cells[static_cast<std::size_t>(index)];
}

const std::string& key_of(const Member& member) {
  return std::visit([](const auto& m) -> const std::string& { return m.key; }, member);
}

void write_key(std::string& out, const std::string& key) {
  json::append_string(out, key);
  out += ':';
}

void write_stripped_member(std::string& out, const Member& member, std::span<const Cell> cells) {
  if (const auto* nested = std::get_if<Nested>(&member)) {
    write_object_without_nulls(out, *nested->object, cells);
    return;
  }
  const auto* field = std::get_if<Field>(&member);
  if (field != nullptr && field->kind != Kind::json && field->kind != Kind::composite && field->kind != Kind::array) {
    write_member(out, member, cells);
    return;
  }
  std::string whole;
  write_member(whole, member, cells);
  json::append_stripped(out, whole);
}

}  // namespace

void write_value(std::string& out, const Cell& cell, Kind kind, int scale) {
  write(out, cell, kind, scale, Style::json);
}

void write_text(std::string& out, const Cell& cell, Kind kind, int scale) {
  write(out, cell, kind, scale, Style::text);
}

namespace {

void write_canonical(std::string& out, std::string_view text, const Field& field) {
  if (field.element) {
    append_canonical_array(out, text, *field.element);
  } else {
    append_canonical(out, text, field.kind);
  }
}

const std::string* word_for(const Field& field, const Cell& cell) {
  if (field.words == nullptr) return nullptr;
  const auto found = field.words->find(cell.text);
  return found == field.words->end() ? nullptr : &found->second;
}

}  // namespace

void write_field(std::string& out, const Cell& cell, const Field& field) {
  if (cell.kind == Cell::Kind::null) {
    out += "null";
  } else if (const auto* word = word_for(field, cell)) {
    json::append_string(out, *word);
  } else if (field.as_string) {
    Field plain = field;
    plain.as_string = false;
    std::string text;
    write_field(text, cell, plain);
    if (text.starts_with('"') && field.kind != Kind::json) {
      out += text;
    } else {
      json::append_string(out, text);
    }
  } else if (field.canonical) {
    write_canonical(out, cell.text, field);
  } else {
    write(out, cell, field.kind, field.scale, Style::json);
  }
}

void write_field_text(std::string& out, const Cell& cell, const Field& field) {
  if (!field.canonical) return write(out, cell, field.kind, field.scale, Style::text);
  out += cell.text;
}

void write_cursor(std::string& out, const Cursor& cursor, std::span<const Cell> cells) {
  std::string values = "[" + cursor.before;
  for (const Field& field : cursor.values) {
    if (values.size() > 1) values += ", ";
    write_field(values, cell_at(cells, field.column), field);
  }
  values += ']';
  out += '"';
  text::append_base64(out, values);
  out += '"';
}

bool absent(const Nested& nested, std::span<const Cell> cells) {
  if (nested.present < 0) return false;
  const Cell& cell = cell_at(cells, nested.present);
  switch (cell.kind) {
    case Cell::Kind::null:
      return true;
    case Cell::Kind::integer:
      return cell.integer == 0;
    case Cell::Kind::text:
      return cell.text == "f" || cell.text == "false";
    default:
      return false;
  }
}

bool is_null(const Member& member, std::span<const Cell> cells) {
  struct Visitor {
    std::span<const Cell> cells;
    bool operator()(const Field& field) const { return cell_at(cells, field.column).kind == Cell::Kind::null; }
    bool operator()(const Verbatim& verbatim) const {
      const Cell& cell = cell_at(cells, verbatim.column);
      return cell.kind == Cell::Kind::null ? verbatim.if_null == "null" : cell.text == "null";
    }
    bool operator()(const Nested& nested) const { return absent(nested, cells); }
    bool operator()(const Constant& constant) const { return constant.json == "null"; }
    bool operator()(const Hole&) const { return false; }
    bool operator()(const Cursor&) const { return false; }
  };
  return std::visit(Visitor{cells}, member);
}

void write_member(std::string& out, const Member& member, std::span<const Cell> cells) {
  struct Visitor {
    std::string& out;
    std::span<const Cell> cells;
    void operator()(const Field& field) const { write_field(out, cell_at(cells, field.column), field); }
    void operator()(const Verbatim& verbatim) const {
      const Cell& cell = cell_at(cells, verbatim.column);
      switch (cell.kind) {
        case Cell::Kind::null:
          out += verbatim.if_null;
          return;
        case Cell::Kind::text:
        case Cell::Kind::blob:
          out += cell.text;
          return;
        default:
          write_plain(out, cell, Style::json);
          return;
      }
    }
    void operator()(const Nested& nested) const {
      if (absent(nested, cells)) {
        out += "null";
      } else {
        write_object(out, *nested.object, cells);
      }
    }
    void operator()(const Constant& constant) const { out += constant.json; }
    void operator()(const Hole&) const { check(false, "a hole in a row that stands alone"); }
    void operator()(const Cursor& cursor) const { write_cursor(out, cursor, cells); }
  };
  std::visit(Visitor{out, cells}, member);
}

void write_object(std::string& out, const Object& object, std::span<const Cell> cells) {
  if (object.bare) {
    check(object.members.size() == 1, "a bare object has one member");
    return write_member(out, object.members.front(), cells);
  }
  char before = '{';
  for (const Member& member : object.members) {
    out += before;
    before = ',';
    write_key(out, key_of(member));
    write_member(out, member, cells);
  }
  if (before == '{') out += '{';
  out += '}';
}

void write_object_without_nulls(std::string& out, const Object& object, std::span<const Cell> cells) {
  if (object.bare) {
    check(object.members.size() == 1, "a bare object has one member");
    if (is_null(object.members.front(), cells)) {
      out += "null";
    } else {
      write_stripped_member(out, object.members.front(), cells);
    }
    return;
  }
  char before = '{';
  for (const Member& member : object.members) {
    if (is_null(member, cells)) continue;
    out += before;
    before = ',';
    write_key(out, key_of(member));
    write_stripped_member(out, member, cells);
  }
  if (before == '{') out += '{';
  out += '}';
}

}  // namespace ballast::encode
