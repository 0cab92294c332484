#pragma once

#include <functional>

#include "server/application.hpp"

namespace ballast::server {

/// Blocks the signals that `run_until_signalled` waits for. Once, before any thread starts.
void block_signals();

/// Serves until SIGTERM or SIGINT, then drains for `shutdown.grace` (a second signal cuts at once). SIGHUP, and a
/// settings file that `changed` says is new, call `settings` and take over what it returns; empty: it said why not.
/// The process's exit status.
int run_until_signalled(Application& application, const std::function<std::optional<config::Settings>()>& settings,
                        const std::function<bool()>& changed, Duration grace);

}  // namespace ballast::server
