#include <cstdlib>

#include "compile/full_text.hpp"

// Outside quotes an FTS5 query holds only our own operators: whatever is searched for, nothing of it becomes syntax.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto mode = static_cast<ballast::query::FullTextMode>(data[0] % 4);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto query = ballast::compile::to_fts5(mode, text, "column");
  if (!query) return 0;
  bool quoted = false;
  std::string outside;
  for (const char c : query->text) {
    if (c == '"')
      quoted = !quoted;
    else if (!quoted)
      outside += c;
  }
  if (quoted) std::abort();
  int depth = 0;
  for (std::size_t i = 0; i < outside.size();) {
    const std::string_view rest = std::string_view(outside).substr(i);
    if (rest.front() == '(') ++depth;
    if (rest.front() == ')' && --depth < 0) std::abort();
    std::size_t taken = 0;
    for (const std::string_view word : {" AND ", " OR ", " NOT ", " + ", " * ", " *", " : ", "(", ")"}) {
      if (rest.starts_with(word)) {
        taken = word == " * " ? 2 : word.size();
        break;
      }
    }
    if (taken == 0) std::abort();
    i += taken;
  }
  if (depth != 0) std::abort();
  return 0;
}
