#include <algorithm>
#include <array>
#include <set>

#include "graphql/inflection.hpp"
#include "graphql/reflector.hpp"

namespace ballast::graphql {
namespace {

using catalog::Function;

/// Of collections; a function's own arguments stand beside them.
constexpr std::array<std::string_view, 7> collection_arguments{"first",  "last",   "before", "after",
                                                               "offset", "filter", "orderBy"};

/// What pg_graphql leaves out whatever the arguments are ("Functions", "Limitations").
bool supported(const Function& function, const Reflector& reflector) {
  return !function.procedure && !function.returns_void && function.of_relation.empty() &&
         reflector.exposed(function.schema) && (reflector.access().on(function) & catalog::right_execute) != 0;
}

bool overloaded(const Function& function, const catalog::Snapshot& snapshot) {
  return std::ranges::count_if(snapshot.functions(function.schema, function.name),
                               [](const Function* overload) { return overload->of_relation.empty(); }) > 1;
}

/// Enums are not supported, neither alone nor in arrays.
std::optional<ReflectedType> scalar(const catalog::Type& type, bool resolve_base_type) {
  const auto mapped = map_type(type, resolve_base_type);
  if (!mapped || mapped->enumeration != nullptr) return std::nullopt;
  return ReflectedType{.scalar = mapped->scalar, .enumeration = nullptr, .list = mapped->list};
}

class Functions {
 public:
  explicit Functions(Reflector& reflector) : reflector_(reflector) {}

  void reflect() {
    for (const auto& function : reflector_.snapshot().functions()) {
      if (!supported(function, reflector_) || overloaded(function, reflector_.snapshot())) continue;
      const CommentDirective& schema = reflector_.schema(function.schema);
      inflect_ = schema.inflect_names.value_or(false);
      resolve_base_type_ = schema.resolve_base_type.value_or(false);
      ReflectedFunction made{.function = &function};
      if (returns(made) && takes(made)) add(std::move(made));
    }
  }

 private:
  bool returns(ReflectedFunction& made) {
    const Function& function = *made.function;
    if (!function.returns_relation.empty()) {
      ReflectedRelation* const rows = reflector_.relation(function.returns_schema, function.returns_relation);
      made.rows = rows;
      made.collection = function.returns_set && !function.single_row;
      return rows != nullptr && (made.collection ? rows->keyed() : rows->readable());
    }
    if (function.returns_set || function.returns_rows()) return false;
    const auto type = scalar(function.returns, resolve_base_type_);
    if (type) made.value = *type;
    return type.has_value();
  }

  bool takes(ReflectedFunction& made) {
    std::set<std::string> names;
    if (made.collection) names.insert(collection_arguments.begin(), collection_arguments.end());
    for (const auto& argument : made.function->arguments) {
      if (argument.variadic || argument.name.empty()) return false;
      ReflectedArgument reflected{.argument = &argument};
      reflected.name = field_name(argument.name, inflect_);
      reflected.position = static_cast<int>(made.arguments.size());
      const auto type = scalar(argument.type, resolve_base_type_);
      if (!type || !is_valid_name(reflected.name) || !names.insert(reflected.name).second) return false;
      reflected.type = *type;
      made.arguments.push_back(std::move(reflected));
    }
    return true;
  }

  void add(ReflectedFunction made) {
    const Function& function = *made.function;
    const CommentDirective read = reflector_.directive(reflector_.settings().functions, "function", function.schema,
                                                       function.name, function.comment);
    made.name = read.name.empty() ? function_field_name(function.name, inflect_) : read.name;
    made.description = read.description;
    if (!is_valid_name(made.name) || !names_.insert(made.name).second) {
      reflector_.warn("function " + function.schema + "." + function.name + " is left out: \"" + made.name +
                      "\" is no name that its field can have");
      return;
    }
    if (made.rows != nullptr) {
      reflector_.show(*reflector_.relation(function.returns_schema, function.returns_relation));
    }
    reflector_.result().functions.push_back(std::move(made));
  }

  Reflector& reflector_;
  std::set<std::string> names_;
  bool inflect_ = false;
  bool resolve_base_type_ = false;
};

}  // namespace

void reflect_functions(Reflector& reflector) { Functions(reflector).reflect(); }

}  // namespace ballast::graphql
