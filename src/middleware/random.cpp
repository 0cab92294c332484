#include "middleware/random.hpp"

#include <bit>
#include <random>

namespace ballast::middleware {
namespace {

/// xoroshiro128++ (Blackman and Vigna): the standard library's engines are large or slow.
class Generator {
 public:
  Generator() {
    std::random_device device;
    const auto word = [&] { return std::uint64_t{device()} << 32U | device(); };
    a_ = word();
    b_ = word() | 1U;
  }
  std::uint64_t operator()() noexcept {
    const std::uint64_t result = std::rotl(a_ + b_, 17) + a_;
    const std::uint64_t mixed = a_ ^ b_;
    a_ = std::rotl(a_, 49) ^ mixed ^ mixed << 21U;
    b_ = std::rotl(mixed, 28);
    return result;
  }

 private:
  std::uint64_t a_;
  std::uint64_t b_;
};

}  // namespace

std::uint64_t random_bits() {
  thread_local Generator generator;
  return generator();
}

void append_random_hex(std::string& out, unsigned bytes) {
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < bytes; ++i) {
    if (i % 8 == 0) bits = random_bits();
    out += "0123456789abcdef"[bits >> 4U & 15U];
    out += "0123456789abcdef"[bits & 15U];
    bits >>= 8U;
  }
}

}  // namespace ballast::middleware
