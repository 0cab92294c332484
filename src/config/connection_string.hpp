#pragma once

#include <string>
#include <string_view>

namespace ballast::config {

/// Does the `database` setting name a PostgreSQL database rather than a SQLite file?
///
///     postgres ::= ( "postgres" | "postgresql" ) "://" … | libpq's keywords, dbname or host or service among them
bool is_postgres(std::string_view database);

/// The same text fit to be shown: passwords (of the user, of the TLS key) are replaced by asterisks. A text that libpq
/// would refuse loses rather too much than too little.
std::string without_password(std::string_view database);

}  // namespace ballast::config
