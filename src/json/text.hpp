#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ballast::json {

/// Writes a document piece by piece and minds the commas. Every `object` and `array` is closed by an `end`; a value
/// inside an object follows its `key`.
class Text {
 public:
  Text& object() { return open('{', '}'); }
  Text& array() { return open('[', ']'); }
  Text& end();
  Text& key(std::string_view name);
  Text& string(std::string_view value);
  Text& integer(std::int64_t value);
  Text& boolean(bool value) { return raw(value ? "true" : "false"); }
  /// A value that is JSON already.
  Text& raw(std::string_view json);

  Text& member(std::string_view name, std::string_view value) { return key(name).string(value); }

  std::string take() { return std::move(out_); }

 private:
  Text& open(char opening, char closing);
  void separate();

  std::string out_;
  std::string closing_;  // what ends the open ones, the innermost last
  bool first_ = true;    // nothing stands in the innermost one yet, or its key was just written
};

}  // namespace ballast::json
