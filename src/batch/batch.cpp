#include "batch/batch.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <initializer_list>

#include "batch/is_json.hpp"
#include "http/iequals.hpp"
#include "json/reader.hpp"
#include "json/scanner.hpp"

namespace ballast::batch {
namespace {

/// Levels of nesting around a request's body.
constexpr int levels_around = 3;

constexpr std::array<std::string_view, 9> allowed_headers = {"Accept",       "Accept-Profile", "Content-Profile",
                                                             "Content-Type", "If-Match",       "If-None-Match",
                                                             "Prefer",       "Range",          "Range-Unit"};

Error malformed(std::string message) { return make_error(400, "BLST440", std::move(message)); }

Result<void> only(const json::Members& members, std::initializer_list<std::string_view> known) {
  for (const auto& member : members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    std::string names;
    for (const auto name : known) names.append(names.empty() ? "" : ", ").append(name);
    return malformed("\"" + member.key.substr(0, 100) + "\" means nothing here").with_hint("expected " + names);
  }
  return {};
}

Result<std::string> text_member(const json::Members& members, std::string_view key) {
  const std::string_view raw = json::find(members, key);
  if (raw.empty() || json::kind_of(raw) != json::ValueKind::string) {
    return malformed("expected \"" + std::string(key) + "\" to be a text");
  }
  return json::string_value(raw);
}

Result<bool> flag_member(const json::Members& members, std::string_view key, bool otherwise) {
  const std::string_view raw = json::find(members, key);
  if (raw.empty()) return otherwise;
  if (json::kind_of(raw) != json::ValueKind::boolean) {
    return malformed("expected \"" + std::string(key) + "\" to be true or false");
  }
  return raw == "true";
}

/// One of some words; `otherwise` when it is not there.
template <class T>
Result<T> word_member(const json::Members& members, std::string_view key, T otherwise,
                      std::initializer_list<std::pair<std::string_view, T>> words) {
  if (json::find(members, key).empty()) return otherwise;
  BALLAST_TRY(const std::string text, text_member(members, key));
  std::string names;
  for (const auto& [word, value] : words) {
    if (text == word) return value;
    names.append(names.empty() ? "\"" : ", \"").append(word).append("\"");
  }
  return malformed("expected \"" + std::string(key) + "\" to be one of " + names);
}

Result<http::Method> method_named(const std::string& name) {
  for (const auto method : {http::Method::get, http::Method::head, http::Method::post, http::Method::put,
                            http::Method::patch, http::Method::del}) {
    if (name == http::to_string(method)) return method;
  }
  return malformed("expected \"method\" to be one of GET, HEAD, POST, PUT, PATCH, DELETE");
}

bool reads(http::Method method) { return method == http::Method::get || method == http::Method::head; }

class Parser {
 public:
  Parser(const Settings& settings, const Surroundings& around) : settings_(settings), around_(around) {}

  std::variant<Batch, Failure> run(std::string_view body) {
    if (auto done = envelope(body); !done) {
      Failure failure{std::move(done).error(), at_, {}, {}};
      if (at_ && *at_ < batch_.entries.size()) failure.request = batch_.entries[*at_].id;
      return failure;
    }
    return std::move(batch_);
  }

 private:
  Result<void> envelope(std::string_view body) {
    if (body.size() > settings_.body_limit) {
      return make_error(413, "BLST413",
                        "a batch has " + std::to_string(settings_.body_limit) + " bytes at most (batch.body_limit)");
    }
    BALLAST_TRY(const json::Document document, json::parse(body, {.depth = around_.rest.json_depth + levels_around}));
    if (document.kind != json::ValueKind::object) return malformed("expected an object with the member \"requests\"");
    const json::Members members = json::members(document.raw);
    BALLAST_CHECKED(only(members, {"requests", "atomic", "isolation"}));
    BALLAST_TRY(batch_.atomic, flag_member(members, "atomic", true));
    using storage::Isolation;
    BALLAST_TRY(batch_.isolation, word_member(members, "isolation", Isolation::standard,
                                              {{"read committed", Isolation::read_committed},
                                               {"repeatable read", Isolation::repeatable_read},
                                               {"serializable", Isolation::serializable}}));
    if (!batch_.atomic && batch_.isolation != Isolation::standard) {
      return malformed("\"isolation\" is about a transaction, and there is none with \"atomic\": false");
    }
    const std::string_view requests = json::find(members, "requests");
    if (requests.empty() || json::kind_of(requests) != json::ValueKind::array) {
      return malformed("expected \"requests\" to be an array of requests");
    }
    BALLAST_TRY(const auto objects, identified(requests));
    for (std::size_t i = 0; i < objects.size(); ++i) {
      at_ = i;
      BALLAST_CHECKED(entry(batch_.entries[i], objects[i]));
    }
    return {};
  }

