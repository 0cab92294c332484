#include <cctype>

#include "config/durations.hpp"
#include "config/setting.hpp"

namespace ballast::config {
namespace {

void observing(Registry& r) {
  using middleware::AccessLog;
  r.choice<AccessLog& (*)(Settings&), AccessLog>(
      "log.requests", [](Settings& s) -> AccessLog& { return s.middleware.observe.access_log; },
      {{"off", AccessLog::off}, {"failures", AccessLog::failures}, {"all", AccessLog::all}},
      {.doc = "Which requests get a line in the log: `all`, `failures` (status 400 and above), or none.",
       .example = "failures",
       .reload = Reload::live});
  r.add("trace.header", [](Settings & s) -> auto& { return s.middleware.observe.id_header; },
        {.doc = "The field that holds a request's id: taken from the request when it is there, else made up, and "
                "repeated in the answer and the log.",
         .example = "X-Correlation-Id",
         .reload = Reload::live});
  r.add(
      "trace.context", [](Settings & s) -> auto& { return s.middleware.observe.trace_context; },
      {.doc = "Continues, or begins, a W3C trace (`traceparent`), so that log lines can be joined with those of other "
              "services.",
       .example = "false",
       .reload = Reload::live});
  r.add(
      "deadline.client_header", [](Settings & s) -> auto& { return s.middleware.deadline.client_header; },
      {.doc = "Clients may shorten the deadline of their request with `X-Request-Timeout: SECONDS`; never lengthen it.",
       .example = "false",
       .reload = Reload::live});
}

void cors(Registry& r) {
  r.add(
      "cors.allowed_origins", [](Settings & s) -> auto& { return s.middleware.cors.allowed_origins; },
      {.doc =
           "The web origins whose pages may call the API from a browser: exact ones, `https://*.example.com` for every "
           "subdomain, `http://localhost:*` for every port, or `*` alone. Empty: browsers on other origins get "
           "nothing.",
       .example = "https://app.example.com",
       .reload = Reload::live});
  r.add("cors.allow_credentials", [](Settings & s) -> auto& { return s.middleware.cors.allow_credentials; },
        {.doc = "Lets browsers send cookies and client certificates along. Never together with the origin `*`.",
         .example = "true",
         .reload = Reload::live});
  r.add("cors.max_age", [](Settings & s) -> auto& { return s.middleware.cors.max_age; },
        {.doc = "How long browsers may keep the answer to a preflight request; they cap it at 2 to 24 hours.",
         .example = "10m",
         .reload = Reload::live,
         .minimum = 0,
         .maximum = 30 * day});
  r.add("cors.expose_headers", [](Settings & s) -> auto& { return s.middleware.cors.expose_headers; },
        {.doc = "The response fields that scripts may read besides the ones every script may.",
         .example = "Content-Range,X-Request-Id",
         .reload = Reload::live});
}

void compression(Registry& r) {
  r.add("compression.enabled", [](Settings & s) -> auto& { return s.middleware.compression.enabled; },
        {.doc = "Compresses answers with zstd or gzip for clients that accept it. Off where a proxy does so.",
         .example = "false",
         .reload = Reload::live});
  r.size("compression.min_size", [](Settings & s) -> auto& { return s.middleware.compression.min_size; },
         {.doc = "Smaller answers are sent as they are: they fit one packet anyway.",
          .example = "4KiB",
          .reload = Reload::live,
          .minimum = 0});
  r.add("compression.zstd_level", [](Settings & s) -> auto& { return s.middleware.compression.zstd_level; },
        {.doc = "zstd's level: higher takes longer for a little less.",
         .example = "1",
         .reload = Reload::live,
         .minimum = 1,
         .maximum = 19});
  r.add("compression.gzip_level", [](Settings & s) -> auto& { return s.middleware.compression.gzip_level; },
        {.doc = "gzip's level: 6 takes twice as long as 1 for a few percent.",
         .example = "6",
         .reload = Reload::live,
         .minimum = 1,
         .maximum = 9});
  r.size("compression.stream_above", [](Settings & s) -> auto& { return s.middleware.compression.stream_above; },
         {.doc = "Larger answers are compressed piece by piece while they are sent, so that no event loop stalls.",
          .example = "1MiB",
          .reload = Reload::live,
          .minimum = 1 << 10});
  r.add(
      "compression.max_streams", [](Settings & s) -> auto& { return s.middleware.compression.max_streams; },
      {.doc =
           "How many large answers may be compressed at one time, each with up to 1 MiB of state; further ones are sent "
           "as they are.",
       .example = "256",
       .reload = Reload::live,
       .minimum = 0,
       .maximum = 100'000});
}

void rate_limit(Registry& r) {
  r.add(
      "rate_limit.requests", [](Settings & s) -> auto& { return s.middleware.rate_limit.requests; },
      {.doc =
           "How many requests one caller (API key, user, or else address) may send per `rate_limit.window`; 429 beyond. "
           "All of them may come at once; they are given back evenly over the window. 0: no limit.",
       .example = "600",
       .reload = Reload::live});
  r.add("rate_limit.window", [](Settings & s) -> auto& { return s.middleware.rate_limit.window; },
        {.doc = "The time that `rate_limit.requests` is for.",
         .example = "1s",
         .reload = Reload::live,
         .minimum = second,
         .maximum = day});
  r.add("rate_limit.max_callers", [](Settings & s) -> auto& { return s.middleware.rate_limit.max_callers; },
        {.doc =
             "How many callers are remembered, at about 150 bytes each; those seen least recently are forgotten first.",
         .example = "1000000",
         .reload = Reload::live,
         .minimum = 100,
         .maximum = 100'000'000});
}

}  // namespace

void bind_middleware(Registry& r) {
  observing(r);
  cors(r);
  compression(r);
  rate_limit(r);
  r.section(
      {"body_limits", "",
       "Limits below `http.body_limit` for bodies of one media type (without parameters); 413 beyond. Taken over on "
       "SIGHUP.",
       "[body_limits]\n\"text/csv\" = \"256KiB\"",
       [](Settings& s, const std::string&, const std::string& type, const Raw& raw) -> Result<void> {
         std::int64_t bytes = -1;
         if (const auto* number = std::get_if<std::int64_t>(&raw)) bytes = *number;
         if (const auto* text = std::get_if<std::string>(&raw)) { BALLAST_TRY(bytes, parse_size(*text)); }
         if (bytes < 0) return make_error(400, "BLST_SETTING", "expected a size such as \"256KiB\"");
         std::string lower = type;
         for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
         s.middleware.body_limit.by_type[lower] = static_cast<std::uint64_t>(bytes);
         return {};
       }});
}

}  // namespace ballast::config
