#include "storage/sqlite/functions.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <list>
#include <new>
#include <optional>
#include <span>
#include <vector>

#include "encode/descriptor.hpp"
#include "encode/value.hpp"
#include "storage/sqlite/cell.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/error.hpp"
#include "text/datetime.hpp"
#include "text/short_hash.hpp"

namespace ballast::storage::sqlite {
namespace {

/// The least recently used goes first. Few enough that comparing the texts beats hashing them.
template <class T>
class SmallCache {
 public:
  const T* find(std::string_view key) {
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
      if (at->first != key) continue;
      if (at != entries_.begin()) entries_.splice(entries_.begin(), entries_, at);
      return &entries_.front().second;
    }
    return nullptr;
  }
  const T* add(std::string_view key, T value) {
    if (entries_.size() >= limit) entries_.pop_back();
    entries_.emplace_front(std::string(key), std::move(value));
    return &entries_.front().second;
  }

 private:
  static constexpr std::size_t limit = 32;
  std::list<std::pair<std::string, T>> entries_;
};

std::string_view text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text == nullptr ? std::string_view{} : std::string_view(text, sqlite3_value_bytes(value));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}
/// Bytes of the UTF-8 character that starts here; a stray byte counts as one.
std::size_t character(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80) ++length;
  return length;
}

/// [ sign ] digits, and unless `whole` [ "." digits ] [ exponent ]; blanks around it.
bool is_number(std::string_view text, bool whole) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('+')) return false;
  const char* const end = text.data() + text.size();
  if (whole) {
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), end, value);
    return parsed.ec == std::errc() && parsed.ptr == end;
  }
  double value = 0;
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end && std::isfinite(value);
}

/// A hash of the values, each with its type and length before it, so that no two rows look alike.
std::string row_version(std::span<sqlite3_value* const> values) {
  std::string bytes;
  const auto add = [&bytes](const auto& number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  for (sqlite3_value* const value : values) {
    const int type = sqlite3_value_type(value);
    bytes.push_back(static_cast<char>(type));
    if (type == SQLITE_INTEGER) {
      add(sqlite3_value_int64(value));
    } else if (type == SQLITE_FLOAT) {
      add(sqlite3_value_double(value));
    } else if (type != SQLITE_NULL) {
      const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
      const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
      add(size);
      if (size > 0) bytes.append(data, size);
    }
  }
  return text::short_hash(bytes);
}

/// The pattern as a regular expression, for folding beyond ASCII.
std::string as_regex(std::string_view pattern) {
  std::string out = "\\A(?:";
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%') {
      out += ".*";
    } else if (pattern[i] == '_') {
      out += '.';
    } else {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      const std::size_t length = character(pattern, i);
      out += RE2::QuoteMeta(re2::StringPiece(pattern.data() + i, length));
      i += length - 1;
    }
  }
  return out + ")\\z";
}

/// One more than the highest cell an object uses: views may call these functions too, with whatever they like.
int cells_needed(const encode::Object& object) {
  static constexpr int never = 1'000'000;
  struct Visitor {
    int operator()(const encode::Field& field) const { return field.column < 0 ? never : field.column + 1; }
    int operator()(const encode::Verbatim& verbatim) const { return verbatim.column < 0 ? never : verbatim.column + 1; }
    int operator()(const encode::Nested& nested) const {
      return std::max(nested.present + 1, cells_needed(*nested.object));
    }
    // Descriptors know none of these.
    int operator()(const encode::Constant&) const { return never; }
    int operator()(const encode::Hole&) const { return never; }
    int operator()(const encode::Cursor&) const { return never; }
  };
  int needed = 0;
  for (const auto& member : object.members) needed = std::max(needed, std::visit(Visitor{}, member));
  return needed;
}

struct Descriptor {
  encode::Object object;
  int cells = 0;
};

/// What ballast_array gathers; null until the first row.
struct Gathered {
  std::string* json;
};

}  // namespace

std::optional<bool> like(std::string_view pattern, std::string_view value, bool fold, Connection* metered) {
  // Characters between two looks at the limits, and what they cost in VM instructions: some 10 µs.
  constexpr std::uint32_t look_after = 8'192;
  constexpr std::uint32_t charged = 1'000;
  std::uint32_t work = 0;
  // One point to return to suffices: whatever an earlier `%` could take, the latest can take as well.
  std::size_t p = 0;
  std::size_t v = 0;
  std::size_t retry_p = std::string_view::npos;
  std::size_t retry_v = 0;
  while (true) {
    if (++work == look_after) {
      work = 0;
      if (metered != nullptr && metered->charge(charged)) return std::nullopt;
    }
    if (p == pattern.size() && v == value.size()) return true;
    if (p < pattern.size() && pattern[p] == '%') {
      retry_p = ++p;
      retry_v = v;
      if (p == pattern.size()) return true;
      continue;
    }
    bool matched = false;
    if (p < pattern.size() && v < value.size()) {
      if (pattern[p] == '_') {
        matched = true;
        ++p;
        v += character(value, v);
      } else {
        const std::size_t literal = pattern[p] == '\\' ? p + 1 : p;
        if (literal == pattern.size()) return false;
        const char a = pattern[literal];
        const char b = value[v];
        matched = a == b || (fold && lower(a) == lower(b));
        if (matched) {
          p = literal + 1;
          ++v;
        }
      }
    }
    if (matched) continue;
    if (retry_p == std::string_view::npos || retry_v >= value.size()) return false;
    retry_v += character(value, retry_v);
    p = retry_p;
    v = retry_v;
  }
}

