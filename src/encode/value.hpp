#pragma once

#include <span>
#include <string>

#include "catalog/type.hpp"
#include "encode/shape.hpp"
#include "sql/row_sink.hpp"

/// Cells → JSON, with the types PostgreSQL's to_json would show, whichever engine the cells come from.
///
/// What SQLite stores in a column may differ from what the column declares; the value is then written as what it is
/// (a text in an integer column as a JSON string) rather than refused. Bytes that are no UTF-8 become U+FFFD.
/// Numbers in date and time columns are read as SQLite's own date functions do: reals as Julian days, integers as
/// Unix seconds, except that integers of 1e11 and more (the year 5138) can only be milliseconds.
namespace ballast::encode {

/// Appends the cell as a JSON value.
void write_value(std::string& out, const sql::Cell& cell, catalog::Kind kind, int scale = -1);

/// Appends the cell as PostgreSQL's text output would show it (`t`, `2024-01-31 12:00:00`), as CSV and Location
/// headers need it. Nothing for NULL.
void write_text(std::string& out, const sql::Cell& cell, catalog::Kind kind, int scale = -1);

/// The same two for a field's cell, which may be canonical: then its text is what PostgreSQL made of the value.
void write_field(std::string& out, const sql::Cell& cell, const Field& field);
void write_field_text(std::string& out, const sql::Cell& cell, const Field& field);

/// Appends the members, taking their values from the cells. Every cell index must be below `cells.size()`.
void write_object(std::string& out, const Object& object, std::span<const sql::Cell> cells);

/// As `write_object`, without members that are null, at any depth and inside JSON columns too
/// (PostgreSQL's json_strip_nulls).
void write_object_without_nulls(std::string& out, const Object& object, std::span<const sql::Cell> cells);

/// Appends what a member holds, without its key. Holes are TreeRows' to fill.
void write_member(std::string& out, const Member& member, std::span<const sql::Cell> cells);

/// Appends a cursor's string.
void write_cursor(std::string& out, const Cursor& cursor, std::span<const sql::Cell> cells);

/// A nested object that is null: its left join found nothing.
bool absent(const Nested& nested, std::span<const sql::Cell> cells);

/// Does the member's value come out as null?
bool is_null(const Member& member, std::span<const sql::Cell> cells);

}  // namespace ballast::encode
