#include "rest/select.hpp"

#include <array>
#include <utility>

#include "rest/failure.hpp"
#include "rest/names.hpp"
#include "text/cursor.hpp"

namespace ballast::rest {
namespace {

constexpr std::array<std::pair<std::string_view, query::Aggregate>, 5> aggregates = {{
    {"sum", query::Aggregate::sum},
    {"avg", query::Aggregate::avg},
    {"min", query::Aggregate::min},
    {"max", query::Aggregate::max},
    {"count", query::Aggregate::count},
}};

class SelectParser {
 public:
  SelectParser(std::string_view text, const Settings& settings) : text_(text), at_(text), settings_(settings) {}

  Result<Select> run() {
    skip_blanks(at_);
    if (at_.done()) return Select{SelectItem{SelectStar{}}};
    BALLAST_TRY(Select items, list(1));
    // PostgREST reads no further than it understands, and so takes a parenthesis too many.
    if (!at_.done() && at_.peek() != ')') return fail("\",\" or end of input");
    return items;
  }

 private:
  Error fail(std::string_view expecting) const { return parse_failure("select parameter", text_, at_.at(), expecting); }

  Result<Select> list(int depth) {
    if (depth > settings_.select_depth) {
      return make_error(400, "PGRST100",
                        "select is nested too deeply: at most " + std::to_string(settings_.select_depth) +
                            " levels are allowed")
          .with_hint("embed fewer levels, or raise rest.select_depth");
    }
    Select items;
    do {
      if (++count_ > settings_.select_items)
        return too_much("items in select", settings_.select_items, "rest.select_items");
      BALLAST_TRY(SelectItem next, item(depth));
      items.push_back(std::move(next));
      skip_blanks(at_);
    } while (at_.eat(','));
    return items;
  }

  Result<SelectItem> item(int depth) {
    skip_blanks(at_);
    if (at_.eat('*')) return SelectItem{SelectStar{}};
    if (at_.eat("...")) {
      auto target = field_name(at_);
      if (!target) return fail(field_name_label);
      return embed({}, std::move(*target), true, depth);
    }
    auto name = field_name(at_);
    if (!name) return fail(field_name_label);
    std::string alias;
    if (at_.peek() == ':' && at_.peek(1) != ':') {
      at_.skip();
      alias = std::move(*name);
      name = field_name(at_);
      if (!name) return fail(field_name_label);
    }
    if (*name == "count" && counts()) return count(std::move(alias));
    if (at_.peek() == '(' || at_.peek() == '!') return embed(std::move(alias), std::move(*name), false, depth);
    return column(std::move(alias), std::move(*name));
  }

  /// Takes `()`.
  bool counts() {
    const std::size_t start = at_.at();
    if (!at_.eat('(')) return false;
    skip_blanks(at_);
    if (at_.eat(')')) return true;
    at_.back_to(start);
    return false;
  }

  Result<SelectItem> count(std::string alias) {
    SelectField found;
    found.alias = std::move(alias);
    found.aggregate = query::Aggregate::count;
    BALLAST_CHECKED(cast(found.aggregate_cast));
    return SelectItem{std::move(found)};
  }

  Result<SelectItem> column(std::string alias, std::string name) {
    SelectField found;
    found.alias = std::move(alias);
    found.field.name = std::move(name);
    if (!json_path(at_, found.field.path)) return fail("json path key");
    BALLAST_CHECKED(cast(found.cast));
    if (at_.eat('.')) {
      for (const auto& [word, aggregate] : aggregates) {
        const std::size_t start = at_.at();
        if (at_.eat(word) && counts()) {
          found.aggregate = aggregate;
          break;
        }
        at_.back_to(start);
      }
      if (!found.aggregate) return fail("aggregate function (sum, avg, min, max or count, followed by \"()\")");
      BALLAST_CHECKED(cast(found.aggregate_cast));
    }
    skip_blanks(at_);
    if (!at_.done() && at_.peek() != ',' && at_.peek() != ')') {
      return fail("letter, digit, \"-\", \"->>\", \"->\", \"::\", \".\", \",\" or end of input");
    }
    return SelectItem{std::move(found)};
  }

  Result<void> cast(std::string& type) {
    if (!at_.eat("::")) return {};
    const std::size_t start = at_.at();
    auto name = field_name(at_);
    if (!name) return fail("type name");
    type = std::move(*name);
    // numeric(10,2), int[]: part of the type's name.
    if (at_.peek() == '(' && text::is(at_.peek(1), text::digit)) {
      const std::string_view inside = at_.until(')');
      if (!at_.eat(')') || inside.find_first_not_of("(0123456789, ") != std::string_view::npos) {
        at_.back_to(start);
        return fail("type name");
      }
      type.append(inside).push_back(')');
    }
    if (at_.eat("[]")) type.append("[]");
    return {};
  }

  Result<SelectItem> embed(std::string alias, std::string target, bool spread, int depth) {
    SelectEmbed found;
    found.alias = std::move(alias);
    found.target = std::move(target);
    found.spread = spread;
    while (at_.eat('!')) {
      auto word = field_name(at_);
      if (!word) return fail("\"inner\", \"left\" or a hint");
      if (*word == "inner")
        found.join = query::Join::inner;
      else if (*word == "left")
        found.join = query::Join::left;
      else
        found.hint = std::move(*word);
    }
    if (!at_.eat('(')) return fail("\"(\"");
    skip_blanks(at_);
    if (at_.eat(')')) return SelectItem{std::move(found)};
    BALLAST_TRY(found.items, list(depth + 1));
    if (!at_.eat(')')) return fail("\",\" or \")\"");
    return SelectItem{std::move(found)};
  }

  std::string_view text_;
  text::Cursor at_;
  const Settings& settings_;
  std::size_t count_ = 0;
};

}  // namespace

Result<Select> parse_select(std::string_view text, const Settings& settings) {
  return SelectParser(text, settings).run();
}

}  // namespace ballast::rest
