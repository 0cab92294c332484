#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <string_view>

namespace ballast::http {

/// Up to three pieces of an answer on their way out in one system call; a ConstBufferSequence that views what its
/// user keeps alive.
class Pieces {
 public:
  explicit Pieces(std::string_view first, std::string_view second = {}, std::string_view third = {})
      : pieces_{to_buffer(first), to_buffer(second), to_buffer(third)} {
    skip_empty();
  }

  const boost::asio::const_buffer* begin() const noexcept { return pieces_.data() + at_; }
  const boost::asio::const_buffer* end() const noexcept { return pieces_.data() + pieces_.size(); }
  bool empty() const noexcept { return at_ == pieces_.size(); }

  /// Forgets the first `n` bytes, which were sent.
  void consume(std::size_t n) noexcept {
    while (n > 0 && !empty()) {
      const std::size_t taken = n < pieces_[at_].size() ? n : pieces_[at_].size();
      pieces_[at_] += taken;
      n -= taken;
      skip_empty();
    }
  }

 private:
  static boost::asio::const_buffer to_buffer(std::string_view text) noexcept { return {text.data(), text.size()}; }
  void skip_empty() noexcept {
    while (!empty() && pieces_[at_].size() == 0) ++at_;
  }

  std::array<boost::asio::const_buffer, 3> pieces_;
  std::size_t at_ = 0;
};

}  // namespace ballast::http
