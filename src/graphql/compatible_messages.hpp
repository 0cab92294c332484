#pragma once

#include <span>
#include <string>
#include <string_view>

#include "graphql/row_key.hpp"
#include "graphql/schema.hpp"

/// The words of pg_graphql, for clients that compare them (`graphql.errors = "compatible"`). What it has no words for
/// keeps those of the rest of the server.
namespace ballast::graphql::compatible_messages {

inline constexpr std::string_view anonymous_among_others = "Anonymous operations must be the only defined operation";
inline constexpr std::string_view operation_name_twice = "Operation names must be unique";
inline constexpr std::string_view operation_not_found = "Operation not found";
inline constexpr std::string_view subscription = "Subscriptions are not supported";
inline constexpr std::string_view fragment_cycle = "Found a cycle between fragments";
inline constexpr std::string_view no_mutation = "Unknown type Mutation";
inline constexpr std::string_view null_for_non_null = "Invalid input for NonNull type";

/// Instead of any answer, while the comments of the database cannot be read.
std::string broken_directive(std::string_view what);

/// pg_graphql has two forms: one for the fields of a root and of a row found by its key, one for all others.
enum class UnknownField : std::uint8_t { at_root, below };
std::string unknown_field(UnknownField where, std::string_view name, const TypeDefinition& type);
std::string unknown_fragment(std::string_view name);

std::string unknown_directive(std::string_view name);
/// Of `@skip` and `@include`, which have `if` and nothing else.
std::string directive_arguments(std::string_view directive);
std::string no_condition(std::string_view directive);

std::string unknown_arguments(std::span<const std::string_view> names);
std::string unknown_input_fields(const TypeDefinition& type, std::span<const std::string_view> names);
std::string invalid_input(const TypeDefinition& type);
std::string string_required(const TypeDefinition& type);
/// `columns` are the database's names.
std::string missing_key_columns(std::span<const std::string_view> columns);

/// Two selections of one response key that mean different things.
std::string different_fields(std::string_view one, std::string_view other);
std::string different_arguments(std::string_view field);

std::string invalid_node_id(NodeIdFault fault);

}  // namespace ballast::graphql::compatible_messages
