#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ballast::rest {

/// The candidate most like `wanted` (case folded), unless it equals it or its score lies below `least`; empty then.
/// The score is that of PostgREST's fuzzy set, so that hints agree: 1 - edit distance / length of the longer name,
/// among candidates that share two neighbouring letters with `wanted`. Names over 64 bytes are like nothing.
std::string similar(std::string_view wanted, std::span<const std::string> candidates, double least);

}  // namespace ballast::rest
