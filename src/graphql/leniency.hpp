#pragma once

/// Where this server takes more than the specification would, because pg_graphql does and its clients rely on it, or
/// because nothing is lost by it. Everything else is as sections 3, 5 and 6 say: a String is no number, an Int is 32
/// bits wide, a single value stands for a list of one.
namespace ballast::graphql::leniency {

/// `{status: "open"}` for `{status: open}`: pg_graphql reads enumerations from strings in documents too.
inline constexpr bool enum_literals_in_quotes = true;
/// `{price: 543.25}` for a BigFloat. pg_graphql wants a string; the digits arrive unharmed either way.
inline constexpr bool big_floats_as_numbers = true;
/// `{data: {a: 1}}` for a JSON. pg_graphql wants `{data: "{\"a\": 1}"}`; a string still is the text of a JSON value,
/// whatever it holds.
inline constexpr bool json_as_values = true;
/// A variable `[AccountOrderBy]` where `[AccountOrderBy!]` is expected: pg_graphql does not compare variables' types
/// with their places. What matters is that no item is null, which is checked when there is a value.
inline constexpr bool nullable_items = true;

}  // namespace ballast::graphql::leniency
