#include "batch/url_template.hpp"

#include <algorithm>
#include <utility>

#include "http/request.hpp"
#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "rest/parameters.hpp"
#include "rest/passed.hpp"

namespace ballast::batch {
namespace {

using Arguments = std::vector<std::pair<std::string, std::string>>;

/// What a query string says.
struct Said {
  Arguments arguments;
  rest::Parameters parameters;
  friend bool operator==(const Said&, const Said&) = default;
};

Result<Said> said(std::string_view url, bool arguments, const rest::Settings& settings) {
  const std::size_t mark = url.find('?');
  std::string_view query = mark == std::string_view::npos ? std::string_view() : url.substr(mark + 1);
  Said found;
  std::string filters;
  if (arguments) {
    BALLAST_TRY(rest::Passed passed, rest::passed_in_query(query, filters));
    found.arguments = std::move(passed.values);
    query = filters;
  }
  BALLAST_TRY(found.parameters, rest::parse_parameters(query, settings));
  return found;
}

/// How a value is written where it stands.
struct Where {
  bool element = false;  ///< of a list or inside `and(…)`, where commas and brackets end it
  bool pattern = false;  ///< of `like`: `*`, `%` and `_` mean something
};

/// Shows every value that is only ever bound.
template <class Visit>
class Values {
 public:
  explicit Values(Visit visit) : visit_(std::move(visit)) {}

  void of(Said& all) {
    for (auto& [name, value] : all.arguments) visit_(value, Where{});
    for (auto& filter : all.parameters.filters) of(filter.value.condition, false);
    for (auto& logic : all.parameters.logic) of(logic.value);
  }

 private:
  void of(rest::Logic& logic) {
    if (auto* filter = std::get_if<rest::Filter>(&logic.node)) return of(filter->condition, true);
    for (auto& member : std::get<rest::Logic::Group>(logic.node).members) of(member);
  }

  void of(rest::Condition& condition, bool in_tree) {
    if (auto* comparison = std::get_if<rest::Comparison>(&condition.operation)) {
      if (comparison->quantifier != query::Quantifier::one) return;
      switch (comparison->op) {
        case query::Op::eq:
        case query::Op::neq:
        case query::Op::lt:
        case query::Op::lte:
        case query::Op::gt:
        case query::Op::gte:
        case query::Op::is_distinct:
          return visit_(comparison->value, Where{in_tree, false});
        case query::Op::like:
        case query::Op::ilike:
          return visit_(comparison->value, Where{in_tree, true});
        default:
          return;  // a value with a syntax of its own
      }
    }
    if (auto* list = std::get_if<rest::InList>(&condition.operation)) {
      for (auto& value : list->values) visit_(value, Where{true, false});
    } else if (auto* match = std::get_if<rest::FullTextMatch>(&condition.operation)) {
      const bool plain = match->mode == query::FullTextMode::plain || match->mode == query::FullTextMode::phrase;
      if (plain) visit_(match->query, Where{in_tree, false});
    }
  }

