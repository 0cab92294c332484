#include "config/setting.hpp"

namespace ballast::config {

void bind_batch(Registry& r) {
  r.add(
      "batch.enabled", [](Settings & s) -> auto& { return s.batch.enabled; },
      {.doc =
           "Answers batches: several REST and GraphQL requests in one transaction, each under its caller's own rules.",
       .example = "false"});
  r.add("batch.path", [](Settings & s) -> auto& { return s.batch.path; },
        {.doc = "The path that batches are sent to.", .example = "/batch"});
  r.add("batch.max_requests", [](Settings & s) -> auto& { return s.batch.max_requests; },
        {.doc = "The most requests in one batch.", .example = "20", .minimum = 1, .maximum = 10'000});
  r.size("batch.body_limit", [](Settings & s) -> auto& { return s.batch.body_limit; },
         {.doc = "The most bytes of a batch, and of a request's body once the values that it refers to stand in it.",
          .example = "4MiB",
          .minimum = 1 << 10,
          .maximum = 1 << 30});
  r.size("batch.answer_limit", [](Settings & s) -> auto& { return s.batch.answer_limit; },
         {.doc = "The most bytes of the answers of one batch together, which are kept in memory until the last one is "
                 "there.",
          .example = "64MiB",
          .minimum = 64 << 10,
          .maximum = 1 << 30});
  r.add(
      "batch.timeout", [](Settings & s) -> auto& { return s.batch.timeout; },
      {.doc = "The longest that a batch may take, within `http.request_timeout`. Its rows stay locked for as long, and "
              "on SQLite nobody else can write.",
       .example = "1s",
       .minimum = 1'000'000,
       .maximum = 3'600'000'000'000});
}

}  // namespace ballast::config