struct Functions::State {
  explicit State(Connection& c) : connection(c) {}

  Connection& connection;
  SmallCache<std::shared_ptr<const RE2>> patterns;
  SmallCache<std::shared_ptr<const Descriptor>> descriptors;
  std::vector<sql::Cell> cells;
  std::string json;

  static State& of(sqlite3_context* context) { return *static_cast<State*>(sqlite3_user_data(context)); }

  void refuse(sqlite3_context* context, Error error) {
    connection.refuse(std::move(error));
    sqlite3_result_error(context, "refused", -1);
  }

  /// `kind` keeps like-patterns and expressions apart: "l", "m" or "i".
  const RE2* pattern(char kind, std::string_view text) {
    std::string key(1, kind);
    key += text;
    if (const auto* found = patterns.find(key)) return found->get();
    RE2::Options options;
    options.set_log_errors(false);
    options.set_dot_nl(true);  // as PostgreSQL's expressions and LIKE have it
    options.set_case_sensitive(kind == 'm');
    const std::string expression = kind == 'l' ? as_regex(text) : std::string(text);
    return patterns.add(key, std::make_shared<const RE2>(expression, options))->get();
  }

  void match(sqlite3_context* context, char kind, std::string_view value, std::string_view text) {
    const RE2* compiled = pattern(kind, text);
    if (!compiled->ok()) {
      return refuse(context, make_error(400, "2201B", "invalid regular expression: " + compiled->error()));
    }
    // RE2 may need so many steps, and nothing can end it meanwhile: a fifth of a second.
    constexpr std::size_t most_steps = 50'000'000;
    constexpr std::size_t steps_per_instruction = 8;
    const std::size_t steps = static_cast<std::size_t>(std::max(compiled->ProgramSize(), 1)) * value.size();
    if (steps > most_steps) {
      return refuse(context,
                    make_error(400, "54000",
                               "the pattern is too complex for a value of " + std::to_string(value.size()) + " bytes"));
    }
    if (connection.charge(static_cast<std::uint32_t>(value.size() / steps_per_instruction))) {
      return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
    }
    sqlite3_result_int(context, RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), *compiled) ? 1 : 0);
  }

  void like_or_stop(sqlite3_context* context, std::string_view pattern, std::string_view value, bool fold) {
    const auto matched = like(pattern, value, fold, &connection);
    if (!matched) return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
    sqlite3_result_int(context, *matched ? 1 : 0);
  }

  const Descriptor* descriptor(sqlite3_context* context, std::string_view text) {
    if (const auto* found = descriptors.find(text)) return found->get();
    auto parsed = encode::parse_object_descriptor(text);
    if (!parsed) {
      refuse(context, std::move(parsed).error());
      return nullptr;
    }
    const int needed = cells_needed(*parsed);
    return descriptors.add(text, std::make_shared<const Descriptor>(Descriptor{std::move(*parsed), needed}))->get();
  }

  /// Appends one object; false after an error.
  bool append(sqlite3_context* context, int count, sqlite3_value** values, std::string& out) {
    const Descriptor* found = descriptor(context, text_of(values[0]));
    if (found == nullptr) return false;
    if (found->cells > count - 1) {
      sqlite3_result_error(context, "the descriptor names more values than there are", -1);
      return false;
    }
    cells.clear();
    for (int i = 1; i < count; ++i) cells.push_back(cell_of(values[i]));
    encode::write_object(out, found->object, cells);
    return true;
  }
};

namespace {

/// SQLite is C: nothing may be thrown through it.
template <class Body>
void guarded(sqlite3_context* context, Body body) noexcept {
  try {
    body();
  } catch (const std::bad_alloc&) { sqlite3_result_error_nomem(context); } catch (...) {
    sqlite3_result_error(context, "a function failed", -1);
  }
}

bool any_null(sqlite3_value** values) {
  return sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL;
}

}  // namespace

Functions::Functions(Connection& connection) : state_(std::make_unique<State>(connection)) {}
Functions::~Functions() = default;

