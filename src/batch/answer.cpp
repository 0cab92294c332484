#include "batch/answer.hpp"

#include <algorithm>

#include "batch/is_json.hpp"
#include "http/iequals.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"
#include "text/utf8.hpp"

namespace ballast::batch {
namespace {

Error too_large() {
  return make_error(413, "BLST513", "the answers of this batch are too large to be put together (batch.answer_limit)")
      .with_hint("ask for fewer rows, or leave out Prefer: return=representation");
}

/// Reads a body piece by piece, until it is longer than the limit.
struct BodyReader {
  std::size_t limit;

  Result<std::string> operator()(std::string& text) const {
    if (text.size() > limit) return too_large();
    return std::move(text);
  }
  Result<std::string> operator()(const std::shared_ptr<const Spool>& spool) const {
    if (spool->size() > limit) return too_large();
    std::string text(spool->size(), '\0');
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t read = spool->read(at, std::span<char>(text).subspan(at));
      if (read == 0) break;
      at += read;
    }
    text.resize(at);
    return text;
  }
  Result<std::string> operator()(const std::shared_ptr<http::BodySource>& source) const {
    std::string text;
    std::string block;
    for (source->next(block); !block.empty(); source->next(block)) {
      text += block;
      if (text.size() > limit) return too_large();
    }
    return text;
  }
};

}  // namespace

Result<Answer> take_answer(http::Response response, std::size_t limit) {
  Answer answer;
  answer.status = response.status;
  answer.affected = response.affected;
  for (auto& [name, value] : response.headers) {
    const auto same = std::find_if(answer.headers.begin(), answer.headers.end(),
                                   [&name = name](const auto& field) { return http::iequals(field.first, name); });
    if (same == answer.headers.end()) {
      answer.headers.emplace_back(std::move(name), std::move(value));
    } else {
      same->second.append(", ").append(value);
    }
  }
  const std::string* type = nullptr;
  for (const auto& [name, value] : answer.headers) {
    if (http::iequals(name, "Content-Type")) type = &value;
  }
  BALLAST_TRY(std::string body, std::visit(BodyReader{limit}, response.body));
  if (body.empty()) return answer;
  if (type != nullptr && is_json(*type) && text::valid_utf8(body) && json::valid(body)) {
    answer.body = std::move(body);
  } else {
    json::append_string(answer.body, body);
  }
  return answer;
}

void append_answer(std::string& out, std::string_view id, const Answer& answer) {
  out += "{\"id\":";
  json::append_string(out, id);
  out += ",\"status\":";
  json::append_integer(out, answer.status);
  out += ",\"headers\":{";
  for (std::size_t i = 0; i < answer.headers.size(); ++i) {
    if (i > 0) out += ',';
    json::append_string(out, answer.headers[i].first);
    out += ':';
    json::append_string(out, answer.headers[i].second);
  }
  out += '}';
  if (!answer.body.empty()) {
    out += ",\"body\":";
    out += answer.body;
  }
  out += '}';
}

}  // namespace ballast::batch
