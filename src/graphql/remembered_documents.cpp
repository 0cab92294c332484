#include "graphql/remembered_documents.hpp"

#include <utility>

namespace ballast::graphql {

std::shared_ptr<const std::string> RememberedDocuments::find(const auth::Digest& digest) {
  const std::lock_guard lock(mutex_);
  const auto found = by_digest_.find(digest);
  if (found == by_digest_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->document;
}

void RememberedDocuments::insert(const auth::Digest& digest, std::shared_ptr<const std::string> document) {
  if (capacity_ == 0 || document->size() > capacity_ * average_size) return;
  const std::lock_guard lock(mutex_);
  if (by_digest_.contains(digest)) return;
  bytes_ += document->size();
  entries_.push_front({digest, std::move(document)});
  by_digest_.emplace(digest, entries_.begin());
  while (entries_.size() > capacity_ || bytes_ > capacity_ * average_size) drop_last();
}

void RememberedDocuments::drop_last() {
  bytes_ -= entries_.back().document->size();
  by_digest_.erase(entries_.back().digest);
  entries_.pop_back();
}

}  // namespace ballast::graphql