  Visit visit_;
};

/// `text` with each token's value in its place. What was put in is not looked at again: it may look like a token.
std::string with_values(std::string_view text, const std::vector<std::string>& tokens,
                        const std::vector<std::string>& values) {
  std::string out;
  while (!text.empty()) {
    const auto token =
        std::find_if(tokens.begin(), tokens.end(), [text](const std::string& each) { return text.starts_with(each); });
    if (token == tokens.end()) {
      out.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    out += values[static_cast<std::size_t>(token - tokens.begin())];
    text.remove_prefix(token->size());
  }
  return out;
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

Error misplaced(const Reference& reference) {
  return make_error(400, "BLST441", "{" + reference.text + "} stands where no value can")
      .with_hint(
          "it can be what eq, neq, lt, lte, gt, gte, isdistinct, plfts and phfts compare with, a part of like and "
          "ilike, an element of in.(…), or a function's argument; a brace that starts no reference is %7B");
}

Error no_value(const Reference& reference, std::string_view what) {
  return make_error(400, "BLST441",
                    "{" + reference.text + "} is " + std::string(what) + ", which is no value in a url");
}

Result<std::string> text_of(const Reference& reference, std::string_view json) {
  switch (json::kind_of(json)) {
    case json::ValueKind::null:
      return no_value(reference, "null");
    case json::ValueKind::array:
      return no_value(reference, "an array");
    case json::ValueKind::object:
      return no_value(reference, "an object");
    case json::ValueKind::string:
      break;
    default:
      return std::string(json);
  }
  std::string text = json::string_value(json);
  if (text.find('\0') != std::string::npos) return no_value(reference, "a text with a NUL");
  return text;
}

}  // namespace

Result<UrlTemplate> UrlTemplate::parse(std::string text, Query query, const rest::Settings& settings,
                                       const std::function<bool(std::string_view)>& is_request) {
  UrlTemplate made(std::move(text));
  made.query_ = query;
  BALLAST_CHECKED(made.find_references(is_request));
  if (made.places_.empty()) return made;
  if (query == Query::opaque) return misplaced(made.places_.front().reference);
  BALLAST_CHECKED(made.find_forms(settings));
  // What would not be one value with all that means something in it is better refused before anything runs.
  const std::vector<std::string> samples(made.places_.size(), "\"),(\\%&={}");
  BALLAST_CHECKED(made.with_texts(samples, settings));
  return made;
}

Result<void> UrlTemplate::find_references(const std::function<bool(std::string_view)>& is_request) {
  std::string salt = "value";
  while (text_.find(salt) != std::string::npos) salt += 'x';
  text::Cursor at(text_);
  for (at.until('{'); !at.done(); at.until('{')) {
    const std::size_t start = at.at();
    at.skip();
    const std::string_view word = at.rest().substr(0, at.rest().find_first_of(".}"));
    const bool meant = at.peek(word.size()) == '.' && is_request(word);
    auto reference = take_reference(at);
    if (reference && at.eat('}')) {
      if (start < text_.find('?')) return misplaced(*reference);
      places_.push_back({start, at.at() - start, std::move(*reference), salt + std::to_string(places_.size()) + "z"});
      continue;
    }
    if (meant) {
      const std::string_view written = std::string_view(text_).substr(start, 200);
      const std::size_t end = written.find('}');
      return make_error(400, "BLST441",
                        "\"" + std::string(written.substr(0, end == std::string_view::npos ? end : end + 1)) +
                            "\" is no reference to an answer")
          .with_hint("expected {ID.status}, {ID.headers.NAME} or {ID.body} with a path such as {ID.body[0].name}");
    }
    at.back_to(start + 1);
  }
  return {};
}

Result<void> UrlTemplate::find_forms(const rest::Settings& settings) {
  std::vector<std::string> tokens;
  for (const auto& place : places_) tokens.push_back(place.token);
  auto parsed = said(with_words(tokens), query_ == Query::arguments, settings);
  if (!parsed) {
    Error error = std::move(parsed).error();
    std::vector<std::string> written;
    for (const auto& place : places_) written.push_back("{" + place.reference.text + "}");
    for (std::string* text : {&error.message, &error.details, &error.hint}) {
      *text = with_values(*text, tokens, written);
    }
    return error;
  }
  std::vector<bool> found(places_.size());
  const auto visit = [&](const std::string& value, Where where) {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const bool part = where.pattern && !where.element && value.find(places_[i].token) != std::string::npos;
      if (!part && value != places_[i].token) continue;
      found[i] = true;
      places_[i].form = where.element   ? where.pattern ? Form::element_pattern : Form::element
                        : where.pattern ? Form::pattern
                                        : Form::whole;
    }
  };
  Values(visit).of(*parsed);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (!found[i]) return misplaced(places_[i].reference);
  }
  return {};
}

std::vector<const Reference*> UrlTemplate::references() const {
  std::vector<const Reference*> found;
  found.reserve(places_.size());
  for (const auto& place : places_) found.push_back(&place.reference);
  return found;
}

std::string UrlTemplate::with_words(const std::vector<std::string>& words) const {
  std::string made;
  std::size_t from = 0;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    made.append(text_, from, places_[i].at - from).append(words[i]);
    from = places_[i].at + places_[i].length;
  }
  return made.append(text_, from);
}

Result<std::string> UrlTemplate::with(const std::vector<std::string_view>& values, const rest::Settings& settings,
                                      std::size_t limit) const {
  if (places_.empty()) return text_;
  std::size_t size = text_.size();
  for (const auto value : values) size += value.size();
  if (size > limit) {
    return make_error(
        414, "BLST414",
        "a url and the values it refers to are longer than " + std::to_string(limit) + " bytes (http.target_limit)");
  }
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    BALLAST_TRY(std::string text, text_of(places_[i].reference, values[i]));
    texts.push_back(std::move(text));
  }
  return with_texts(texts, settings);
}

Result<std::string> UrlTemplate::with_texts(const std::vector<std::string>& texts,
                                            const rest::Settings& settings) const {
  std::vector<std::string> bound;
  std::vector<std::string> words;
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    const bool pattern = place.form == Form::pattern || place.form == Form::element_pattern;
    if (pattern && texts[i].find('*') != std::string::npos) {
      return no_value(place.reference, "a text with a *, for which a like pattern has no other spelling");
    }
    bound.push_back(pattern ? escaped(texts[i], "\\%_") : texts[i]);
    const bool element = place.form == Form::element || place.form == Form::element_pattern;
    words.push_back(http::percent_encode(element ? "\"" + escaped(bound[i], "\"\\") + "\"" : bound[i]));
    tokens.push_back(place.token);
  }
  const bool arguments = query_ == Query::arguments;
  BALLAST_TRY(Said expected, said(with_words(tokens), arguments, settings));
  const auto visit = [&](std::string& value, Where where) {
    if (where.pattern && !where.element) {
      value = with_values(value, tokens, bound);
      return;
    }
    const auto token = std::find(tokens.begin(), tokens.end(), value);
    if (token != tokens.end()) value = bound[static_cast<std::size_t>(token - tokens.begin())];
  };
  Values(visit).of(expected);
  std::string made = with_words(words);
  auto real = said(made, arguments, settings);
  if (!real || !(*real == expected)) return misplaced(places_.front().reference);
  return made;
}

}  // namespace ballast::batch
