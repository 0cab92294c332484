#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ballast {

/// The candidate closest to `wanted` by edit distance (case folded), or empty when none is close enough to be
/// worth suggesting (more than a third of the letters differ). Cost is bounded: names over 64 bytes match only
/// themselves.
std::string nearest(std::string_view wanted, std::span<const std::string> candidates);

}  // namespace ballast
