#include "storage/postgres/introspect_functions.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace ballast::storage::postgres {
namespace {

using catalog::Function;

/// One row of the query below, column by column.
enum Field : int {
  schema,
  name,
  comment,
  volatility,
  returns_set,
  return_type,
  return_spelling,
  one_row,
  defaults,
  argument_types,
  argument_spellings,
  argument_modes,
  argument_names,
  settings,
  default_texts
};

catalog::Volatility volatility_of(char letter) {
  if (letter == 'i') return catalog::Volatility::immutable;
  return letter == 's' ? catalog::Volatility::stable : catalog::Volatility::volatile_;
}

/// What a single unnamed argument can be for a request's body to be passed as it is (PostgREST, "Functions with a
/// single unnamed JSON parameter").
bool takes_a_body(const catalog::Type& type) {
  constexpr std::array<std::string_view, 5> bodies{"json", "jsonb", "text", "xml", "bytea"};
  return std::find(bodies.begin(), bodies.end(), type.spelling) != bodies.end();
}

class Reader {
 public:
  Reader(const CatalogueRows& rows, const IntrospectedTypes& types, IntrospectedRelations& relations)
      : rows_(rows), types_(types), relations_(relations) {}

  void read(int row, std::vector<Function>& functions) {
    Function function;
    function.schema = rows_.text(row, Field::schema);
    function.name = rows_.text(row, Field::name);
    function.comment = rows_.text(row, Field::comment);
    function.volatility = volatility_of(rows_.letter(row, Field::volatility));
    function.settings = rows_.list(row, Field::settings);
    read_arguments(row, function);
    const ObjectId over = row_argument(row, function);
    if (over == 0 && !can_be_called(function)) return;
    read_result(row, function);
    if (over != 0 && function.returns_relation.empty() && !function.returns_void && !function.returns_set) {
      relations_.find(over)->computed_columns.push_back(
          {function.name, function.schema, function.returns, function.comment});
    }
    functions.push_back(std::move(function));
  }

 private:
  void read_arguments(int row, Function& function) {
    const auto argument_types = rows_.numbers(row, Field::argument_types);
    const auto spellings = rows_.list(row, Field::argument_spellings);
    const auto modes = rows_.list(row, Field::argument_modes);         // none: all are IN
    const auto names = rows_.list(row, Field::argument_names);         // none: nobody has one
    const auto default_texts = rows_.list(row, Field::default_texts);  // none: nobody has one
    for (std::size_t i = 0; i < argument_types.size(); ++i) {
      const char mode = i < modes.size() && !modes[i].empty() ? modes[i].front() : 'i';
      const std::string name = i < names.size() ? names[i] : std::string();
      const auto oid = static_cast<ObjectId>(argument_types[i]);
      auto type = types_.type(oid, -1, i < spellings.size() ? spellings[i] : std::string());
      if (mode == 'o' || mode == 'b' || mode == 't') {
        catalog::Column column;
        column.name = name;
        column.type = type;
        column.enum_values = types_.labels(oid);
        function.columns.push_back(std::move(column));
      }
      if (mode == 'i' || mode == 'b' || mode == 'v') {
        function.arguments.push_back(
            {name, std::move(type), true, mode == 'v', i < default_texts.size() ? default_texts[i] : std::string()});
      }
    }
    auto optional = std::min(function.arguments.size(), static_cast<std::size_t>(rows_.number(row, Field::defaults)));
    for (auto argument = function.arguments.rbegin(); optional > 0; ++argument, --optional) argument->required = false;
  }

  /// The relation whose row is the only argument; 0 when there is no such.
  ObjectId row_argument(int row, Function& function) const {
    if (function.arguments.size() != 1) return 0;
    // The first of all arguments need not be the one that goes in.
    const auto argument_types = rows_.numbers(row, Field::argument_types);
    const auto modes = rows_.list(row, Field::argument_modes);
    std::size_t at = 0;
    while (at < modes.size() && (modes[at] == "o" || modes[at] == "t")) ++at;
    if (at >= argument_types.size()) return 0;
    const ObjectId oid = types_.relation(static_cast<ObjectId>(argument_types[at]));
    const catalog::Relation* const relation = relations_.find(oid);
    if (relation == nullptr) return 0;
    function.of_schema = relation->schema;
    function.of_relation = relation->name;
    return oid;
  }

