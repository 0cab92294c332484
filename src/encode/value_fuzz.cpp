#include <cstdlib>
#include <cstring>

#include "encode/value.hpp"
#include "json/scanner.hpp"

// Every cell of every kind comes out as valid JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  ballast::sql::Cell cell;
  cell.kind = static_cast<ballast::sql::Cell::Kind>(data[0] % 5);
  const auto kind =
      static_cast<ballast::catalog::Kind>(data[1] % (static_cast<int>(ballast::catalog::Kind::other) + 1));
  const int scale = static_cast<int>(data[2] % 20) - 1;
  cell.text = {reinterpret_cast<const char*>(data) + 3, size - 3};
  if (cell.text.size() >= 8) {
    std::memcpy(&cell.integer, cell.text.data(), 8);
    std::memcpy(&cell.real, cell.text.data(), 8);
  }
  std::string out;
  ballast::encode::write_value(out, cell, kind, scale);
  if (!ballast::json::valid(out)) std::abort();
  return 0;
}
