#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/published.hpp"
#include "base/result.hpp"
#include "graphql/http_request.hpp"
#include "graphql/registered_documents.hpp"
#include "graphql/remembered_documents.hpp"
#include "graphql/service_settings.hpp"

namespace ballast::graphql {

/// The document that an operation means: what it sent, what was registered, or what a client sent before (automatic
/// persisted queries, as Apollo's clients do them). Thread-safe.
class DocumentSource {
 public:
  DocumentSource(const Settings& settings, RegisteredDocuments registered);

  struct Found {
    std::shared_ptr<const std::string> text;
    /// Remember it by this hash once it has proved valid.
    std::optional<auth::Digest> proves;
  };
  /// Takes the operation's query. The errors have the messages and codes that Apollo's clients look for; an unknown
  /// hash has the status 200, to which they answer by sending the document.
  Result<Found> find(HttpOperation& operation);
  /// Without effect on one that is not to be remembered.
  void remember(const Found& found);

  /// From the next request on.
  void set_registered(RegisteredDocuments registered);

 private:
  const bool registered_only_;
  Published<RegisteredDocuments> registered_;
  RememberedDocuments remembered_;
};

}  // namespace ballast::graphql
