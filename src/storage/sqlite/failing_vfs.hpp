#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <string>

namespace ballast::storage::testing {

/// SQLite's operating system layer with a disk that fails from the n-th write, sync, truncation or deletion on, for
/// a given number of operations. For tests; one at a time.
class FailingVfs {
 public:
  static constexpr const char* name = "ballast-failing";

  FailingVfs() {
    instance() = this;
    real_ = sqlite3_vfs_find(nullptr);
    vfs_ = *real_;
    vfs_.zName = name;
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.xOpen = open;
    vfs_.xDelete = remove;
    sqlite3_vfs_register(&vfs_, 0);
  }
  ~FailingVfs() { sqlite3_vfs_unregister(&vfs_); }
  FailingVfs(const FailingVfs&) = delete;
  FailingVfs& operator=(const FailingVfs&) = delete;

  /// From now on, operations number `first` to `first + count - 1` fail with `code`.
  void fail(int first, int count, int code) {
    seen_ = 0;
    failed_ = 0;
    count_ = count;
    code_ = code;
    first_ = first;
  }
  void heal() { first_ = -1; }
  int failures() const { return failed_; }

 private:
  struct File {
    sqlite3_file base;
    sqlite3_file* real;
  };
  static FailingVfs*& instance() {
    static FailingVfs* vfs = nullptr;
    return vfs;
  }
  static sqlite3_file* real_of(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real; }

  static int broken() {
    FailingVfs& self = *instance();
    const int first = self.first_;
    if (first < 0) return SQLITE_OK;
    const int at = self.seen_++;
    if (at < first || at >= first + self.count_) return SQLITE_OK;
    ++self.failed_;
    return self.code_;
  }

  static int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    auto* mine = reinterpret_cast<File*>(file);
    mine->base.pMethods = nullptr;
    mine->real = reinterpret_cast<sqlite3_file*>(mine + 1);
    sqlite3_vfs* real = instance()->real_;
    const int code = real->xOpen(real, path, mine->real, flags, out_flags);
    if (mine->real->pMethods != nullptr) mine->base.pMethods = methods();
    return code;
  }
  static int remove(sqlite3_vfs*, const char* path, int sync) {
    if (const int code = broken()) return code == SQLITE_FULL ? SQLITE_IOERR_DELETE : code;
    sqlite3_vfs* real = instance()->real_;
    return real->xDelete(real, path, sync);
  }

  static const sqlite3_io_methods* methods() {
    static const sqlite3_io_methods table = {
        3,
        [](sqlite3_file* f) { return real_of(f)->pMethods->xClose(real_of(f)); },
        [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
          return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
        },
        [](sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
          const int code = broken();
          return code != SQLITE_OK ? code : real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
        },
        [](sqlite3_file* f, sqlite3_int64 size) {
          const int code = broken();
          return code != SQLITE_OK ? code : real_of(f)->pMethods->xTruncate(real_of(f), size);
        },
        [](sqlite3_file* f, int flags) {
          const int code = broken();
          return code != SQLITE_OK ? code : real_of(f)->pMethods->xSync(real_of(f), flags);
        },
        [](sqlite3_file* f, sqlite3_int64* size) { return real_of(f)->pMethods->xFileSize(real_of(f), size); },
        [](sqlite3_file* f, int lock) { return real_of(f)->pMethods->xLock(real_of(f), lock); },
        [](sqlite3_file* f, int lock) { return real_of(f)->pMethods->xUnlock(real_of(f), lock); },
        [](sqlite3_file* f, int* out) { return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out); },
        [](sqlite3_file* f, int op, void* arg) { return real_of(f)->pMethods->xFileControl(real_of(f), op, arg); },
        [](sqlite3_file* f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); },
        [](sqlite3_file* f) { return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)); },
        [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
          return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
        },
        [](sqlite3_file* f, int offset, int n, int flags) {
          return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
        },
        [](sqlite3_file* f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); },
        [](sqlite3_file* f, int remove) { return real_of(f)->pMethods->xShmUnmap(real_of(f), remove); },
        [](sqlite3_file* f, sqlite3_int64 at, int n, void** out) {
          return real_of(f)->pMethods->xFetch(real_of(f), at, n, out);
        },
        [](sqlite3_file* f, sqlite3_int64 at, void* page) {
          return real_of(f)->pMethods->xUnfetch(real_of(f), at, page);
        },
    };
    return &table;
  }

  sqlite3_vfs* real_ = nullptr;
  sqlite3_vfs vfs_{};
  std::atomic<int> first_{-1};
  std::atomic<int> count_{0};
  std::atomic<int> code_{SQLITE_OK};
  std::atomic<int> seen_{0};
  std::atomic<int> failed_{0};
};

}  // namespace ballast::storage::testing
