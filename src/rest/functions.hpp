#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "catalog/snapshot.hpp"
#include "rest/passed.hpp"

namespace ballast::rest {

/// The function that takes what a request passes, by PostgREST's rules: every argument that has no default must be
/// passed, and nothing else may be. When no function takes the names, one whose only argument is unnamed may take the
/// whole body of a POST, if its type fits the body's. 404 PGRST202 (with the nearest function) when there is none, 300
/// PGRST203 when there are several. The result lives as long as the snapshot.
Result<const catalog::Function*> find_function(const catalog::Snapshot& snapshot, const std::string& schema,
                                               const std::string& name, const Passed& passed);

/// The function takes the body whole.
bool takes_body(const catalog::Function& function, CallBody body) noexcept;

/// The Allow header of the functions of that name; empty when there are none.
std::string allowed_methods(const catalog::Snapshot& snapshot, std::string_view schema, std::string_view name);

}  // namespace ballast::rest
