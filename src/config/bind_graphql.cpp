#include "config/directive_tables.hpp"
#include "config/setting.hpp"

namespace ballast::config {
namespace {

void bind_endpoint(Registry& r) {
  r.add("graphql.enabled", [](Settings & s) -> auto& { return s.graphql.enabled; },
        {.doc = "Serves GraphQL, in pg_graphql's dialect, over the same tables and under the same rules as REST.",
         .example = "false"});
  r.add("graphql.path", [](Settings & s) -> auto& { return s.graphql.path; },
        {.doc = "The path of the GraphQL endpoint.", .example = "/graphql"});
  r.choice<graphql::Settings::Errors& (*)(Settings&), graphql::Settings::Errors>(
      "graphql.errors", [](Settings& s) -> graphql::Settings::Errors& { return s.graphql.errors; },
      {{"full", graphql::Settings::Errors::full}, {"compatible", graphql::Settings::Errors::compatible}},
      {.doc = "What an error tells: `full` gives message, locations, path and a code, `compatible` the message alone, "
              "as pg_graphql does; with it, what pg_graphql does not have is not there either.",
       .example = "compatible"});
  r.add("graphql.extensions", [](Settings & s) -> auto& { return s.graphql.extensions; },
        {.doc = "Adds to the schema what pg_graphql does not have: `onConflict`, nested inserts along relationships, "
                "`_increment` in updates, `_version` and `ifVersion`.",
         .example = "false"});
  r.add("graphql.introspection", [](Settings & s) -> auto& { return s.graphql.introspection; },
        {.doc = "Answers introspection: what a caller may do, by name. Off by default, as in pg_graphql, where a "
                "schema's directive switches it on; always on in development.",
         .example = "true"});
  r.add("graphql.graphiql", [](Settings & s) -> auto& { return s.graphql.graphiql; },
        {.doc = "Shows GraphiQL, an editor for queries, to browsers that open the endpoint's path. It is part of the "
                "program and loads nothing from elsewhere. It needs `graphql.introspection` to complete names. Always "
                "on in development.",
         .example = "true"});
}

void bind_answers(Registry& r) {
  r.add("graphql.max_rows", [](Settings & s) -> auto& { return s.graphql.max_rows; },
        {.doc = "The most rows of a page, and how many it has when the query does not say. A schema's or a table's "
                "directive `max_rows` overrides it.",
         .example = "100",
         .minimum = 1,
         .maximum = 1'000'000});
  r.add("graphql.max_cost", [](Settings & s) -> auto& { return s.graphql.max_cost; },
        {.doc = "The most rows that an operation may touch, estimated from its page sizes before it runs: a page of 30 "
                "with pages of 30 in it costs 930. Answers tell it as `extensions.cost`. 0: no bound.",
         .example = "100000",
         .minimum = 0});
  r.add("graphql.max_root_fields", [](Settings & s) -> auto& { return s.graphql.max_root_fields; },
        {.doc = "The most fields at the root of one operation; each is a statement of its own.",
         .example = "10",
         .minimum = 1,
         .maximum = 10'000});
  r.add("graphql.batch", [](Settings & s) -> auto& { return s.graphql.batch; },
        {.doc = "The most operations in one request, sent as a JSON list. They run in order, each for itself. 1: lists "
                "are refused.",
         .example = "1",
         .minimum = 1,
         .maximum = 1'000});
  r.size("graphql.answer_limit", [](Settings & s) -> auto& { return s.graphql.answer_limit; },
         {.doc = "The most bytes of one answer, which is put together in memory.",
          .example = "16MiB",
          .minimum = 64 << 10,
          .maximum = 1LL << 32});
}

void bind_documents(Registry& r) {
  r.add("graphql.document_cache", [](Settings & s) -> auto& { return s.graphql.document_cache; },
        {.doc = "How many documents are kept parsed and validated, those of each role apart. 0: none.",
         .example = "5000",
         .minimum = 0,
         .maximum = 1'000'000});
  r.add("graphql.persisted", [](Settings & s) -> auto& { return s.graphql.persisted; },
        {.doc = "A JSON file with the documents of one's own programs, `{\"SHA-256 in hexadecimal\": \"document\"}`: "
                "clients send the hash alone, as `documentId` (`sha256:…`) or as Apollo's clients do. Read again on "
                "SIGHUP. Empty: none.",
         .example = "/etc/ballast/documents.json"});
  r.add("graphql.persisted_only", [](Settings & s) -> auto& { return s.graphql.persisted_only; },
        {.doc = "Runs the documents of `graphql.persisted` and no others, so that strangers cannot think up queries of "
                "their own.",
         .example = "true"});
  r.add("graphql.persisted_cache", [](Settings & s) -> auto& { return s.graphql.persisted_cache; },
        {.doc = "How many documents are remembered that clients sent together with their hash (automatic persisted "
                "queries, Apollo's protocol), of 16 KiB on average. 0: none.",
         .example = "0",
         .minimum = 0,
         .maximum = 100'000});
}

void bind_limits(Registry& r) {
  r.size("graphql.document_size", [](Settings & s) -> auto& { return s.graphql.parse.max_bytes; },
         {.doc = "The most bytes of a document. Data belongs into its variables, which count as the request's body.",
          .example = "64KiB",
          .minimum = 1 << 10,
          .maximum = 16 << 20});
  r.add("graphql.document_tokens", [](Settings & s) -> auto& { return s.graphql.parse.max_tokens; },
        {.doc = "The most lexical tokens of a document; a field with an alias has three.",
         .example = "5000",
         .minimum = 100,
         .maximum = 1'000'000});
  r.add("graphql.document_depth", [](Settings & s) -> auto& { return s.graphql.parse.max_depth; },
        {.doc = "The deepest nesting within a document's text: selections, lists and objects. A relation takes three "
                "levels (`collection { edges { node {`).",
         .example = "50",
         .minimum = 5,
         .maximum = 500});
  r.add("graphql.selection_depth", [](Settings & s) -> auto& { return s.graphql.validation.max_depth; },
        {.doc = "The deepest nesting of selections once fragments are spread.",
         .example = "50",
         .minimum = 5,
         .maximum = 500});
  r.add("graphql.validation_work", [](Settings & s) -> auto& { return s.graphql.validation.max_work; },
        {.doc = "Steps that the validation of a document may take. Honest ones visit each of their nodes a few times; "
                "fragments that spread each other can be made to grow without end.",
         .example = "50000",
         .minimum = 1'000,
         .maximum = 100'000'000});
  r.add("graphql.validation_errors", [](Settings & s) -> auto& { return s.graphql.validation.max_problems; },
        {.doc = "The most errors that a document is told of.", .example = "10", .minimum = 1, .maximum = 10'000});
  r.add("graphql.suggestions", [](Settings & s) -> auto& { return s.graphql.validation.suggestions; },
        {.doc = "Says \"Did you mean …?\" of an unknown name, where the caller may introspect.", .example = "false"});
  r.add("graphql.json_depth", [](Settings & s) -> auto& { return s.graphql.coercion.json.depth; },
        {.doc = "The deepest nesting of a request's JSON, variables included.",
         .example = "32",
         .minimum = 4,
         .maximum = 1'000});
  r.add("graphql.variable_values", [](Settings & s) -> auto& { return s.graphql.coercion.max_values; },
        {.doc = "The most JSON values in the variables of an operation; one takes about a hundred bytes of memory.",
         .example = "50000",
         .minimum = 100,
         .maximum = 100'000'000});
  r.add("graphql.variable_errors", [](Settings & s) -> auto& { return s.graphql.coercion.max_problems; },
        {.doc = "The most errors in variables that a request is told of.",
         .example = "10",
         .minimum = 1,
         .maximum = 10'000});
  r.add("graphql.collect_work", [](Settings & s) -> auto& { return s.graphql.collect.max_work; },
        {.doc = "The most selections visited and values copied while an operation's fields are collected.",
         .example = "50000",
         .minimum = 1'000,
         .maximum = 100'000'000});
  r.add("graphql.variable_copies", [](Settings & s) -> auto& { return s.graphql.collect.copies; },
        {.doc = "How many times over an operation may use the bytes of its variables: each place that names one has a "
                "copy.",
         .example = "2",
         .minimum = 1,
         .maximum = 1'000});
  r.size("graphql.variable_free", [](Settings & s) -> auto& { return s.graphql.collect.free_bytes; },
         {.doc = "Bytes of variables that may be copied whatever `graphql.variable_copies` says.",
          .example = "64KiB",
          .minimum = 0,
          .maximum = 1 << 30});
  r.size("graphql.introspection_size", [](Settings & s) -> auto& { return s.graphql.introspection_limits.max_size; },
         {.doc = "The most bytes of an answer to introspection; a table takes about 40 kB.",
          .example = "8MiB",
          .minimum = 64 << 10,
          .maximum = 1LL << 32});
  r.add("graphql.introspection_fields", [](Settings & s) -> auto& { return s.graphql.introspection_limits.max_fields; },
        {.doc = "The most fields that an introspection may ask for, once fragments are spread.",
         .example = "500",
         .minimum = 100,
         .maximum = 1'000'000});
  r.add("graphql.introspection_lists", [](Settings & s) -> auto& { return s.graphql.introspection_limits.max_lists; },
        {.doc = "How deep introspection may nest lists of fields, interfaces and possible types within each other. "
                "Tools need one level; each further one multiplies the answer.",
         .example = "1",
         .minimum = 1,
         .maximum = 10});
}

}  // namespace

void bind_graphql(Registry& r) {
  bind_endpoint(r);
  bind_answers(r);
  bind_documents(r);
  bind_limits(r);
  r.section(
      {"graphql.directives", "KIND",
       "What pg_graphql reads from `@graphql(…)` in comments, for databases without comments: the text within the "
       "parentheses. KIND is `schemas`, `tables` (keys: a table or view, or SCHEMA.TABLE), `columns` (TABLE.COLUMN), "
       "`functions`, `constraints` (TABLE.CONSTRAINT) or `types`. One that is given here stands instead of the "
       "comment's.",
       "[graphql.directives.schemas]\npublic = '{\"inflect_names\": true}'\n[graphql.directives.tables]\n"
       "account = '{\"totalCount\": {\"enabled\": true}}'\n[graphql.directives.columns]\n"
       "\"account.email\" = '{\"name\": \"mail\"}'",
       [](Settings& s, const std::string& kind, const std::string& name, const Raw& raw) -> Result<void> {
         const auto* text = std::get_if<std::string>(&raw);
         if (text == nullptr) return make_error(400, "BLST_SETTING", "expected what stands within @graphql(…), a text");
         for (const auto& [known, directives] : directive_tables(s.graphql.directives)) {
           if (known != kind) continue;
           (*directives)[name] = *text;
           return {};
         }
         return make_error(400, "BLST_SETTING",
                           "expected one of the tables schemas, tables, columns, functions, constraints and types");
       }});
}

}  // namespace ballast::config
