#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace ballast::cli {

/// Is standard output (1) or standard error (2) read by a person who likes colours? NO_COLOR (no-color.org) and
/// TERM=dumb say no.
bool is_terminal(int descriptor);
bool wants_colours(int descriptor);

/// `text` in a style where `on`: "1" bold, "31" red, "36" cyan …
std::string styled(std::string_view text, std::string_view style, bool on);

/// "ballast: what went wrong" and what to do next, on standard error.
void print_error(std::string_view message, std::string_view hint = {});
void print_error(const Error& error);

/// One line that is drawn over and over on standard error; silent where nobody watches.
class ProgressBar {
 public:
  ProgressBar(std::string label, std::uint64_t total);
  void advance(std::uint64_t by);
  /// Removes the bar.
  void finish();

 private:
  void draw();

  const std::string label_;
  const std::uint64_t total_;
  const bool visible_;
  std::uint64_t done_ = 0;
  std::uint64_t drawn_ = 0;
};

}  // namespace ballast::cli
