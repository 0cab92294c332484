#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/connection_string.hpp"

/// Whatever follows it, a password is not shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ballast::config;
  const std::string text(reinterpret_cast<const char*>(data), size);
  without_password(text);
  const std::string secret = "5ecret";
  if (text.find(secret) != std::string::npos) return 0;
  for (const auto& hidden : {without_password("postgres://me:" + secret + "@" + text),
                             without_password("postgres://db/x?password=" + secret + "&" + text),
                             without_password("host=x password=" + secret + " " + text)}) {
    if (hidden.find(secret) != std::string::npos) std::abort();
  }
  return 0;
}
