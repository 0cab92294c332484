#include "graphql/input_json.hpp"

#include <string>
#include <unordered_map>
#include <utility>

#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"

namespace ballast::graphql {
namespace {

/// The text was measured when it was found valid.
constexpr int no_limit = 1 << 30;

/// Goes through the text once, whatever its depth.
class Reader {
 public:
  Reader(std::string_view text, std::size_t& values) : in_(text, no_limit), values_(values) {}

  bool value(Input& out) {
    if (values_ == 0) return false;
    --values_;
    in_.skip_space();
    if (in_.eat('{')) return object(out.value.emplace<Input::Object>());
    if (in_.eat('[')) return array(out.value.emplace<Input::List>());
    std::string_view raw;
    in_.value(raw);
    scalar(raw, out);
    return true;
  }

 private:
  bool array(Input::List& list) {
    for (in_.skip_space(); !in_.eat(']'); in_.skip_space()) {
      if (!list.empty()) in_.eat(',');
      if (!value(list.emplace_back())) return false;
    }
    return true;
  }

  bool object(Input::Object& object) {
    std::unordered_map<std::string, std::size_t> places;
    bool first = true;
    for (in_.skip_space(); !in_.eat('}'); in_.skip_space()) {
      if (!first) in_.eat(',');
      first = false;
      in_.skip_space();
      std::string_view inner;
      in_.string(inner);
      std::string key;
      json::append_unescaped(key, inner);
      in_.skip_space();
      in_.eat(':');
      if (!value(place(object, places, std::move(key)))) return false;
    }
    return true;
  }

  /// Where the value of a key goes. Few keys are compared one by one.
  static Input& place(Input::Object& object, std::unordered_map<std::string, std::size_t>& places, std::string key) {
    constexpr std::size_t few = 16;
    if (object.size() < few) {
      for (auto& [name, value] : object) {
        if (name == key) return value = Input{};
      }
    } else {
      for (std::size_t i = places.size(); i < object.size(); ++i) places.emplace(object[i].first, i);
      const auto found = places.find(key);
      if (found != places.end()) return object[found->second].second = Input{};
    }
    return object.emplace_back(std::move(key), Input{}).second;
  }

  static void scalar(std::string_view raw, Input& out) {
    switch (json::kind_of(raw)) {
      case json::ValueKind::string:
        out.value = json::string_value(raw);
        return;
      case json::ValueKind::boolean:
        out.value = raw == "true";
        return;
      case json::ValueKind::number:
        out.value = Input::Number{std::string(raw), raw.find_first_of(".eE") == std::string_view::npos};
        return;
      default:
        return;
    }
  }

  json::Scanner in_;
  std::size_t& values_;
};

}  // namespace

std::optional<Input> from_json(std::string_view valid_json, std::size_t& values) {
  std::optional<Input> input(std::in_place);
  if (!Reader(valid_json, values).value(*input)) input.reset();
  return input;
}

void append_json(std::string& out, const Input& input) {
  struct Visitor {
    std::string& out;
    void operator()(std::monostate) const { out += "null"; }
    void operator()(bool flag) const { out += flag ? "true" : "false"; }
    void operator()(const Input::Number& number) const { out += number.text; }
    void operator()(const std::string& text) const { json::append_string(out, text); }
    void operator()(const Input::Enum& word) const { json::append_string(out, word.name); }
    void operator()(const Input::List& list) const {
      out += '[';
      for (const Input& item : list) {
        if (&item != list.data()) out += ',';
        append_json(out, item);
      }
      out += ']';
    }
    void operator()(const Input::Object& object) const {
      out += '{';
      for (const auto& [name, value] : object) {
        if (out.back() != '{') out += ',';
        json::append_string(out, name);
        out += ':';
        append_json(out, value);
      }
      out += '}';
    }
  };
  std::visit(Visitor{out}, input.value);
}

}  // namespace ballast::graphql