  static bool can_be_called(const Function& function) {
    const auto unnamed = std::count_if(function.arguments.begin(), function.arguments.end(),
                                       [](const auto& a) { return a.name.empty(); });
    return unnamed == 0 || (function.single_unnamed() && takes_a_body(function.arguments.front().type));
  }

  void read_result(int row, Function& function) const {
    const ObjectId type = rows_.oid(row, Field::return_type);
    function.returns_set = rows_.truth(row, Field::returns_set);
    function.single_row = function.returns_set && rows_.truth(row, Field::one_row);
    function.returns = types_.type(type, -1, rows_.text(row, Field::return_spelling));
    function.returns_void = function.returns.name == "void";
    function.media_type = types_.media_type(type);
    const ObjectId rows_of = types_.relation(type);
    if (const catalog::Relation* const relation = relations_.find(rows_of)) {
      function.returns_schema = relation->schema;
      function.returns_relation = relation->name;
    }
    if (function.columns.empty() && rows_of != 0) {
      if (const auto* const columns = relations_.columns(rows_of)) function.columns = *columns;
    }
    // OUT arguments make a row, one of them too.
    if (!function.columns.empty()) function.returns.kind = catalog::Kind::composite;
  }

  const CatalogueRows& rows_;
  const IntrospectedTypes& types_;
  IntrospectedRelations& relations_;
};

}  // namespace

Result<std::vector<Function>> load_functions(PGconn& connection, const std::vector<std::string>& schemas,
                                             const IntrospectedTypes& types, IntrospectedRelations& relations) {
  // format_type with a modifier of -1 writes bpchar and "bit", to which a cast cuts nothing off.
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    SELECT n.nspname, p.proname, d.description, p.provolatile, p.proretset, p.prorettype,
           pg_catalog.format_type(p.prorettype, -1), p.prorows = 1, p.pronargdefaults,
           coalesce(p.proallargtypes, p.proargtypes::oid[]),
           (SELECT pg_catalog.array_agg(pg_catalog.format_type(a.type, -1) ORDER BY a.at)
            FROM pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a(type, at)),
           p.proargmodes, p.proargnames, p.proconfig,
           CASE WHEN p.pronargdefaults > 0 THEN
             (SELECT pg_catalog.array_agg(pg_catalog.pg_get_function_arg_default(p.oid, a.at::int) ORDER BY a.at)
              FROM pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a(type, at))
           END
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_type t ON t.oid = p.prorettype
    LEFT JOIN pg_catalog.pg_description d
           ON d.objoid = p.oid AND d.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objsubid = 0
    WHERE p.prokind = 'f' AND n.nspname = ANY ($1::text[])
      AND t.oid <> ALL ('{trigger,event_trigger,internal,language_handler,fdw_handler,index_am_handler,tsm_handler,table_am_handler}'::pg_catalog.regtype[])
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.objid = p.oid
                      AND e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.deptype = 'e')
    ORDER BY n.nspname, p.proname, p.oid)",
                                                        {array_literal(schemas)}));
  std::vector<Function> functions;
  Reader reader(rows, types, relations);
  for (int i = 0; i < rows.size(); ++i) reader.read(i, functions);
  return functions;
}

Result<std::vector<catalog::MediaHandler>> load_media_handlers(PGconn& connection,
                                                               const std::vector<std::string>& schemas) {
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    SELECT n.nspname, p.proname, pg_catalog.lower(t.typname), an.nspname, ac.relname, b.typname = 'bytea'
    FROM pg_catalog.pg_aggregate a
    JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_type t ON t.oid = p.prorettype AND t.typtype = 'd'
    JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
    JOIN pg_catalog.pg_type g ON g.oid = p.proargtypes[0]
    LEFT JOIN pg_catalog.pg_class ac ON ac.oid = g.typrelid
    LEFT JOIN pg_catalog.pg_namespace an ON an.oid = ac.relnamespace
    WHERE p.pronargs = 1 AND t.typname LIKE '%/%' AND n.nspname = ANY ($1::text[])
    ORDER BY n.nspname, p.proname)",
                                                        {array_literal(schemas)}));
  std::vector<catalog::MediaHandler> handlers;
  for (int i = 0; i < rows.size(); ++i) {
    handlers.push_back(
        {rows.text(i, 0), rows.text(i, 1), rows.text(i, 2), rows.text(i, 3), rows.text(i, 4), rows.truth(i, 5)});
  }
  return handlers;
}

}  // namespace ballast::storage::postgres
