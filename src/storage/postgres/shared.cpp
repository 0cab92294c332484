#include "storage/postgres/shared.hpp"

#include <algorithm>

namespace ballast::storage::postgres {
namespace {

constexpr std::size_t service = 2;  // the one that listens, and one for introspection
constexpr std::size_t most = 32;    // slow statements of one loop beyond that only make each other slower

}  // namespace

Shares shares_of(const PostgresSettings& settings, std::size_t server_limit) noexcept {
  const std::size_t loops = std::max<std::size_t>(1, settings.loops);
  std::size_t all = settings.connections;
  // Four fifths of what the server has, so that migrations, psql and backups get in.
  if (all == 0) all = server_limit * 4 / 5 / std::max<std::size_t>(1, settings.nodes);
  if (all == 0) return {.pipelines = settings.pipelines, .write_pipelines = 0, .exclusive = 2};
  const std::size_t each = all > service ? (all - service) / loops : 0;
  Shares shares;
  shares.pipelines = std::clamp<std::size_t>(each / 3, 1, settings.pipelines);
  // Writes take half of what is left, so that slow statements have as many.
  const std::size_t left = each > shares.pipelines ? each - shares.pipelines : 0;
  shares.write_pipelines = std::min(left / 2, settings.write_pipelines);
  shares.exclusive = std::clamp<std::size_t>(left - shares.write_pipelines, 1, most);
  return shares;
}

}  // namespace ballast::storage::postgres
