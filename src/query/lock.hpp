#pragma once

#include <cstdint>

namespace ballast::query {

/// The rows that a read finds are kept from others until its transaction ends.
struct Lock {
  enum class Strength : std::uint8_t {
    update,  ///< from being changed and from being locked
    share,   ///< from being changed
  };
  /// When somebody else holds one of them.
  enum class Wait : std::uint8_t {
    block,   ///< until it is free
    nowait,  ///< fail: 409 55P03
    skip,    ///< leave the row out
  };
  Strength strength = Strength::update;
  Wait wait = Wait::block;
  friend bool operator==(const Lock&, const Lock&) = default;
};

}  // namespace ballast::query
