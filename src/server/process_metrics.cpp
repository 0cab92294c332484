#include "server/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace ballast::server {
namespace {

// As near to the process's start as this program can know without parsing /proc/self/stat.
const double started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

void collect_process(observe::Exposition& out) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  out.counter("process_cpu_seconds_total", "User and system CPU time.",
              seconds(usage.ru_utime) + seconds(usage.ru_stime));
  out.gauge("process_start_time_seconds", "When the process started, as Unix time.", started);

  // proc(5): sizes in pages, the second is the resident set.
  std::ifstream statm("/proc/self/statm");
  double total = 0, resident = 0;
  if (statm >> total >> resident) {
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    out.gauge("process_virtual_memory_bytes", "Virtual memory.", total * page);
    out.gauge("process_resident_memory_bytes", "Resident memory.", resident * page);
  }
  std::error_code ec;
  double open = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", ec), end; !ec && it != end; it.increment(ec)) ++open;
  if (!ec) out.gauge("process_open_fds", "Open file descriptors.", open);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    out.gauge("process_max_fds", "The most file descriptors the process may open.",
              static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace ballast::server
