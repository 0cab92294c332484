#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace ballast::batch {

/// Settings of the batch endpoint (`batch.*`).
struct Settings {
  bool enabled = true;
  std::string path = "/batch/v1";
  std::size_t max_requests = 100;            ///< one transaction holds its locks for all of them
  std::size_t body_limit = 1U << 20;         ///< bulk data belongs into one request of many rows
  std::size_t answer_limit = 16U << 20;      ///< answers are kept in memory until the last one is there
  std::chrono::milliseconds timeout{5'000};  ///< on SQLite nobody else writes meanwhile
};

}  // namespace ballast::batch
