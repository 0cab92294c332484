#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.hpp"
#include "catalog/snapshot.hpp"
#include "http/response.hpp"

/// The dialect's own errors, in PostgREST's words, and how any error looks to its clients.
namespace ballast::rest {

/// `{"code":…,"details":…,"hint":…,"message":…}`, null where empty, `application/json; charset=utf-8`, with the
/// error's own headers and `Proxy-Status`.
/// Terse: without details and hint.
http::Response render_error(const Error& error, bool terse = false);

/// 404 PGRST205, with the nearest name.
Error unknown_relation(const catalog::Snapshot& snapshot, std::string_view schema, std::string_view name);
/// 404 PGRST202.
Error unknown_function(std::string_view schema, std::string_view name);
/// 400 42703 as PostgreSQL says it, with the nearest name.
Error unknown_column(const catalog::Relation& relation, std::string_view column);
/// 400 PGRST204: a payload's key or an entry of `columns`, with the nearest name.
Error unknown_payload_column(const catalog::Relation& relation, std::string_view column);
/// 400 PGRST108.
Error not_embedded(std::string_view name);
/// 406 PGRST116.
Error not_one_row(std::int64_t rows);
/// 400 PGRST124.
Error too_many_affected(std::int64_t rows);
/// 409 BLST419: rows of an upsert are not in the versions that it says.
inline constexpr std::string_view rows_changed_code = "BLST419";
Error rows_changed();
/// 416 PGRST103, with Content-Range.
Error beyond_the_end(std::uint64_t offset, std::int64_t total);
/// 406: a request that is not one statement has no plan to show.
Error no_query_plan();
/// 405 PGRST117.
Error unsupported_method(std::string_view method);
/// 400 PGRST102.
Error invalid_body(std::string_view message);

/// Content-Range in PostgREST's form: rows `first` to `last` (an empty range is `*`) of `total` (unknown: -1).
std::string content_range(std::int64_t first, std::int64_t last, std::int64_t total);

}  // namespace ballast::rest
