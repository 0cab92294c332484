#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/spool.hpp"
#include "catalog/relation.hpp"
#include "encode/body_rows.hpp"
#include "encode/row_facts.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "rest/parameters.hpp"
#include "rest/read_plan.hpp"
#include "rest/request_headers.hpp"
#include "rest/settings.hpp"

/// Rows and what is known about them → an answer.
namespace ballast::rest {

Spool::Limits spool_limits(const Settings& settings);

/// A body that fits memory is a string, a longer one stays where it is.
http::Body body_of(Spool spool);

/// The sink that makes a body of that format out of rows; of a single row an object or value instead of an array.
std::unique_ptr<encode::BodyRows> body_rows(const Format& format, const encode::Shape& shape, bool single,
                                            const Settings& settings);

/// The answer that tells a query's plan.
http::Response plan_answer(const Format& format, Spool body);

/// 304 when the client has the one row that was asked for, 200 or 206 with Content-Range and Content-Location; 406
/// PGRST116 when one object was asked for and the rows are not one; 416 PGRST103 when the page starts behind the last
/// of a known number of rows.
Result<http::Response> read_answer(const http::Request& request, const ReadPlan& plan, const encode::RowFacts& facts,
                                   std::optional<std::int64_t> all_rows, Spool body);

/// What `limit`, `offset` and, for a GET, Range ask for together. 416 PGRST103 for a Range that ends before it starts.
Result<Page> page_of(const http::Request& request, const RequestHeaders& headers, const Parameters& parameters);

/// The Allow header of a relation.
std::string allowed_methods(const catalog::Relation& relation);

}  // namespace ballast::rest
