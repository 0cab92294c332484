#include "json/text.hpp"

#include "json/writer.hpp"

namespace ballast::json {

void Text::separate() {
  if (!first_) out_.push_back(',');
  first_ = false;
}

Text& Text::open(char opening, char closing) {
  separate();
  out_.push_back(opening);
  closing_.push_back(closing);
  first_ = true;
  return *this;
}

Text& Text::end() {
  out_.push_back(closing_.back());
  closing_.pop_back();
  first_ = false;
  return *this;
}

Text& Text::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_.push_back(':');
  first_ = true;
  return *this;
}

Text& Text::string(std::string_view value) {
  separate();
  append_string(out_, value);
  return *this;
}

Text& Text::integer(std::int64_t value) {
  separate();
  append_integer(out_, value);
  return *this;
}

Text& Text::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

}  // namespace ballast::json
