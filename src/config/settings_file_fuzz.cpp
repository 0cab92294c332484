#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.hpp"
#include "config/load.hpp"

/// A settings file of any content loads or has problems that name a place; what loads never leaves its range.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ballast::config;
  Sources sources;
  sources.file_text = std::string(reinterpret_cast<const char*>(data), size);
  // A fuzzer must not read files: `@path` is left out.
  if (sources.file_text->find('@') != std::string::npos) return 0;
  const auto loaded = load(registry(), sources);
  for (const auto& problem : loaded.problems) ballast::check(!problem.message.empty(), "a problem without words");
  for (const auto& setting : registry().settings()) {
    if (setting.kind == Kind::list || setting.kind == Kind::secret) continue;
    Settings copy;
    ballast::check(setting.assign(copy, setting.show(loaded.settings)).ok(), "a value that cannot be read back");
  }
  return 0;
}
