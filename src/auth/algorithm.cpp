#include "auth/algorithm.hpp"

#include <array>
#include <utility>

namespace ballast::auth {
namespace {

constexpr std::array<std::pair<std::string_view, Algorithm>, 13> names{{{"HS256", Algorithm::hs256},
                                                                        {"HS384", Algorithm::hs384},
                                                                        {"HS512", Algorithm::hs512},
                                                                        {"RS256", Algorithm::rs256},
                                                                        {"RS384", Algorithm::rs384},
                                                                        {"RS512", Algorithm::rs512},
                                                                        {"PS256", Algorithm::ps256},
                                                                        {"PS384", Algorithm::ps384},
                                                                        {"PS512", Algorithm::ps512},
                                                                        {"ES256", Algorithm::es256},
                                                                        {"ES384", Algorithm::es384},
                                                                        {"ES512", Algorithm::es512},
                                                                        {"EdDSA", Algorithm::eddsa}}};

}  // namespace

std::optional<Algorithm> parse_algorithm(std::string_view name) noexcept {
  for (const auto& [spelling, algorithm] : names) {
    if (spelling == name) return algorithm;
  }
  return std::nullopt;
}

KeyKind kind_for(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::hs256:
    case Algorithm::hs384:
    case Algorithm::hs512:
      return KeyKind::secret;
    case Algorithm::rs256:
    case Algorithm::rs384:
    case Algorithm::rs512:
    case Algorithm::ps256:
    case Algorithm::ps384:
    case Algorithm::ps512:
      return KeyKind::rsa;
    case Algorithm::es256:
      return KeyKind::p256;
    case Algorithm::es384:
      return KeyKind::p384;
    case Algorithm::es512:
      return KeyKind::p521;
    case Algorithm::eddsa:
      break;
  }
  return KeyKind::ed25519;
}

}  // namespace ballast::auth
