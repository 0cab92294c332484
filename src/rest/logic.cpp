#include "rest/logic.hpp"

#include "rest/condition.hpp"
#include "rest/failure.hpp"
#include "rest/names.hpp"

namespace ballast::rest {
namespace {

class LogicParser {
 public:
  LogicParser(std::string_view operation, std::string_view text, const Settings& settings)
      : operation_(operation), tree_{text, operation}, at_(text), settings_(settings) {}

  Result<Logic> run() {
    Logic::Group root;
    root.negated = operation_.starts_with("not.");
    root.any = operation_.ends_with("or");
    BALLAST_CHECKED(members(root, 1));
    skip_blanks(at_);
    if (!at_.done()) return fail("end of input");
    return Logic{std::move(root)};
  }

 private:
  Error fail(std::string_view expecting) const {
    return parse_failure("logic tree", tree_.text, at_.at(), expecting, tree_.prefix);
  }

  Result<void> members(Logic::Group& group, int depth) {
    if (depth > settings_.logic_depth) {
      return make_error(
          400, "PGRST100",
          "and/or is nested too deeply: at most " + std::to_string(settings_.logic_depth) + " levels are allowed");
    }
    skip_blanks(at_);
    if (!at_.eat('(')) return fail("\"(\"");
    do {
      if (++count_ > settings_.filters) return too_much("filters", settings_.filters, "rest.filters");
      skip_blanks(at_);
      Logic next;
      BALLAST_CHECKED(member(next, depth));
      group.members.push_back(std::move(next));
      skip_blanks(at_);
    } while (at_.eat(','));
    if (!at_.eat(')')) return fail("\",\" or \")\"");
    return {};
  }

  /// Takes `[not.](and|or)` when a tree follows, or what looks like one.
  bool opens_group(Logic::Group& group) {
    const std::size_t start = at_.at();
    group.negated = at_.eat("not.");
    if (at_.eat("and"))
      group.any = false;
    else if (at_.eat("or"))
      group.any = true;
    else {
      at_.back_to(start);
      return false;
    }
    const std::size_t behind = at_.at();
    skip_blanks(at_);
    if (at_.peek() == '(') return true;
    at_.back_to(start);
    // A column may start with the letters of an operator: "order.eq.1".
    if (const auto filter = field(at_); filter && at_.peek() == '.') {
      at_.back_to(start);
      return false;
    }
    at_.back_to(behind);
    return true;
  }

  Result<void> member(Logic& into, int depth) {
    Logic::Group group;
    if (opens_group(group)) {
      BALLAST_CHECKED(members(group, depth + 1));
      into.node = std::move(group);
      return {};
    }
    const std::size_t start = at_.at();
    auto name = field(at_);
    if (!name) {
      if (at_.at() == start) {
        return fail("field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)");
      }
      return fail(field_name_label);
    }
    if (!at_.eat('.')) return fail("delimiter (.)");
    BALLAST_TRY(Condition condition, condition_in_tree(at_, tree_, settings_));
    into.node = Filter{std::move(*name), std::move(condition)};
    return {};
  }

  std::string_view operation_;
  TreeText tree_;
  text::Cursor at_;
  const Settings& settings_;
  std::size_t count_ = 0;
};

}  // namespace

Result<Logic> parse_logic(std::string_view operation, std::string_view text, const Settings& settings) {
  return LogicParser(operation, text, settings).run();
}

}  // namespace ballast::rest