  /// All ids come first: a reference to a later request is told from one to nobody.
  Result<std::vector<json::Members>> identified(std::string_view requests) {
    std::vector<json::Members> objects;
    BALLAST_CHECKED(json::each_element(requests, [&](std::string_view raw) -> Result<void> {
      at_ = objects.size();
      if (objects.size() == settings_.max_requests) {
        return make_error(
            413, "BLST440",
            "a batch has " + std::to_string(settings_.max_requests) + " requests at most (batch.max_requests)");
      }
      if (json::kind_of(raw) != json::ValueKind::object) return malformed("expected a request to be an object");
      json::Members members = json::members(raw);
      BALLAST_TRY(const std::string id, text_member(members, "id"));
      if (!is_request_id(id)) { return malformed("expected \"id\" to be 1 to 64 letters, digits, - and _"); }
      if (known(id)) return malformed("the id \"" + id + "\" is there twice");
      batch_.entries.emplace_back().id = id;
      objects.push_back(std::move(members));
      return {};
    }));
    at_.reset();
    if (objects.empty()) return malformed("expected at least one request in \"requests\"");
    return objects;
  }

  Result<void> entry(Entry& entry, const json::Members& members) {
    BALLAST_CHECKED(
        only(members, {"id", "method", "url", "headers", "body", "expect", "lock", "wait", "references", "dependsOn"}));
    BALLAST_TRY(const std::string method, text_member(members, "method"));
    BALLAST_TRY(entry.method, method_named(method));
    BALLAST_TRY(const bool refers, flag_member(members, "references", true));
    BALLAST_CHECKED(headers(entry, json::find(members, "headers")));
    BALLAST_CHECKED(url(entry, members, refers));
    BALLAST_CHECKED(body(entry, json::find(members, "body"), refers));
    BALLAST_CHECKED(dependencies(entry, json::find(members, "dependsOn")));
    BALLAST_CHECKED(expectation(entry, json::find(members, "expect")));
    return lock(entry, members);
  }

  Result<void> headers(Entry& entry, std::string_view raw) const {
    if (raw.empty()) return {};
    if (json::kind_of(raw) != json::ValueKind::object) return malformed("expected \"headers\" to be an object");
    for (const auto& [name, value] : json::members(raw)) {
      const auto same = [&name = name](std::string_view known) { return http::iequals(known, name); };
      const auto known = std::find_if(allowed_headers.begin(), allowed_headers.end(), same);
      if (known == allowed_headers.end()) {
        std::string names;
        for (const auto allowed : allowed_headers) names.append(names.empty() ? "" : ", ").append(allowed);
        return malformed("a request of a batch has no header \"" + name.substr(0, 100) + "\" of its own")
            .with_hint("expected " + names + "; the batch's caller is the caller of all");
      }
      if (json::kind_of(value) != json::ValueKind::string) {
        return malformed("expected the header \"" + name + "\" to be a text");
      }
      std::string text = json::string_value(value);
      const bool plain =
          std::all_of(text.begin(), text.end(), [](unsigned char c) { return (c >= 0x20 || c == '\t') && c != 0x7F; });
      // A setting of the whole transaction, by which the others would read and write moments as well.
      if (*known == "Prefer" && text.find("timezone=") != std::string::npos) {
        return malformed("a request of a batch has no time zone of its own");
      }
      if (!plain) return malformed("expected the header \"" + name + "\" to hold no control characters");
      entry.headers.emplace_back(*known, std::move(text));
    }
    return {};
  }

  Result<void> url(Entry& entry, const json::Members& members, bool refers) {
    BALLAST_TRY(std::string text, text_member(members, "url"));
    BALLAST_CHECKED(check_url(text));
    if (text.size() > around_.url_limit) {
      return make_error(414, "BLST414",
                        "a url is longer than " + std::to_string(around_.url_limit) + " bytes (http.target_limit)");
    }
    BALLAST_TRY(entry.target, target_of(std::string_view(text).substr(0, text.find('?')), around_.places));
    if (entry.target == Target::lease && entry.method != http::Method::get) {
      return malformed("a lease is checked within a batch, by GET with its token")
          .with_hint("for example /locks/v1/seat-12A?token=42");
    }
    if (!refers) {
      entry.url = UrlTemplate(std::move(text));
      return {};
    }
    UrlTemplate::Query query = UrlTemplate::Query::filters;
    if (entry.target == Target::graphql || entry.target == Target::description) query = UrlTemplate::Query::opaque;
    if (entry.target == Target::lease) query = UrlTemplate::Query::arguments;
    if (entry.target == Target::function && reads(entry.method)) query = UrlTemplate::Query::arguments;
    const auto is_request = [this](std::string_view id) { return known(id); };
    BALLAST_TRY(entry.url, UrlTemplate::parse(std::move(text), query, around_.rest, is_request));
    return need(entry, entry.url.references());
  }

