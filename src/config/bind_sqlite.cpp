#include "config/durations.hpp"
#include "config/setting.hpp"

namespace ballast::config {
namespace {

void reads(Registry& r) {
  r.add("sqlite.step_budget", [](Settings & s) -> auto& { return s.sqlite.step_budget; },
        {.doc =
             "How many virtual machine instructions a read may take on an event loop before it is moved to a slow-read "
             "thread, so that no query holds up the others. 50,000 are about a millisecond.",
         .example = "100000",
         .minimum = 1'000});
  r.size("sqlite.byte_budget", [](Settings & s) -> auto& { return s.sqlite.byte_budget; },
         {.doc = "How many bytes a read may produce on an event loop before it is moved to a slow-read thread.",
          .example = "1MiB",
          .minimum = 1 << 10,
          .maximum = 1 << 30});
  r.add("sqlite.slow_threads", [](Settings & s) -> auto& { return s.sqlite.slow_threads; },
        {.doc = "Threads for reads that are too long for an event loop.", .example = "4", .minimum = 1, .maximum = 64});
  r.add("sqlite.slow_queue", [](Settings & s) -> auto& { return s.sqlite.slow_queue; },
        {.doc = "Reads that may wait for a slow-read thread; 503 beyond.",
         .example = "64",
         .minimum = 1,
         .maximum = 100'000});
  r.add(
      "sqlite.slow_shapes", [](Settings & s) -> auto& { return s.sqlite.slow_shapes; },
      {.doc =
           "After a statement was slow, how many of its runs go to the slow-read threads at once before it is tried on "
           "the event loop again.",
       .example = "10",
       .minimum = 0,
       .maximum = 1'000});
}

void writes(Registry& r) {
  r.choice<std::string& (*)(Settings&), std::string>(
      "sqlite.synchronous", [](Settings& s) -> std::string& { return s.sqlite.synchronous; },
      {{"full", "full"}, {"normal", "normal"}},
      {.doc =
           "`full`: an acknowledged write survives power loss. `normal`: it survives a crash of the process only, and "
           "writes are several times as fast.",
       .example = "normal"});
  r.add(
      "sqlite.busy_timeout", [](Settings & s) -> auto& { return s.sqlite.busy_timeout; },
      {.doc =
           "How long a statement waits for another process that has locked the database; 503 with Retry-After beyond.",
       .example = "5s",
       .minimum = 0,
       .maximum = 60'000 * millisecond});
  r.add("sqlite.write_queue", [](Settings & s) -> auto& { return s.sqlite.write_queue; },
        {.doc = "Transactions that may wait for the writer; 503 with Retry-After beyond.",
         .example = "1000",
         .minimum = 1,
         .maximum = 1'000'000});
  r.add("sqlite.group_limit", [](Settings & s) -> auto& { return s.sqlite.group_limit; },
        {.doc = "The most transactions that share one commit.", .example = "64", .minimum = 1, .maximum = 100'000});
  r.add("sqlite.group_time", [](Settings & s) -> auto& { return s.sqlite.group_time; },
        {.doc = "How long a commit may be put off while its group grows. Nobody waits for a fuller group: this bounds "
                "groups whose statements are slow.",
         .example = "5ms",
         .minimum = 0,
         .maximum = 10'000 * millisecond});
}

void memory(Registry& r) {
  r.add("sqlite.statement_cache", [](Settings & s) -> auto& { return s.sqlite.statement_cache; },
        {.doc = "Prepared statements kept per connection, at some 5 to 20 KiB each.",
         .example = "1024",
         .minimum = 8,
         .maximum = 100'000});
  r.add("sqlite.cache_kib", [](Settings & s) -> auto& { return s.sqlite.cache_kib; },
        {.doc = "SQLite's page cache per connection, in KiB; used only as far as pages are read.",
         .example = "65536",
         .minimum = 64,
         .maximum = 16 << 20});
  r.size(
      "sqlite.mmap_bytes", [](Settings & s) -> auto& { return s.sqlite.mmap_bytes; },
      {.doc = "How much of the file is mapped into memory. 0: none, since an I/O error in a mapping ends the process "
              "instead of failing one statement.",
       .example = "1GiB",
       .minimum = 0});
  r.size("sqlite.value_limit", [](Settings & s) -> auto& { return s.sqlite.value_limit; },
         {.doc = "The most bytes of one value, an embed's aggregated rows included.",
          .example = "64MiB",
          .minimum = 1 << 10,
          .maximum = 1LL << 30});
  r.add("sqlite.checkpoint_pages", [](Settings & s) -> auto& { return s.sqlite.checkpoint_pages; },
        {.doc = "From how many pages of the write-ahead log on it is copied back into the database, beside the writer.",
         .example = "10000",
         .minimum = 1,
         .maximum = 10'000'000});
  r.add(
      "sqlite.wal_limit", [](Settings & s) -> auto& { return s.sqlite.wal_limit; },
      {.doc = "At how many pages of the write-ahead log the writer itself copies it back, which makes writers wait and "
              "keeps the log from growing without end.",
       .example = "100000",
       .minimum = 1,
       .maximum = 100'000'000});
}

}  // namespace

void bind_sqlite(Registry& r) {
  r.add(
      "sqlite.create", [](Settings & s) -> auto& { return s.sqlite.create; },
      {.doc = "Makes an empty database when the file is missing. Off for `ballast serve`, where a missing file is more "
              "likely a mistyped path; on for `ballast dev`.",
       .example = "true"});
  r.add("sqlite.read_only", [](Settings & s) -> auto& { return s.sqlite.read_only; },
        {.doc = "Refuses every write: for databases on media that cannot be written.", .example = "true"});
  reads(r);
  writes(r);
  memory(r);
  r.add("sqlite.vfs", [](Settings & s) -> auto& { return s.sqlite.vfs; },
        {.doc = "SQLite's operating system layer by name; empty for the platform's own.", .example = "unix-excl"});
}

}  // namespace ballast::config
