#include "config/durations.hpp"
#include "config/setting.hpp"

namespace ballast::config {
void bind_idempotency(Registry& r) {
  r.add(
      "idempotency.enabled", [](Settings & s) -> auto& { return s.idempotency.enabled; },
      {.doc = "Heeds `Idempotency-Key` on writes and tells what became of a key at `/idempotency/v1/{key}`. The table "
              "of keys is made in the database when the first one is used.",
       .example = "false"});
  r.add(
      "idempotency.anonymous", [](Settings & s) -> auto& { return s.idempotency.anonymous; },
      {.doc = "Lets callers without credentials use keys, too, all of them in one scope: whoever guesses another's key "
              "is told its answer. Always so in development.",
       .example = "true"});
  r.add("idempotency.ttl", [](Settings & s) -> auto& { return s.idempotency.ttl; },
        {.doc = "How long an answer is kept for retries. The same key may be used anew afterwards.",
         .example = "7d",
         .minimum = second,
         .maximum = 366 * day});
  r.add("idempotency.max_wait", [](Settings & s) -> auto& { return s.idempotency.max_wait; },
        {.doc =
             "The longest that `Prefer: wait=N` waits for the answer of a request with the same key that is under way.",
         .example = "5s",
         .minimum = 0,
         .maximum = day});
  r.add(
      "idempotency.max_body", [](Settings & s) -> auto& { return s.idempotency.max_body; },
      {.doc = "The longest body of an answer, in bytes, that is kept. Of a longer one, status and headers are kept, as "
              "if the request had said `Prefer: return=minimal`.",
       .example = "1048576",
       .minimum = 0,
       .maximum = 16'777'216});
  r.add("idempotency.required", [](Settings & s) -> auto& { return s.idempotency.required; },
        {.doc = "Paths whose writes are refused without a key.", .example = "/rest/v1/payments,/graphql/v1"});
}

}  // namespace ballast::config
