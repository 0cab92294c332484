#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// A strict JSON scanner (RFC 8259) that keeps every value as the text it was written in, so that no digit of a
/// number is ever lost.
namespace ballast::json {

/// Walks one JSON text front to back. A step that fails leaves the cursor where the mistake is; `what()` then says
/// what was expected there. The text must be valid UTF-8 and outlive the scanner.
class Scanner {
 public:
  Scanner(std::string_view text, int depth_limit) noexcept : text_(text), depth_limit_(depth_limit) {}

  std::size_t at() const noexcept { return at_; }
  const char* what() const noexcept { return what_; }
  /// Was the mistake nesting beyond the limit?
  bool too_deep() const noexcept { return too_deep_; }

  void skip_space() noexcept;
  /// After `skip_space()`: the next byte, or NUL at the end.
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool eat(char c) noexcept;
  bool done() noexcept {
    skip_space();
    return at_ == text_.size();
  }

  /// Takes one whole value and gives its text. False on a mistake.
  bool value(std::string_view& raw);
  /// Takes one string and gives what stands between its quotes, escapes as written.
  bool string(std::string_view& inner) noexcept;
  bool expected(const char* what) noexcept {
    what_ = what;
    return false;
  }

 private:
  bool number() noexcept;
  bool word(std::string_view word) noexcept;
  bool scalar() noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_limit_;
  const char* what_ = "";
  bool too_deep_ = false;
};

/// Is the text exactly one JSON value?
bool valid(std::string_view text, int depth_limit = 512);

/// Appends the value of a string given as `Scanner::string` gives it. A lone surrogate becomes U+FFFD.
void append_unescaped(std::string& out, std::string_view inner);

/// The decoded value of a raw JSON string token (quotes included); empty for anything else.
std::string string_value(std::string_view raw);

/// Appends a valid JSON value with every null member of every object left out and insignificant white space removed,
/// as PostgreSQL's json_strip_nulls does.
void append_stripped(std::string& out, std::string_view valid_json);

}  // namespace ballast::json
