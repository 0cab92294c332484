#include <cstddef>
#include <cstdint>
#include <string>

#include "json/scanner.hpp"
#include "rest/payload.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto type = static_cast<ballast::rest::BodyType>(data[0] % 3);
  auto payload = ballast::rest::parse_payload(type, std::string(reinterpret_cast<const char*>(data) + 1, size - 1), 32);
  if (!payload.ok()) return 0;
  // Whatever it was written in: what comes out is JSON, with as many objects as were counted.
  if (!ballast::json::valid(payload->json)) __builtin_trap();
  if (ballast::rest::payload_rows(*payload, payload->keys, 32).size() != payload->rows) __builtin_trap();
  return 0;
}
