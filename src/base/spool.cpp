#include "base/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace ballast {
namespace {

int open_unlinked(const std::string& directory) {
  std::string where = directory;
  if (where.empty()) {
    const char* from_environment = std::getenv("TMPDIR");
    where = from_environment != nullptr && *from_environment != '\0' ? from_environment : "/tmp";
  }
  const int file = ::open(where.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  std::string pattern = where + "/ballast-XXXXXX";  // file systems without O_TMPFILE
  const int named = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(pattern.c_str());
  return named;
}

Error no_room(std::string details) {
  return make_error(507, "BLST507", "the answer is too large to be kept until it is sent")
      .with_details(std::move(details))
      .with_hint("ask for fewer rows with limit, or raise rest.file_limit or free disk space on the server");
}

}  // namespace

Spool::Spool(Spool&& other) noexcept
    : limits_(std::move(other.limits_)),
      memory_(std::move(other.memory_)),
      spilled_(std::exchange(other.spilled_, 0)),
      file_(std::exchange(other.file_, -1)) {}

Spool& Spool::operator=(Spool&& other) noexcept {
  std::swap(limits_, other.limits_);
  std::swap(memory_, other.memory_);
  std::swap(spilled_, other.spilled_);
  std::swap(file_, other.file_);
  return *this;
}

Spool::~Spool() {
  if (file_ >= 0) ::close(file_);
}

Result<void> Spool::commit() {
  if (memory_.size() <= limits_.memory_limit) return {};
  if (file_ < 0) file_ = open_unlinked(limits_.directory);
  if (file_ < 0) return no_room(std::string("no temporary file: ") + std::strerror(errno));
  if (spilled_ + memory_.size() > limits_.file_limit) return no_room("over the limit on one answer's size");
  std::string_view rest = memory_;
  while (!rest.empty()) {
    const ssize_t n = ::pwrite(file_, rest.data(), rest.size(), static_cast<off_t>(spilled_));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return no_room(std::string("writing the temporary file: ") + std::strerror(errno));
    spilled_ += static_cast<std::uint64_t>(n);
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  memory_.clear();
  return {};
}

std::string Spool::take_memory() {
  check(in_memory(), "Spool::take_memory() after a spill");
  return std::exchange(memory_, {});
}

void Spool::clear() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  spilled_ = 0;
  memory_.clear();
}

std::size_t Spool::read(std::uint64_t offset, std::span<char> into) const {
  if (offset >= spilled_) {
    const std::uint64_t within = offset - spilled_;
    if (within >= memory_.size()) return 0;
    const std::size_t n = std::min<std::size_t>(into.size(), memory_.size() - within);
    std::memcpy(into.data(), memory_.data() + within, n);
    return n;
  }
  for (;;) {
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), spilled_ - offset));
    const ssize_t n = ::pread(file_, into.data(), wanted, static_cast<off_t>(offset));
    if (n > 0) return static_cast<std::size_t>(n);
    if (n < 0 && errno == EINTR) continue;
    throw std::system_error(errno, std::generic_category(), "reading a spooled answer");
  }
}

}  // namespace ballast
