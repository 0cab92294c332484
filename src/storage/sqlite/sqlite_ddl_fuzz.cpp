// Any text is a CREATE statement that only has to be survived; columns and expressions stay within the text.
#include <cstdint>
#include <cstdlib>

#include "storage/sqlite/ddl.hpp"
#include "storage/sqlite/types.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto ddl = ballast::storage::sqlite::parse_ddl(text);
  for (const auto& check : ddl.checks) {
    if (text.find(check.expression) == std::string_view::npos) std::abort();
    ballast::storage::sqlite::enumerated(check.expression, "a");
    ballast::storage::sqlite::columns_in(check.expression, {"a", "b"});
  }
  ballast::storage::sqlite::option(ddl, "content");
  ballast::storage::sqlite::type_of(text);
  return 0;
}
