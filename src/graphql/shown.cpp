#include "graphql/shown.hpp"

#include <variant>

#include "json/writer.hpp"

namespace ballast::graphql {
namespace {

constexpr std::size_t max_name = 128;
constexpr std::size_t max_value = 256;
constexpr std::string_view more = "…";

/// Never cuts a character in two.
std::string_view head(std::string_view text, std::size_t length) {
  if (text.size() <= length) return text;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  return text.substr(0, length);
}

/// Collects text until there is enough of it; what comes later is left out.
class Excerpt {
 public:
  std::string take() { return std::move(out_); }

  void put(std::string_view text) {
    if (closed_) return;
    if (out_.size() + text.size() <= max_value) {
      out_ += text;
      return;
    }
    out_ += head(text, max_value - out_.size());
    out_ += more;
    closed_ = true;
  }
  void string(std::string_view text) {
    std::string quoted;
    json::append_string(quoted, head(text, max_value));
    put(quoted);
  }
  template <class Items, class Put>
  void join(const Items& items, Put put_item) {
    bool first = true;
    for (const auto& item : items) {
      if (closed_) return;
      if (!first) put(", ");
      first = false;
      put_item(item);
    }
  }

 private:
  std::string out_;
  bool closed_ = false;
};

struct LiteralShower {
  Excerpt& out;
  void show(const Value& value) const { std::visit(*this, value.node); }
  void operator()(const NullValue&) const { out.put("null"); }
  void operator()(const VariableValue& variable) const {
    out.put("$");
    out.put(variable.name);
  }
  void operator()(const IntValue& number) const { out.put(number.text); }
  void operator()(const FloatValue& number) const { out.put(number.text); }
  void operator()(const StringValue& string) const { out.string(string.text); }
  void operator()(const BooleanValue& boolean) const { out.put(boolean.value ? "true" : "false"); }
  void operator()(const EnumValue& member) const { out.put(member.name); }
  void operator()(const ListValue& list) const {
    out.put("[");
    out.join(list.items, [&](const Value& item) { show(item); });
    out.put("]");
  }
  void operator()(const ObjectValue& object) const {
    out.put("{");
    out.join(object.fields, [&](const ObjectField& field) {
      out.put(field.name);
      out.put(": ");
      show(field.value);
    });
    out.put("}");
  }
};

struct InputShower {
  Excerpt& out;
  void show(const Input& value) const { std::visit(*this, value.value); }
  void operator()(std::monostate) const { out.put("null"); }
  void operator()(bool boolean) const { out.put(boolean ? "true" : "false"); }
  void operator()(const Input::Number& number) const { out.put(number.text); }
  void operator()(const std::string& text) const { out.string(text); }
  void operator()(const Input::Enum& member) const { out.string(member.name); }
  void operator()(const Input::List& list) const {
    out.put("[");
    out.join(list, [&](const Input& item) { show(item); });
    out.put("]");
  }
  void operator()(const Input::Object& object) const {
    if (object.empty()) return out.put("{}");
    out.put("{ ");
    out.join(object, [&](const auto& member) {
      out.put(member.first);
      out.put(": ");
      show(member.second);
    });
    out.put(" }");
  }
};

}  // namespace

std::string shown(std::string_view name) {
  std::string out(head(name, max_name));
  if (out.size() < name.size()) out += more;
  return out;
}

std::string shown(const Value& value) {
  Excerpt out;
  LiteralShower{out}.show(value);
  return out.take();
}

std::string shown(const Input& value) {
  Excerpt out;
  InputShower{out}.show(value);
  return out.take();
}

std::string quoted(std::string_view name) { return '"' + shown(name) + '"'; }

}  // namespace ballast::graphql
