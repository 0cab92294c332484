#include "middleware/encoder.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ballast::middleware {
namespace {

constexpr int gzip_window = 15 + 16;  // 32 KiB, with a gzip header (zlib.h, deflateInit2)
constexpr int gzip_memory = 8;
constexpr int stream_window_log = 17;  // 128 KiB: bounds a stream's state; bodies are repetitive near by
constexpr std::size_t block = 64U << 10;

void check_zstd(std::size_t result) {
  if (ZSTD_isError(result) != 0) throw std::runtime_error(std::string("zstd: ") + ZSTD_getErrorName(result));
}

struct ZstdDeleter {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};
using ZstdContext = std::unique_ptr<ZSTD_CCtx, ZstdDeleter>;

ZstdContext make_zstd() {
  ZstdContext context(ZSTD_createCCtx());
  if (!context) throw std::bad_alloc();
  return context;
}

class ZstdEncoder final : public Encoder {
 public:
  explicit ZstdEncoder(int level) : context_(make_zstd()) {
    check_zstd(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level));
    check_zstd(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_windowLog, stream_window_log));
  }
  void add(std::string_view in, bool last, std::string& out) override {
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    const ZSTD_EndDirective directive = last ? ZSTD_e_end : ZSTD_e_continue;
    for (;;) {
      const std::size_t filled = out.size();
      out.resize(filled + block);
      ZSTD_outBuffer into{out.data() + filled, block, 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &into, &from, directive);
      out.resize(filled + into.pos);
      check_zstd(left);
      if (last ? left == 0 : from.pos == from.size) return;
    }
  }

 private:
  ZstdContext context_;
};

class GzipEncoder final : public Encoder {
 public:
  explicit GzipEncoder(int level) : level_(level) {
    if (deflateInit2(&stream_, level, Z_DEFLATED, gzip_window, gzip_memory, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;
  ~GzipEncoder() override { deflateEnd(&stream_); }

  int level() const noexcept { return level_; }
  void restart() { deflateReset(&stream_); }
  std::size_t bound(std::size_t size) { return deflateBound(&stream_, static_cast<uLong>(size)); }

  void add(std::string_view in, bool last, std::string& out) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    std::size_t left = in.size();
    do {
      const std::size_t part = std::min<std::size_t>(left, 1U << 30U);  // avail_in has 32 bits
      stream_.avail_in = static_cast<uInt>(part);
      left -= part;
      drain(last && left == 0 ? Z_FINISH : Z_NO_FLUSH, out);
    } while (left > 0);
  }

 private:
  void drain(int flush, std::string& out) {
    int result = Z_OK;
    do {
      const std::size_t filled = out.size();
      const std::size_t room = std::max(block, out.capacity() - filled);
      out.resize(filled + room);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
      stream_.avail_out = static_cast<uInt>(room);
      result = deflate(&stream_, flush);
      out.resize(out.size() - stream_.avail_out);
      if (result == Z_STREAM_ERROR) throw std::runtime_error("zlib: the stream is inconsistent");
    } while (flush == Z_FINISH ? result != Z_STREAM_END : stream_.avail_out == 0);
  }

  const int level_;
  z_stream stream_{};
};

std::string compress_zstd(std::string_view body, int level) {
  thread_local const ZstdContext context = make_zstd();
  std::string out(ZSTD_compressBound(body.size()), '\0');
  const std::size_t size = ZSTD_compressCCtx(context.get(), out.data(), out.size(), body.data(), body.size(), level);
  check_zstd(size);
  out.resize(size);
  return out;
}

std::string compress_gzip(std::string_view body, int level) {
  thread_local std::unique_ptr<GzipEncoder> encoder;
  if (!encoder || encoder->level() != level) encoder = std::make_unique<GzipEncoder>(level);
  encoder->restart();
  std::string out;
  out.reserve(encoder->bound(body.size()) + 1);
  encoder->add(body, true, out);
  return out;
}

}  // namespace

std::unique_ptr<Encoder> make_encoder(Coding coding, const CompressionSettings& settings) {
  if (coding == Coding::zstd) return std::make_unique<ZstdEncoder>(settings.zstd_level);
  return std::make_unique<GzipEncoder>(settings.gzip_level);
}

std::string compress(Coding coding, std::string_view body, const CompressionSettings& settings) {
  return coding == Coding::zstd ? compress_zstd(body, settings.zstd_level) : compress_gzip(body, settings.gzip_level);
}

}  // namespace ballast::middleware
