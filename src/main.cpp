#include <cstdio>
#include <exception>

#include "cli/cli.hpp"

int main(int count, char** words) {
  try {
    return ballast::cli::run({words + 1, words + count});
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "ballast: %s\n", failure.what());
    return 1;
  }
}
