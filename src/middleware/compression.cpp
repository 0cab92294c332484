#include "middleware/compression.hpp"

#include <algorithm>

#include "http/entity_tag.hpp"
#include "http/iequals.hpp"
#include "http/status.hpp"
#include "middleware/encoder.hpp"

namespace ballast::middleware {
namespace {

constexpr std::size_t piece = 64U << 10;  // of a body, compressed between two writes: about 0.2 ms

/// A place among the streams that may be open at one time; counted down when it goes.
class StreamSlot {
 public:
  static std::unique_ptr<StreamSlot> take(std::shared_ptr<std::atomic<std::uint32_t>> open, std::uint32_t limit) {
    std::uint32_t now = open->load(std::memory_order_relaxed);
    do {
      if (now >= limit) return nullptr;
    } while (!open->compare_exchange_weak(now, now + 1, std::memory_order_relaxed));
    return std::unique_ptr<StreamSlot>(new StreamSlot(std::move(open)));
  }
  StreamSlot(const StreamSlot&) = delete;
  StreamSlot& operator=(const StreamSlot&) = delete;
  ~StreamSlot() { open_->fetch_sub(1, std::memory_order_relaxed); }

 private:
  explicit StreamSlot(std::shared_ptr<std::atomic<std::uint32_t>> open) : open_(std::move(open)) {}
  std::shared_ptr<std::atomic<std::uint32_t>> open_;
};

class CompressedBody final : public http::BodySource {
 public:
  CompressedBody(http::Body body, std::unique_ptr<Encoder> encoder, std::unique_ptr<StreamSlot> slot)
      : body_(std::move(body)), encoder_(std::move(encoder)), slot_(std::move(slot)) {}

  void next(std::string& into) override {
    into.clear();
    while (into.empty() && !ended_) {
      const std::string_view in = pull();
      ended_ = in.empty();
      encoder_->add(in, ended_, into);
    }
  }

 private:
  /// The next piece of the body; empty at its end.
  std::string_view pull() {
    if (const auto* text = std::get_if<std::string>(&body_)) {
      const std::string_view part = std::string_view(*text).substr(at_, piece);
      at_ += part.size();
      return part;
    }
    if (const auto* spool = std::get_if<std::shared_ptr<const Spool>>(&body_)) {
      buffer_.resize(piece);
      const std::size_t n = (*spool)->read(at_, {buffer_.data(), buffer_.size()});
      at_ += n;
      return std::string_view(buffer_).substr(0, n);
    }
    std::get<std::shared_ptr<http::BodySource>>(body_)->next(buffer_);
    return buffer_;
  }

  http::Body body_;
  std::size_t at_ = 0;
  std::string buffer_;
  bool ended_ = false;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<StreamSlot> slot_;
};

/// What HEAD is answered with when GET's answer would be compressed: no body, and no length that would be wrong.
class NoBody final : public http::BodySource {
 public:
  void next(std::string& into) override { into.clear(); }
};

bool has_token(const std::string* list, std::string_view token) noexcept {
  return list != nullptr && list->find(token) != std::string::npos;
}

void mark(http::Response& response, Coding coding) {
  response.add("Content-Encoding", std::string(to_string(coding)));
  for (auto& [name, value] : response.headers) {
    if (http::iequals(name, "ETag")) value = http::coded_tag(std::move(value), to_string(coding));
  }
}

}  // namespace

bool compressible(std::string_view type) noexcept {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (type.starts_with("text/")) return type != "text/event-stream";
  if (type.ends_with("+json") || type.ends_with("+xml")) return true;
  constexpr std::string_view others[] = {"application/json", "application/xml", "application/javascript",
                                         "application/x-ndjson", "application/wasm"};
  return std::find(std::begin(others), std::end(others), type) != std::end(others);
}

/// `must`: the client does not take the body as it is.
bool Compression::worth_it(const http::Response& response, bool must) const {
  const std::uint64_t least = must ? 1 : settings_.min_size;
  if (const auto* text = std::get_if<std::string>(&response.body)) {
    if (text->size() < least) return false;
  } else if (const auto* spool = std::get_if<std::shared_ptr<const Spool>>(&response.body)) {
    if ((*spool)->size() < least) return false;
  }
  if (!http::allows_body(response.status)) return false;
  const std::string* type = response.find("Content-Type");
  if (type == nullptr || !compressible(*type) || response.find("Content-Encoding") != nullptr) return false;
  // Ranges of bytes are of the body as it is; ranges of rows may be compressed.
  if (const auto* range = response.find("Content-Range"); range != nullptr && range->starts_with("bytes")) return false;
  return !has_token(response.find("Cache-Control"), "no-transform");
}

http::Reply Compression::handle(http::Request& request, http::Next next) const {
  http::Response response = co_await next(request);
  const auto accepted = request.headers.find("Accept-Encoding");
  const CodingChoice choice = accepted ? choose_coding(*accepted) : CodingChoice();
  if (worth_it(response, !choice.identity_allowed)) {
    if (choice.coding != Coding::identity) encode(request, response, choice);
    response.vary("Accept-Encoding");
  }
  co_return response;
}

void Compression::encode(const http::Request& request, http::Response& response, CodingChoice choice) const {
  const auto* text = std::get_if<std::string>(&response.body);
  if (request.method == http::Method::head) {
    response.body = std::make_shared<NoBody>();
    return mark(response, choice.coding);
  }
  if (text != nullptr && text->size() <= settings_.stream_above) {
    std::string compressed = compress(choice.coding, *text, settings_);
    if (choice.identity_allowed && compressed.size() >= text->size()) return;
    response.body = std::move(compressed);
    return mark(response, choice.coding);
  }
  auto slot = StreamSlot::take(streams_, settings_.max_streams);
  if (!slot) return;
  response.body = std::make_shared<CompressedBody>(std::move(response.body), make_encoder(choice.coding, settings_),
                                                   std::move(slot));
  mark(response, choice.coding);
}

}  // namespace ballast::middleware
