#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace ballast::cli {

bool is_terminal(int descriptor) { return ::isatty(descriptor) != 0; }

bool wants_colours(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return is_terminal(descriptor) && (no_color == nullptr || *no_color == '\0') &&
         (term == nullptr || std::string_view(term) != "dumb");
}

std::string styled(std::string_view text, std::string_view style, bool on) {
  return on ? fmt::format("\033[{}m{}\033[0m", style, text) : std::string(text);
}

void print_error(std::string_view message, std::string_view hint) {
  const bool colours = wants_colours(2);
  std::string out = fmt::format("{} {}\n", styled("ballast:", "1;31", colours), message);
  if (!hint.empty()) out += fmt::format("  {} {}\n", styled("try:", "36", colours), hint);
  std::fputs(out.c_str(), stderr);
}

void print_error(const Error& error) { print_error(error.message, error.hint); }

ProgressBar::ProgressBar(std::string label, std::uint64_t total)
    : label_(std::move(label)), total_(std::max<std::uint64_t>(total, 1)), visible_(is_terminal(2)) {}

void ProgressBar::advance(std::uint64_t by) {
  done_ = std::min(done_ + by, total_);
  if (visible_ && (done_ - drawn_) * 100 >= total_) draw();
}

void ProgressBar::finish() {
  if (visible_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::draw() {
  constexpr std::uint64_t width = 32;
  drawn_ = done_;
  const auto filled = static_cast<std::size_t>(done_ * width / total_);
  std::string bar(filled, '#');
  bar.resize(width, '.');
  std::fputs(fmt::format("\r{} [{}] {:3}%", label_, bar, done_ * 100 / total_).c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace ballast::cli
