#include <features.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cli/run.hpp"

namespace {

/// Large answers come and go many times a second. Giving their memory back to the kernel each time costs page faults: a
/// seventh of the CPU of an answer of 0.7 MB (docs/performance.md).
void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int mmap_threshold = 16 << 20;
  constexpr int trim_threshold = 32 << 20;
  mallopt(M_MMAP_THRESHOLD, mmap_threshold);
  mallopt(M_TRIM_THRESHOLD, trim_threshold);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  return ballast::cli::run({argv + 1, argv + argc});
}