Result<void> Functions::add() {
  using Scalar = void (*)(sqlite3_context*, int, sqlite3_value**);
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  sqlite3* handle = state_->connection.handle();
  int failed = SQLITE_OK;
  const auto scalar = [&](const char* name, int arguments, Scalar function) {
    const int code =
        sqlite3_create_function_v2(handle, name, arguments, flags, state_.get(), function, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) failed = code;
  };

  scalar("ballast_like", 2, [](sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(values)) return;
    State::of(context).like_or_stop(context, text_of(values[1]), text_of(values[0]), false);
  });
  // One form for every spelling of a moment, to compare by: 'YYYY-MM-DD HH:MM:SS[.ffffff]', in UTC when the second
  // argument says so. What is no moment stays as it is.
  scalar("ballast_moment", 2, [](sqlite3_context* context, int, sqlite3_value** values) {
    const bool no_text = sqlite3_value_type(values[0]) != SQLITE_TEXT;
    const std::string_view text = no_text ? std::string_view() : text_of(values[0]);
    text::DateTime moment;
    const bool canonical = text.size() == 19 && text[10] == ' ' && text[4] == '-';
    if (no_text || canonical || text::parse_datetime(text, moment) != text::DateTimeError::none ||
        (sqlite3_value_int(values[1]) != 0 && !text::to_utc(moment))) {
      sqlite3_result_value(context, values[0]);
      return;
    }
    std::string out;
    text::append_datetime(out, moment, ' ');
    sqlite3_result_text(context, out.data(), static_cast<int>(out.size()), SQLITE_TRANSIENT);
  });
  scalar("ballast_ilike", 2, [](sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(values)) return;
    guarded(context, [&] {
      const std::string_view pattern = text_of(values[1]);
      const std::string_view value = text_of(values[0]);
      if (is_ascii(pattern)) return State::of(context).like_or_stop(context, pattern, value, true);
      State::of(context).match(context, 'l', value, pattern);
    });
  });
  // The text of a number, or 22P02: SQLite's CAST would take what it begins with. The second argument is the type's
  // name.
  scalar("ballast_number", 2, [](sqlite3_context* context, int, sqlite3_value** values) {
    if (sqlite3_value_type(values[0]) != SQLITE_TEXT) return sqlite3_result_value(context, values[0]);
    guarded(context, [&] {
      const std::string_view text = text_of(values[0]);
      const std::string_view type = text_of(values[1]);
      const bool whole = type == "integer" || type == "bigint" || type == "smallint";
      if (is_number(text, whole)) return sqlite3_result_value(context, values[0]);
      State::of(context).refuse(context, make_error(400, "22P02",
                                                    "invalid input syntax for type " + std::string(type) + ": \"" +
                                                        std::string(text) + "\""));
    });
  });
  scalar("ballast_match", 2, [](sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(values)) return;
    guarded(context, [&] { State::of(context).match(context, 'm', text_of(values[0]), text_of(values[1])); });
  });
  scalar("ballast_imatch", 2, [](sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(values)) return;
    guarded(context, [&] { State::of(context).match(context, 'i', text_of(values[0]), text_of(values[1])); });
  });
  scalar("ballast_object", -1, [](sqlite3_context* context, int count, sqlite3_value** values) {
    if (count < 1) return sqlite3_result_error(context, "expected a descriptor", -1);
    guarded(context, [&] {
      State& state = State::of(context);
      state.json.clear();
      if (!state.append(context, count, values, state.json)) return;
      sqlite3_result_text64(context, state.json.data(), state.json.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    });
  });
  scalar("ballast_row_version", -1, [](sqlite3_context* context, int count, sqlite3_value** values) {
    guarded(context, [&] {
      const std::string version = row_version({values, static_cast<std::size_t>(count)});
      sqlite3_result_text64(context, version.data(), version.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    });
  });

  const auto step = [](sqlite3_context* context, int count, sqlite3_value** values) {
    if (count < 1) return sqlite3_result_error(context, "expected a descriptor", -1);
    guarded(context, [&] {
      auto* gathered = static_cast<Gathered*>(sqlite3_aggregate_context(context, sizeof(Gathered)));
      if (gathered == nullptr) return sqlite3_result_error_nomem(context);
      if (gathered->json == nullptr) gathered->json = new std::string;
      gathered->json->push_back(gathered->json->empty() ? '[' : ',');
      State::of(context).append(context, count, values, *gathered->json);
      const int limit = sqlite3_limit(sqlite3_context_db_handle(context), SQLITE_LIMIT_LENGTH, -1);
      if (gathered->json->size() > static_cast<std::size_t>(limit)) sqlite3_result_error_toobig(context);
    });
  };
  const auto finish = [](sqlite3_context* context) {
    auto* gathered = static_cast<Gathered*>(sqlite3_aggregate_context(context, 0));
    if (gathered == nullptr || gathered->json == nullptr) {
      return sqlite3_result_text(context, "[]", 2, SQLITE_STATIC);
    }
    const std::unique_ptr<std::string> json(gathered->json);
    gathered->json = nullptr;
    guarded(context, [&] {
      json->push_back(']');
      sqlite3_result_text64(context, json->data(), json->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    });
  };
  const int code =
      sqlite3_create_function_v2(handle, "ballast_array", -1, flags, state_.get(), nullptr, step, finish, nullptr);
  if (code != SQLITE_OK) failed = code;
  if (failed != SQLITE_OK) return map_error(failed, "", nullptr);
  return {};
}

}  // namespace ballast::storage::sqlite
