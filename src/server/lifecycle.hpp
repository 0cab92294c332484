#pragma once

#include <string>
#include <vector>

#include "server/application.hpp"

namespace ballast::server {

/// Keeps the signals that `serve_until_signalled` answers to waiting until it does: a service manager may send one as
/// soon as somebody is answered. Before threads start; they inherit it.
void hold_signals();

/// Serves until a signal ends it; blocks the calling thread. SIGTERM and SIGINT drain, a second one cuts at once;
/// SIGHUP reloads. Keeps the service manager informed. `watched_file`, when not empty, is looked at every second, and
/// a change of it reloads too. Returns the exit status.
int serve_until_signalled(Application& application, const std::string& watched_file = {});

}  // namespace ballast::server
