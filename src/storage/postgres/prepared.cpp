#include "storage/postgres/prepared.hpp"

#include <fmt/format.h>

#include <random>

namespace ballast::storage::postgres {

std::string Prepared::name_of(std::uint64_t number) {
  static const std::string prefix = fmt::format("b{:08x}_", std::random_device{}());
  return prefix + std::to_string(number);
}

bool Prepared::use(std::uint64_t number) {
  const auto found = by_number_.find(number);
  if (found == by_number_.end()) return false;
  if (found->second != order_.begin()) order_.splice(order_.begin(), order_, found->second);
  return true;
}

void Prepared::add(std::uint64_t number, std::vector<std::uint64_t>& evicted) {
  while (!order_.empty() && order_.size() >= capacity_) {
    evicted.push_back(order_.back());
    by_number_.erase(order_.back());
    order_.pop_back();
  }
  order_.push_front(number);
  by_number_[number] = order_.begin();
}

void Prepared::clear() {
  order_.clear();
  by_number_.clear();
}

bool Prepared::forget(std::uint64_t number) {
  const auto found = by_number_.find(number);
  if (found == by_number_.end()) return false;
  order_.erase(found->second);
  by_number_.erase(found);
  return true;
}

}  // namespace ballast::storage::postgres
