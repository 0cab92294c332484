#include "rest/order.hpp"

#include "rest/failure.hpp"
#include "rest/names.hpp"

namespace ballast::rest {
namespace {

class OrderParser {
 public:
  OrderParser(std::string_view text, const Settings& settings) : text_(text), at_(text), settings_(settings) {}

  Result<std::vector<Ordering>> run() {
    std::vector<Ordering> terms;
    do {
      if (terms.size() == settings_.order_terms)
        return too_much("terms in order", settings_.order_terms, "rest.order_terms");
      BALLAST_TRY(Ordering next, term());
      terms.push_back(std::move(next));
      skip_blanks(at_);
    } while (at_.eat(','));
    if (!at_.done()) return fail("\",\" or end of input");
    return terms;
  }

 private:
  Error fail(std::string_view expecting) const { return parse_failure("order", text_, at_.at(), expecting); }

  Result<Ordering> term() {
    Ordering found;
    auto name = field_name(at_);
    if (!name) return fail(field_name_label);
    if (at_.eat('(')) {
      found.embed = std::move(*name);
      name = field_name(at_);
      if (!name) return fail(field_name_label);
    }
    found.field.name = std::move(*name);
    if (!json_path(at_, found.field.path)) return fail("json path key");
    if (!found.embed.empty() && !at_.eat(')')) return fail("\")\"");
    if (!at_.eat('.')) return found;
    if (at_.eat("asc"))
      found.direction = query::Direction::ascending;
    else if (at_.eat("desc"))
      found.direction = query::Direction::descending;
    else
      return nulls(std::move(found), "\"asc\", \"desc\", \"nullsfirst\" or \"nullslast\"");
    if (!at_.eat('.')) return found;
    return nulls(std::move(found), "\"nullsfirst\" or \"nullslast\"");
  }

  Result<Ordering> nulls(Ordering found, std::string_view expecting) {
    if (at_.eat("nullsfirst"))
      found.nulls = query::Nulls::first;
    else if (at_.eat("nullslast"))
      found.nulls = query::Nulls::last;
    else
      return fail(expecting);
    return found;
  }

  std::string_view text_;
  text::Cursor at_;
  const Settings& settings_;
};

}  // namespace

Result<std::vector<Ordering>> parse_order(std::string_view text, const Settings& settings) {
  return OrderParser(text, settings).run();
}

}  // namespace ballast::rest
