#include "graphql/document_cache.hpp"

namespace ballast::graphql {

std::shared_ptr<const CheckedDocument> DocumentCache::find(std::string_view text, const SchemaPtr& schema) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find({text, schema.get()});
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->checked;
}

void DocumentCache::insert(std::string text, std::shared_ptr<const CheckedDocument> checked) {
  if (capacity_ == 0) return;
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find({text, checked->schema.get()});
  if (found != by_key_.end()) return;
  entries_.push_front({std::move(text), std::move(checked)});
  by_key_.emplace(Key{entries_.front().text, entries_.front().checked->schema.get()}, entries_.begin());
  if (entries_.size() <= capacity_) return;
  by_key_.erase({entries_.back().text, entries_.back().checked->schema.get()});
  entries_.pop_back();
}

}  // namespace ballast::graphql
