#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "graphql/directive_settings.hpp"

namespace ballast::config {

/// The tables of `[graphql.directives]` by their names in the settings file.
template <class Directives>
auto directive_tables(Directives& directives) {
  using Table = decltype(&directives.schemas);
  return std::array<std::pair<std::string_view, Table>, 6>{{{"schemas", &directives.schemas},
                                                            {"tables", &directives.relations},
                                                            {"columns", &directives.columns},
                                                            {"functions", &directives.functions},
                                                            {"constraints", &directives.constraints},
                                                            {"types", &directives.types}}};
}

}  // namespace ballast::config
