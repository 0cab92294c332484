#pragma once

#include <cstddef>
#include <string_view>

#include "text/chars.hpp"

namespace ballast::text {

/// A place in a text that outlives it; what hand-written parsers walk with. Never reads past the end.
class Cursor {
 public:
  constexpr explicit Cursor(std::string_view text) noexcept : text_(text) {}

  constexpr bool done() const noexcept { return at_ == text_.size(); }
  constexpr std::size_t at() const noexcept { return at_; }  ///< offset from the start, for errors
  constexpr std::string_view rest() const noexcept { return text_.substr(at_); }
  /// The next byte, or NUL at the end.
  constexpr char peek() const noexcept { return done() ? '\0' : text_[at_]; }
  constexpr char peek(std::size_t ahead) const noexcept {
    return ahead < text_.size() - at_ ? text_[at_ + ahead] : '\0';
  }
  /// Takes the next byte; NUL at the end, which stays the end.
  constexpr char next() noexcept { return done() ? '\0' : text_[at_++]; }
  constexpr void skip(std::size_t n = 1) noexcept { at_ = n < text_.size() - at_ ? at_ + n : text_.size(); }
  constexpr void back_to(std::size_t at) noexcept { at_ = at < text_.size() ? at : text_.size(); }

  /// Takes `c` if it is next.
  constexpr bool eat(char c) noexcept {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  constexpr bool eat(std::string_view word) noexcept {
    if (!rest().starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  /// Takes everything before the first `stop`, or everything; the stop itself stays.
  constexpr std::string_view until(char stop) noexcept { return take(rest().find(stop)); }
  constexpr std::string_view until_any(std::string_view stops) noexcept { return take(rest().find_first_of(stops)); }
  /// Takes the longest run of bytes that belong to any of the classes.
  constexpr std::string_view run(int classes) noexcept {
    std::size_t n = 0;
    while (at_ + n < text_.size() && is(text_[at_ + n], classes)) ++n;
    return take(n);
  }

 private:
  constexpr std::string_view take(std::size_t n) noexcept {
    const std::string_view taken = rest().substr(0, n);
    at_ += taken.size();
    return taken;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace ballast::text
