#include "sql/dialect.hpp"

#include <charconv>

namespace ballast::sql {
namespace {

class Numbered final : public Dialect {
 public:
  constexpr Numbered(Engine engine, std::string_view name, char sign) : engine_(engine), name_(name), sign_(sign) {}
  Engine engine() const noexcept override { return engine_; }
  std::string_view name() const noexcept override { return name_; }
  void placeholder(std::string& out, std::size_t n) const override {
    char digits[24];
    digits[0] = sign_;
    const auto end = std::to_chars(digits + 1, digits + sizeof digits, n).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
  }

 private:
  Engine engine_;
  std::string_view name_;
  char sign_;
};

}  // namespace

const Dialect& sqlite() noexcept {
  static const Numbered dialect(Engine::sqlite, "sqlite", '?');
  return dialect;
}

const Dialect& postgres() noexcept {
  static const Numbered dialect(Engine::postgres, "postgres", '$');
  return dialect;
}

void quote_identifier(std::string& out, std::string_view name) {
  out += '"';
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace ballast::sql
