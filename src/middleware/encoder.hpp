#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "middleware/accept_encoding.hpp"
#include "middleware/settings.hpp"

namespace ballast::middleware {

/// Compresses one body, piece by piece.
class Encoder {
 public:
  virtual ~Encoder() = default;
  /// Appends what is ready to `out`; `last` ends the body. Throws std::runtime_error when the library fails.
  virtual void add(std::string_view in, bool last, std::string& out) = 0;
};

/// For a body whose size is not known, or that is sent as it is made. `coding` is not identity.
std::unique_ptr<Encoder> make_encoder(Coding coding, const CompressionSettings& settings);

/// A whole body at once, with the calling thread's own context, which is kept.
std::string compress(Coding coding, std::string_view body, const CompressionSettings& settings);

}  // namespace ballast::middleware
