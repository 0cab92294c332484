#include "graphql/document_source.hpp"

#include <utility>

namespace ballast::graphql {
namespace {

Error not_registered() {
  return make_error(403, "PERSISTED_QUERY_NOT_IN_LIST", "this server runs registered documents alone");
}

}  // namespace

DocumentSource::DocumentSource(const Settings& settings, RegisteredDocuments registered)
    : registered_only_(settings.persisted_only),
      registered_(std::make_shared<const RegisteredDocuments>(std::move(registered))),
      remembered_(settings.persisted_only ? 0 : settings.persisted_cache) {}

void DocumentSource::set_registered(RegisteredDocuments registered) {
  registered_.store(std::make_shared<const RegisteredDocuments>(std::move(registered)));
}

Result<DocumentSource::Found> DocumentSource::find(HttpOperation& operation) {
  std::optional<auth::Digest> hash;
  if (operation.query && (operation.document || registered_only_)) hash = auth::sha256(*operation.query);
  if (hash && operation.document && *hash != *operation.document) {
    return make_error(400, "PERSISTED_QUERY_HASH_MISMATCH", "provided sha does not match query");
  }
  if (!hash) hash = operation.document;
  if (hash) {
    if (auto text = registered_.load()->find(*hash)) return Found{std::move(text), std::nullopt};
  }
  if (registered_only_) return not_registered();
  if (operation.query) {
    return Found{std::make_shared<const std::string>(std::move(*operation.query)), operation.document};
  }
  if (!remembered_.enabled()) { return make_error(200, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"); }
  if (auto text = remembered_.find(*hash)) return Found{std::move(text), std::nullopt};
  return make_error(200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
      .with_header("Cache-Control", "no-store");
}

void DocumentSource::remember(const Found& found) {
  if (found.proves) remembered_.insert(*found.proves, found.text);
}

}  // namespace ballast::graphql
