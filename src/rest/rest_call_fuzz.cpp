#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rest/passed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ballast::rest;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const Settings settings;
  std::string filters;
  (void)passed_in_query(text, filters);
  (void)call_body(text);
  for (const CallBody type : {CallBody::json, CallBody::form, CallBody::csv, CallBody::text, CallBody::bytes}) {
    (void)passed_in_body(type, std::string(text), std::nullopt, settings);
  }
  return 0;
}
