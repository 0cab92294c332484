#include <array>
#include <cstdlib>

#include "compile/coerce.hpp"

// What is stored is a fixed point: read back and stored again, it is the same value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ballast::compile::coerce;
  using ballast::compile::Purpose;
  if (size == 0) return 0;
  static const std::array types = {"boolean", "integer",   "double precision", "numeric", "numeric(12,3)", "date",
                                   "time",    "timestamp", "timestamptz",      "uuid",    "json",          "varchar(5)",
                                   "bytea"};
  const auto type = ballast::catalog::type_named(types[data[0] % types.size()]);
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto once = coerce(std::move(text), type, ballast::sql::Engine::sqlite, Purpose::store);
  if (!once) return 0;
  const auto* stored = std::get_if<std::string>(&*once);
  if (stored == nullptr) return 0;
  const auto twice = coerce(*stored, type, ballast::sql::Engine::sqlite, Purpose::store);
  if (!twice || *twice != *once) std::abort();
  return 0;
}
