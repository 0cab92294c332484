#pragma once

#include <optional>
#include <string>

#include "rest/syntax.hpp"
#include "text/cursor.hpp"

/// The small grammars that all parameters share. Each takes what it recognises; on a mistake the cursor stands where
/// the mistake is.
namespace ballast::rest {

inline constexpr const char* field_name_label = "field name (* or [a..z0..9_$])";

void skip_blanks(text::Cursor& at);

///     quoted ::= '"' ( [^"\\] | '\\' any )* '"'
std::optional<std::string> quoted(text::Cursor& at);

///     name       ::= quoted | identifier ( '-' identifier )*       a '-' before '>' ends the name
///     identifier ::= [A-Za-z0-9_$ and everything beyond ASCII]+    blanks inside count, around it they do not
std::optional<std::string> field_name(text::Cursor& at);

///     path ::= ( ( '->' | '->>' ) ( index | key ) )*
///     index ::= '-'? digit+          before '->', '::', '.', ',', ')' or the end
///     key   ::= quoted | [^(\-:.,>)]+ ( '-' … )*
/// False on a mistake.
bool json_path(text::Cursor& at, std::vector<query::JsonStep>& path);

///     field ::= name path
std::optional<Field> field(text::Cursor& at);

}  // namespace ballast::rest
