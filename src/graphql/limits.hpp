#pragma once

#include <cstddef>

#include "json/settings.hpp"

/// What one document may cost after it was parsed. Each bound refuses; none truncates an answer.
namespace ballast::graphql {

struct ValidationLimits {
  std::size_t max_problems = 100;
  /// Levels of selections once fragments are spread: a chain of fragments is as deep as their sum.
  int max_depth = 200;
  /// Visits of selections, values and usages. Merging the selections of fragments that spread each other several
  /// times grows exponentially; honest documents visit each of their nodes a few times.
  std::size_t max_work = 200'000;
  /// Say "Did you mean …"? A schema that may not be introspected never does, since it would tell names.
  bool suggestions = true;
};

struct CoercionLimits {
  json::Limits json;
  /// JSON values of all variables. One takes about a hundred bytes of memory.
  std::size_t max_values = 50'000;
  std::size_t max_problems = 50;
};

struct CollectLimits {
  /// Selections visited and values copied, over a whole operation.
  std::size_t max_work = 200'000;
  /// Bytes of variables' values that arguments take over, as a multiple of their sum; a variable may be used many
  /// times, and each place has its own copy.
  std::size_t copies = 8;
  /// Bytes that may always be copied, however small the variables are.
  std::size_t free_bytes = std::size_t{1} << 20;
};

struct IntrospectionLimits {
  /// Bytes of an answer with introspection in it. A table takes about 40 kB of the whole schema's description.
  std::size_t max_size = std::size_t{32} << 20;
  /// Fields that are asked for, once fragments are spread. The queries of tools have some hundred.
  std::size_t max_fields = 2'000;
  /// Lists of fields, input fields, interfaces and possible types within each other. Tools that introspect need one.
  int max_lists = 2;
};

}  // namespace ballast::graphql
