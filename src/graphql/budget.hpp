#pragma once

#include <cstddef>

namespace ballast::graphql {

/// Work that may still be done. Once it is spent, it stays so.
class Budget {
 public:
  explicit Budget(std::size_t amount) noexcept : left_(amount) {}
  /// False when there is not so much left.
  bool spend(std::size_t amount = 1) noexcept {
    if (amount > left_) {
      left_ = 0;
      spent_ = true;
    }
    if (spent_) return false;
    left_ -= amount;
    return true;
  }
  bool spent() const noexcept { return spent_; }

 private:
  std::size_t left_;
  bool spent_ = false;
};

}  // namespace ballast::graphql
