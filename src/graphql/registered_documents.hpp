#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/digest.hpp"
#include "base/result.hpp"

namespace ballast::graphql {

/// The documents that an operator registered, by the SHA-256 of their text. Immutable.
class RegisteredDocuments {
 public:
  RegisteredDocuments() = default;

  /// `{"64 hexadecimal digits": "document", …}`, as the build steps of client libraries write it. The digits may have
  /// `sha256:` before them, and they must be the document's hash. The error says what is wrong and with which one.
  static Result<RegisteredDocuments> parse(std::string_view json);

  /// Null when it is not registered.
  std::shared_ptr<const std::string> find(const auth::Digest& digest) const;
  std::size_t size() const noexcept { return documents_.size(); }

 private:
  std::unordered_map<auth::Digest, std::shared_ptr<const std::string>, auth::DigestHash> documents_;
};

}  // namespace ballast::graphql
