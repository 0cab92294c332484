#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "batch/body_template.hpp"
#include "batch/failure.hpp"
#include "batch/settings.hpp"
#include "batch/target.hpp"
#include "batch/url_template.hpp"
#include "http/request.hpp"
#include "query/lock.hpp"
#include "rest/settings.hpp"
#include "storage/storage.hpp"

namespace ballast::batch {

/// One request of a batch.
struct Entry {
  std::string id;
  http::Method method = http::Method::get;
  Target target = Target::table;
  UrlTemplate url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type;  ///< of the body, when no header says it; empty: there is no body
  BodyTemplate body;
  std::vector<std::size_t> needs;        ///< the requests whose answers it refers to, or that it depends on
  std::optional<std::int64_t> affected;  ///< how many rows it is expected to change
  std::optional<query::Lock> lock;
};

/// Requests that are answered one after the other.
struct Batch {
  std::vector<Entry> entries;
  bool atomic = true;  ///< in one transaction
  storage::Isolation isolation = storage::Isolation::standard;

  /// The request of that id, which is there.
  std::size_t index_of(std::string_view id) const;
};

/// What a batch has to know of the server it runs in.
struct Surroundings {
  Places places;
  rest::Settings rest;
  std::size_t url_limit = 8'192;  ///< bytes of a request's url, as of any other's
};

/// Reads and checks a batch whole, before anything of it runs.
///
///     batch   ::= { "requests": [ request+ ], "atomic"?: boolean, "isolation"?: level }
///     level   ::= "read committed" | "repeatable read" | "serializable"
///     request ::= { "id": text, "method": text, "url": text, "headers"?: { field: text },
///                   "body"?: JSON, or a text when the Content-Type is none of JSON's
///                   "expect"?: { "affected": number }, "lock"?: "update" | "share",
///                   "wait"?: "block" | "nowait" | "skip", "references"?: boolean, "dependsOn"?: [ id* ] }
std::variant<Batch, Failure> parse_batch(std::string_view body, const Settings& settings, const Surroundings& around);

}  // namespace ballast::batch