  Result<void> body(Entry& entry, std::string_view raw, bool refers) {
    if (raw.empty()) return {};
    if (reads(entry.method)) return malformed("a GET or HEAD has no \"body\"");
    std::string_view type = "application/json";
    for (const auto& [name, value] : entry.headers) {
      if (name == "Content-Type") type = value;
    }
    if (std::none_of(entry.headers.begin(), entry.headers.end(),
                     [](const auto& field) { return field.first == "Content-Type"; })) {
      entry.content_type = "application/json";
    }
    if (!is_json(type)) {
      if (json::kind_of(raw) != json::ValueKind::string) {
        return malformed("expected \"body\" to be a text, since the Content-Type is none of JSON's");
      }
      entry.body = BodyTemplate(json::string_value(raw));
      return {};
    }
    if (!refers) {
      entry.body = BodyTemplate(std::string(raw));
      return {};
    }
    BALLAST_TRY(entry.body, BodyTemplate::parse(raw));
    return need(entry, entry.body.references());
  }

  Result<void> need(Entry& entry, const std::vector<const Reference*>& references) {
    for (const Reference* reference : references) {
      BALLAST_TRY(const std::size_t index, earlier(reference->request, "{" + reference->text + "}"));
      entry.needs.push_back(index);
    }
    return {};
  }

  Result<std::size_t> earlier(const std::string& id, const std::string& what) const {
    if (!known(id)) return make_error(400, "BLST441", what + " is about a request \"" + id + "\", which is not there");
    const std::size_t index = batch_.index_of(id);
    if (index < *at_) return index;
    return make_error(400, "BLST441", what + " is about a request that comes no earlier")
        .with_hint("requests are answered in their order");
  }

  Result<void> dependencies(Entry& entry, std::string_view raw) {
    if (raw.empty()) return {};
    if (json::kind_of(raw) != json::ValueKind::array) return malformed("expected \"dependsOn\" to be an array of ids");
    return json::each_element(raw, [&](std::string_view element) -> Result<void> {
      if (json::kind_of(element) != json::ValueKind::string) return malformed("expected an id in \"dependsOn\"");
      const std::string id = json::string_value(element);
      BALLAST_TRY(const std::size_t index, earlier(id, "\"dependsOn\""));
      entry.needs.push_back(index);
      return {};
    });
  }

  static Result<void> expectation(Entry& entry, std::string_view raw) {
    if (raw.empty()) return {};
    if (json::kind_of(raw) != json::ValueKind::object) return malformed("expected \"expect\" to be an object");
    const json::Members members = json::members(raw);
    BALLAST_CHECKED(only(members, {"affected"}));
    const std::string_view number = json::find(members, "affected");
    std::int64_t affected = 0;
    const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), affected);
    if (number.empty() || failed != std::errc() || end != number.data() + number.size() || affected < 0) {
      return malformed("expected \"affected\" to be a number of rows");
    }
    if (entry.target != Target::table || reads(entry.method)) {
      return malformed("\"expect\" is for writes to tables")
          .with_hint("a GraphQL mutation has atMost; of what a function does its answer tells");
    }
    entry.affected = affected;
    return {};
  }

  Result<void> lock(Entry& entry, const json::Members& members) const {
    using Lock = query::Lock;
    BALLAST_TRY(
        const auto wait,
        word_member(members, "wait", Lock::Wait::block,
                    {{"block", Lock::Wait::block}, {"nowait", Lock::Wait::nowait}, {"skip", Lock::Wait::skip}}));
    if (json::find(members, "lock").empty()) {
      if (json::find(members, "wait").empty()) return {};
      return malformed("\"wait\" is about a \"lock\", which is not there");
    }
    BALLAST_TRY(const auto strength,
                word_member(members, "lock", Lock::Strength::update,
                            {{"update", Lock::Strength::update}, {"share", Lock::Strength::share}}));
    if (entry.target != Target::table || entry.method != http::Method::get) {
      return malformed("\"lock\" is for a GET of a table");
    }
    if (!batch_.atomic) return malformed("a \"lock\" lasts as long as its transaction, and there is none");
    entry.lock = Lock{strength, wait};
    return {};
  }

  bool known(std::string_view id) const {
    return std::any_of(batch_.entries.begin(), batch_.entries.end(), [id](const Entry& e) { return e.id == id; });
  }

  const Settings& settings_;
  const Surroundings& around_;
  Batch batch_;
  std::optional<std::size_t> at_;
};

}  // namespace

std::size_t Batch::index_of(std::string_view id) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [id](const Entry& entry) { return entry.id == id; });
  return static_cast<std::size_t>(found - entries.begin());
}

std::variant<Batch, Failure> parse_batch(std::string_view body, const Settings& settings, const Surroundings& around) {
  return Parser(settings, around).run(body);
}

}  // namespace ballast::batch
