#pragma once

#include "base/result.hpp"
#include "encode/shape.hpp"
#include "graphql/draft.hpp"

namespace ballast::graphql {

/// What the encoder makes of a compiled tree's rows: the draft with its aliases found in the cells of `compiled`, whose
/// levels have one face each. 400 when a list could not become a level because there are too many.
Result<encode::Shape> shape_of(const ListDraft& value, const encode::Shape& compiled);

}  // namespace ballast::graphql
