#include <cstdlib>

#include "json/reader.hpp"
#include "json/scanner.hpp"

// Whatever is accepted can be walked, and stripping it of nulls gives valid JSON again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = ballast::json::parse(text);
  if (!document) return 0;
  if (document->kind == ballast::json::ValueKind::object) {
    for (const auto& member : ballast::json::members(document->raw)) {
      if (!ballast::json::valid(member.raw)) std::abort();
    }
  }
  std::string stripped;
  ballast::json::append_stripped(stripped, document->raw);
  if (!ballast::json::valid(stripped)) std::abort();
  std::string again;
  ballast::json::append_stripped(again, stripped);
  if (again != stripped) std::abort();
  return 0;
}
