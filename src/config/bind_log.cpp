#include "config/setting.hpp"

namespace ballast::config {

void bind_log(Registry& r) {
  using observe::Level;
  using observe::LogFormat;
  r.choice<Level& (*)(Settings&), Level>(
      "log.level", [](Settings& s) -> Level& { return s.log.level; },
      {{"trace", Level::trace},
       {"debug", Level::debug},
       {"info", Level::info},
       {"warning", Level::warning},
       {"error", Level::error},
       {"off", Level::off}},
      {.doc =
           "What is worth a line: `info` has each request, reloads and faults; `warning` only what somebody should look "
           "at.",
       .example = "warning",
       .reload = Reload::live});
  r.choice<LogFormat& (*)(Settings&), LogFormat>(
      "log.format", [](Settings& s) -> LogFormat& { return s.log.format; },
      {{"auto", LogFormat::automatic}, {"human", LogFormat::human}, {"json", LogFormat::json}},
      {.doc =
           "`json`: one object per line. `human`: for eyes. `auto`: human on a terminal, JSON otherwise. The log goes to "
           "standard error.",
       .example = "json"});
  r.add(
      "log.flush_interval", [](Settings & s) -> auto& { return s.log.flush_interval; },
      {.doc =
           "Lines below `warning` may wait so long for company, so that a busy server makes one system call for many. "
           "0 writes each at once.",
       .example = "1s",
       .minimum = 0,
       .maximum = 60'000'000'000});
}

}  // namespace ballast::config
