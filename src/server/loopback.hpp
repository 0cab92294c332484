#pragma once

#include "config/load.hpp"

namespace ballast::server {

/// Everything is open in development, so nothing may listen beyond this machine: adds a problem for each address that
/// does.
void keep_on_loopback(config::Loaded& loaded);

}  // namespace ballast::server
