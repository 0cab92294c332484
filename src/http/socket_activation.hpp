#pragma once

#include <string>
#include <vector>

#include "http/file_descriptor.hpp"

namespace ballast::http {

/// A listening socket that the service manager opened for us.
struct ActivatedSocket {
  FileDescriptor descriptor;
  std::string name;  ///< FileDescriptorName= of the socket unit; "unknown" when it gives none
};

/// The sockets passed by sd_listen_fds(3)'s protocol (LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES), which is then taken
/// out of the environment so that child processes do not believe it. Descriptors that do not listen are left out.
/// Once, before threads start.
std::vector<ActivatedSocket> take_activated_sockets();

}  // namespace ballast::http
