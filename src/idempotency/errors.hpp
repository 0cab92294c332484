#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace ballast::idempotency {

Error invalid_key(std::string_view problem);  ///< 400 BLST820
Error key_required(std::string_view path);    ///< 400 BLST821
Error anonymous_refused();                    ///< 401 BLST822
Error other_request();                        ///< 422 BLST823
Error in_flight();                            ///< 409 BLST824, Retry-After
Error unknown_key();                          ///< 404 BLST825

}  // namespace ballast::idempotency
