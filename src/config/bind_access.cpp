#include "config/setting.hpp"
#include "policy/rules.hpp"

namespace ballast::config {

void bind_access(Registry& r) {
  r.add("anon_role", [](Settings & s) -> auto& { return s.rules.anonymous_role; },
        {.doc = "The role of a caller who presents no token and no key. What it may do is granted in `[access.ROLE]`. "
                "On PostgreSQL, setting it switches roles mode on (when the server starts): each request runs as the "
                "database role that its token names, or as this one, and the database's own grants and policies decide "
                "instead of `[access.ROLE]`. Set to nothing there, requests without a token are refused.",
         .example = "web_anon",
         .reload = Reload::live});
  r.add("access.expose_anonymous", [](Settings & s) -> auto& { return s.program.expose_anonymous; },
        {.doc = "Says in words that tables granted to `anon_role` are meant to be open to everybody who can reach the "
                "port. `ballast serve` refuses to start with such a grant unless this is true.",
         .example = "true",
         .reload = Reload::live});
  r.section(
      {"access", "ROLE",
       "What a role may do to which table or view, and which functions it may call. Each key is a relation's or a "
       "function's name, its value any of `select`, `insert`, `update`, `delete`, `execute` (call the function), or "
       "`all` (of a relation: everything but `execute`), or `none`. The key `\"*\"` stands for every name that the "
       "role has no line of its own for. What is not granted is refused. Taken over on SIGHUP.",
       "[access.member]\nposts = \"select,insert,update\"\n\"*\" = \"select\"\nsecrets = \"none\"",
       [](Settings& s, const std::string& role, const std::string& relation, const Raw& raw) -> Result<void> {
         std::string words;
         if (const auto* text = std::get_if<std::string>(&raw)) {
           words = *text;
         } else if (const auto* list = std::get_if<std::vector<std::string>>(&raw)) {
           words = print_list(*list);
         } else {
           return make_error(400, "BLST_SETTING", "expected select, insert, update, delete, execute, all or none");
         }
         BALLAST_TRY(const auto grant, policy::parse_grant(words));
         s.rules.grants[role][relation] = grant;
         return {};
       }});
  r.section(
      {"tables", "TABLE",
       "What the database does not tell of a table; TABLE is its name, or `\"SCHEMA.TABLE\"`. `version_column`: an "
       "integer column that counts a row's changes. Ballast adds one to it on each update and clients cannot set it; it "
       "is the row's version in `ETag`, `If-Match` and `ifVersion`. Without one PostgreSQL's own row version serves, or "
       "a hash of the row. `require_if_match = true`: rows are updated and deleted only by who says which version they "
       "have read, else 428. Read when the server starts.",
       "[tables.orders]\nversion_column = \"version\"\nrequire_if_match = true",
       [](Settings& s, const std::string& table, const std::string& key, const Raw& raw) -> Result<void> {
         catalog::Declaration& declared = s.tables[table];
         if (key == "version_column") {
           const auto* text = std::get_if<std::string>(&raw);
           if (text == nullptr || text->empty()) return make_error(400, "BLST_SETTING", "expected a column's name");
           declared.version_column = *text;
           return {};
         }
         if (key == "require_if_match") {
           const auto* flag = std::get_if<bool>(&raw);
           if (flag == nullptr) return make_error(400, "BLST_SETTING", "expected true or false");
           declared.requires_version = *flag;
           return {};
         }
         return make_error(400, "BLST_SETTING", "expected version_column or require_if_match");
       }});
}

}  // namespace ballast::config
