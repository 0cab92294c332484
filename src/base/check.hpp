#pragma once

#include <stdexcept>
#include <string>

namespace ballast {

/// A bug in Ballast, never something a client sent. Caught at the session's edge: 500, no detail.
class Bug : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Always checked, throws `Bug`. Never used on outside input.
inline void check(bool condition, const char* what) {
  if (!condition) [[unlikely]]
    throw Bug(what);
}

}  // namespace ballast
