#include "graphql/registered_documents.hpp"

#include <fmt/format.h>

#include "json/reader.hpp"
#include "json/scanner.hpp"

namespace ballast::graphql {
namespace {

Error wrong(std::string message) { return make_error(400, "BLST_SETTING", std::move(message)); }

}  // namespace

Result<RegisteredDocuments> RegisteredDocuments::parse(std::string_view json) {
  const auto file = json::parse(json);
  if (!file) return wrong("expected valid JSON: " + file.error().details);
  if (file->kind != json::ValueKind::object) return wrong("expected an object: {\"sha256\": \"document\"}");
  RegisteredDocuments registered;
  for (const auto& member : json::members(file->raw)) {
    const auto digest = auth::parse_digest(member.key);
    if (!digest) return wrong(fmt::format("expected the 64 hexadecimal digits of a SHA-256, got \"{}\"", member.key));
    if (json::kind_of(member.raw) != json::ValueKind::string) {
      return wrong(fmt::format("expected the text of a document as {}", member.key));
    }
    auto text = std::make_shared<const std::string>(json::string_value(member.raw));
    if (auth::sha256(*text) != *digest) return wrong(fmt::format("{} is not the hash of its document", member.key));
    registered.documents_.emplace(*digest, std::move(text));
  }
  return registered;
}

std::shared_ptr<const std::string> RegisteredDocuments::find(const auth::Digest& digest) const {
  const auto found = documents_.find(digest);
  return found == documents_.end() ? nullptr : found->second;
}

}  // namespace ballast::graphql
