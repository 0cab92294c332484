#pragma once

#include "observe/exposition.hpp"

namespace ballast::server {

/// The process_* families that Prometheus' own clients agree on: CPU, memory, descriptors, start time.
void collect_process(observe::Exposition& out);

}  // namespace ballast::server
