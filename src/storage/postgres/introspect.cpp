#include "storage/postgres/introspect.hpp"

#include <memory>
#include <utility>

#include "storage/postgres/introspect_functions.hpp"
#include "storage/postgres/introspect_keys.hpp"
#include "storage/postgres/introspect_relations.hpp"
#include "storage/postgres/introspect_types.hpp"
#include "storage/postgres/privileges.hpp"
#include "storage/postgres/view_origins.hpp"

namespace ballast::storage::postgres {
namespace {

/// Ends the transaction, whatever comes in between.
class Transaction {
 public:
  static Result<Transaction> begin(PGconn& connection) {
    BALLAST_TRY(const auto begun, catalogue_query(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    return Transaction(connection);
  }
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() {
    if (connection_ != nullptr) PQclear(PQexec(connection_, "ROLLBACK"));
  }

 private:
  explicit Transaction(PGconn& connection) : connection_(&connection) {}
  PGconn* connection_;
};

Result<catalog::Extras> load_extras(PGconn& connection, const std::vector<std::string>& schemas) {
  catalog::Extras extras;
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    SELECT nspname, pg_catalog.obj_description(oid, 'pg_namespace')
    FROM pg_catalog.pg_namespace WHERE nspname = ANY ($1::text[]))",
                                                        {array_literal(schemas)}));
  for (int i = 0; i < rows.size(); ++i) {
    if (!rows.null(i, 1)) extras.schema_comments[rows.text(i, 0)] = rows.text(i, 1);
  }
  BALLAST_TRY(extras.privileges, load_privileges(connection));
  return extras;
}

}  // namespace

Result<catalog::SnapshotPtr> introspect(PGconn& connection, const std::vector<std::string>& schemas,
                                        const std::vector<std::string>& search_path, std::int64_t version,
                                        const catalog::Declarations& tables) {
  BALLAST_TRY(const Transaction transaction, Transaction::begin(connection));
  // With an empty search path format_type and pg_get_expr write schemas out.
  BALLAST_TRY(const auto set, catalogue_query(connection, "SELECT pg_catalog.set_config('search_path', '', true)"));
  std::vector<std::string> everywhere = schemas;
  everywhere.insert(everywhere.end(), search_path.begin(), search_path.end());
  IntrospectedTypes types;
  BALLAST_CHECKED(types.load(connection));
  IntrospectedRelations relations;
  BALLAST_CHECKED(relations.load(connection, schemas, types));
  ViewOrigins views;
  BALLAST_CHECKED(views.load(connection, everywhere));
  BALLAST_CHECKED(load_keys(connection, views, relations));
  BALLAST_TRY(auto functions, load_functions(connection, everywhere, types, relations));
  BALLAST_TRY(auto handlers, load_media_handlers(connection, schemas));
  BALLAST_TRY(auto extras, load_extras(connection, schemas));
  auto found = relations.take();
  BALLAST_CHECKED(catalog::declare(found, tables));
  return std::make_shared<const catalog::Snapshot>(std::move(found), schemas, version, std::move(functions),
                                                   std::move(handlers), std::move(extras));
}

}  // namespace ballast::storage::postgres
