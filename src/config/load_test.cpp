#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace ballast::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Sources file(std::string text) {
  Sources sources;
  sources.file_text = std::move(text);
  return sources;
}

Sources flags(std::vector<Flag> flags) {
  Sources sources;
  sources.flags = std::move(flags);
  return sources;
}

std::vector<std::string> problems(const Sources& sources) {
  std::vector<std::string> texts;
  for (const auto& problem : load(registry(), sources).problems) texts.push_back(problem.text());
  return texts;
}

TEST(Load, TakesTheStrongestSourceAndRemembersIt) {
  struct Case {
    bool mode, file, environment, flag;
    std::string value, where;
  };
  const std::vector<Case> cases = {
      {false, false, false, false, "info", "default"},         {true, false, false, false, "debug", "dev mode"},
      {true, true, false, false, "warning", "ballast.toml:2"}, {true, true, true, false, "error", "BALLAST_LOG_LEVEL"},
      {true, true, true, true, "off", "--log-level"},          {false, true, false, true, "off", "--log-level"}};
  for (const auto& c : cases) {
    Sources sources;
    sources.mode = "dev";
    if (c.mode) sources.mode_defaults = {{"log.level", "debug"}};
    if (c.file) sources.file_text = "[log]\nlevel = \"warning\"\n";
    if (c.environment) sources.environment = {{"BALLAST_LOG_LEVEL", "error"}, {"HOME", "/root"}};
    if (c.flag) sources.flags = {{"--log-level", "--log-level", "off"}};
    const auto loaded = load(registry(), sources);
    EXPECT_THAT(loaded.problems, IsEmpty());
    EXPECT_EQ(registry().by_name("log.level")->show(loaded.settings), c.value);
    EXPECT_EQ(loaded.origin("log.level").where, c.where);
  }
}

TEST(Load, GivesEveryNameThreeSpellingsThatCollideWithNoOther) {
  std::set<std::string> names, variables, flags;
  for (const auto& setting : registry().settings()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    EXPECT_TRUE(variables.insert(setting.environment()).second) << setting.environment();
    EXPECT_TRUE(flags.insert(setting.flag()).second) << setting.flag();
    EXPECT_FALSE(setting.doc.empty()) << setting.name;
    EXPECT_FALSE(setting.example.empty()) << setting.name;
  }
  EXPECT_EQ(registry().by_name("http.header_limit")->environment(), "BALLAST_HTTP_HEADER_LIMIT");
  EXPECT_EQ(registry().by_name("http.header_limit")->flag(), "--http-header-limit");
}

TEST(Load, HasTheFlagsThatEveryServingCommandTakes) {
  for (const auto* flag : {"--listen", "--admin-listen", "--schemas", "--anon-role", "--jwt-secret", "--jwks",
                           "--rest-path", "--graphql-path"}) {
    EXPECT_NE(registry().by_flag(flag), nullptr) << flag;
  }
}

TEST(Load, AcceptsEverySettingsOwnExampleAndPrintedDefault) {
  for (const auto& setting : registry().settings()) {
    Settings settings;
    EXPECT_TRUE(setting.kind == Kind::secret || setting.assign(settings, setting.example)) << setting.name;
    const Settings defaults;
    Settings copy;
    const auto result = setting.assign(copy, setting.show(defaults));
    EXPECT_TRUE(result) << setting.name << ": " << setting.show(defaults);
    if (result) { EXPECT_EQ(setting.show(copy), setting.show(defaults)) << setting.name; }
  }
}

TEST(Load, NamesLineAndNearestNameOfAnUnknownSetting) {
  EXPECT_THAT(
      problems(file("\n[http]\nheader_limits = \"1KiB\"\n")),
      ElementsAre("ballast.toml:3: unknown setting \"http.header_limits\" (did you mean \"http.header_limit\"?)"));
  EXPECT_THAT(problems(file("header_timeout = \"1s\"\n")),
              ElementsAre(HasSubstr("did you mean \"http.header_timeout\"")));
}

TEST(Load, NamesTheNearestEnvironmentVariableAndFlag) {
  Sources sources = flags({{"--lisen", "--lisen", "127.0.0.1:1"}});
  sources.environment = {{"BALLAST_LISEN", "x"}};
  EXPECT_THAT(problems(sources),
              ElementsAre(AllOf(HasSubstr("BALLAST_LISEN: "), HasSubstr("did you mean \"BALLAST_LISTEN\"?")),
                          "--lisen: unknown flag (did you mean \"--listen\"?)"));
}

TEST(Load, LeavesWhatKubernetesInjectsForAServiceOfThatNameAlone) {
  Sources sources;
  sources.environment = {{"BALLAST_SERVICE_HOST", "10.0.0.1"},
                         {"BALLAST_PORT", "tcp://10.0.0.1:80"},
                         {"BALLAST_PORT_80_TCP", "tcp://10.0.0.1:80"}};
  EXPECT_THAT(problems(sources), IsEmpty());
}

TEST(Load, SaysWhatWasExpectedInsteadOfAWrongValue) {
  struct Case {
    std::string toml, message;
  };
  const std::vector<Case> cases = {
      {"http.workers = \"many\"", "ballast.toml:1: http.workers: expected a whole number from 0 to 256, got \"many\""},
      {"http.workers = 1000", "ballast.toml:1: http.workers: expected a whole number from 0 to 256, got 1000"},
      {"http.idle_timeout = 75",
       "ballast.toml:1: http.idle_timeout: expected a duration such as \"30s\" from 100ms to "
       "1d, got 75"},
      {"http.body_limit = \"1 meg\"",
       "ballast.toml:1: http.body_limit: expected a size such as \"1MiB\" from 0 to 4GiB, "
       "got \"1 meg\""},
      {"rest.aggregates = \"maybe\"", "ballast.toml:1: rest.aggregates: expected true or false, got \"maybe\""},
      {"rest.aggregates = 1", "ballast.toml:1: rest.aggregates: expected true or false, got 1"},
      {"log.level = \"infos\"",
       "ballast.toml:1: log.level: expected trace, debug, info, warning, error or off, got "
       "\"infos\" (did you mean \"info\"?)"},
      {"schemas = [1]", "ballast.toml:1: schemas: expected a list of texts"},
      {"http.workers = 1.5",
       "ballast.toml:1: http.workers: expected text, a whole number, true, false or a list of "
       "texts, got a fraction"},
      {"http.unix_socket_mode = \"0990\"",
       "ballast.toml:1: http.unix_socket_mode: expected permissions in octal such as "
       "\"0660\", got \"0990\""},
      {"[trace]\nheader = \"a: b\"",
       "ballast.toml:2: trace.header: expected the name of a field such as \"X-Request-Id\""},
      {"database = \"mysql://me:geheim@db\"",
       "ballast.toml:1: database: expected a path, sqlite:PATH or postgres://…, got \"mysql://…\""},
  };
  for (const auto& c : cases) EXPECT_THAT(problems(file(c.toml)), ElementsAre(c.message)) << c.toml;
}

TEST(Load, TakesTheDatabaseAsAKeyAndInsideItsTable) {
  for (const auto* text :
       {"database = \"postgres://db/shop\"", "[database]\nurl = \"postgres://db/shop\"\nnodes = 3"}) {
    const auto loaded = load(registry(), file(text));
    EXPECT_THAT(loaded.problems, IsEmpty()) << text;
    EXPECT_EQ(loaded.settings.program.database, "postgres://db/shop") << text;
    EXPECT_NE(loaded.origin("database").where, "default") << text;
  }
}

TEST(Load, TakesAnEmptyAnonymousRoleOnlyOnPostgres) {
  EXPECT_THAT(problems(file("anon_role = \"\"")), ElementsAre(HasSubstr("anon_role: expected a role's name")));
  EXPECT_THAT(problems(file("database = \"postgres://db\"\nanon_role = \"\"")), IsEmpty());
}

TEST(Load, GathersSettingsOfTheOperatorsOwn) {
  const auto loaded = load(registry(), file("[app.settings]\nhost = \"localhost\""));
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.settings.rest.app_settings.at("app.settings.host"), "localhost");
}

TEST(Load, RemembersADatabaseWithoutItsPassword) {
  const auto loaded = load(registry(), flags({{"DATABASE", "--database", "postgres://me:geheim@db/shop"}}));
  EXPECT_EQ(loaded.settings.program.database, "postgres://me:geheim@db/shop");
  EXPECT_EQ(loaded.origin("database").raw, "\"postgres://me:********@db/shop\"");
}

TEST(Load, NamesLineAndColumnOfASyntaxError) {
  EXPECT_THAT(problems(file("a = 1\nb = \n")), ElementsAre(HasSubstr("ballast.toml:2:5: no valid TOML")));
}

TEST(Load, ReportsAllProblemsAtOnce) {
  Sources sources = file("htp.workers = 1\nhttp.workers = \"x\"\n");
  sources.environment = {{"BALLAST_NOPE", "1"}};
  sources.flags = {{"--nope", "--nope", std::nullopt}};
  EXPECT_EQ(problems(sources).size(), 4U);
}

TEST(Load, NeverRepeatsASecretInAMessage) {
  Sources sources = flags({{"--jwt-secret", "--jwt-secret", "@/nonexistent/secret"}});
  EXPECT_THAT(problems(sources), ElementsAre(HasSubstr("cannot read the secret from the file")));
  const auto loaded = load(registry(), flags({{"--jwt-secret", "--jwt-secret", "hunter2hunter2"}}));
  EXPECT_EQ(loaded.origin("jwt.secret").raw, "");
}

TEST(Load, CollectsARepeatedListFlag) {
  const auto loaded =
      load(registry(), flags({{"--listen", "--listen", "127.0.0.1:1"}, {"--listen", "--listen", "unix:/a"}}));
  EXPECT_THAT(loaded.settings.program.listen, ElementsAre("127.0.0.1:1", "unix:/a"));
}

TEST(Load, RefusesFlagsThatContradictEachOther) {
  EXPECT_THAT(problems(flags({{"--rest-path", "--rest-path", "/a"}, {"--rest-path", "--rest-path", "/b"}})),
              ElementsAre(HasSubstr("given twice with different values")));
  EXPECT_THAT(problems(flags({{"DATABASE", "--database", "a.db"}, {"--database", "--database", "b.db"}})),
              ElementsAre(HasSubstr("it contradicts DATABASE")));
  EXPECT_THAT(problems(flags({{"--rest-aggregates", "--rest-aggregates", std::nullopt},
                              {"--no-rest-aggregates", "--no-rest-aggregates", std::nullopt}})),
              ElementsAre(HasSubstr("contradicts --rest-aggregates")));
}

TEST(Load, TakesABooleanFlagWithoutAValueAndItsNegation) {
  EXPECT_TRUE(
      load(registry(), flags({{"--rest-aggregates", "--rest-aggregates", std::nullopt}})).settings.rest.aggregates);
  EXPECT_FALSE(load(registry(), flags({{"--no-compression-enabled", "--no-compression-enabled", std::nullopt}}))
                   .settings.middleware.compression.enabled);
}

TEST(Load, ReadsGrantsKeysAndBodyLimitsFromTheirTables) {
  const auto loaded = load(registry(), file("[access]\nexpose_anonymous = true\n[access.anon]\nposts = \"select\"\n"
                                            "\"*\" = [\"select\", \"insert\"]\n"
                                            "[api_keys.importer]\nhash = \"00ff\"\nrole = \"member\"\n"
                                            "[body_limits]\n\"text/CSV\" = \"1KiB\"\n"));
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_TRUE(loaded.settings.program.expose_anonymous);
  EXPECT_EQ(loaded.settings.rules.of("anon", "posts"), (policy::Grant{true, false, false, false}));
  EXPECT_EQ(loaded.settings.rules.of("anon", "other"), (policy::Grant{true, true, false, false}));
  EXPECT_EQ(loaded.settings.auth.api_keys.at("importer").role, "member");
  EXPECT_EQ(loaded.settings.middleware.body_limit.by_type.at("text/csv"), 1024U);
}

TEST(Load, RefusesAGrantThatIsNone) {
  EXPECT_THAT(problems(file("[access.anon]\nposts = \"selct\"\n")),
              ElementsAre(AllOf(HasSubstr("ballast.toml:2: [access.anon] posts: expected select"),
                                HasSubstr("did you mean \"select\"?"))));
}

TEST(Load, TakesDirectivesByWhatTheyAreAbout) {
  const auto loaded = load(registry(), file("[graphql.directives.schemas]\npublic = 'a'\n"
                                            "[graphql.directives.tables]\naccount = 'b'\n\"public.account\" = 'c'\n"
                                            "[graphql.directives.columns]\n\"account.email\" = 'd'\n"));
  EXPECT_THAT(loaded.problems, IsEmpty());
  const auto& directives = loaded.settings.graphql.directives;
  EXPECT_EQ(directives.schemas.at("public"), "a");
  EXPECT_EQ(directives.relations.at("account"), "b");
  EXPECT_EQ(directives.relations.at("public.account"), "c");
  EXPECT_EQ(directives.columns.at("account.email"), "d");
  for (const auto& [toml, message] :
       {std::pair("[graphql.directives.relations]\na = 'b'", "expected one of the tables"),
        std::pair("[graphql.directives.tables]\na = 1", "expected what stands within @graphql")}) {
    EXPECT_THAT(problems(file(toml)), ElementsAre(HasSubstr(message)));
  }
}

TEST(Load, RefusesSettingsThatContradictEachOther) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"admin.listen = \"0.0.0.0:8081\"", "set admin.expose = true"},
      {"admin.listen = \"127.0.0.1:8080\"", "is also an address of the public listener"},
      {"listen = [\"127.0.0.1:1\", \"127.0.0.1:1\"]", "is given twice"},
      {"listen = []", "expected at least one address"},
      {"listen = [\"example\"]", "not \"example\""},
      {"tls.certificate = \"a.pem\"", "a certificate without tls.key"},
      {"rest.path = \"rest\"", "starts with \"/\""},
      {"rest.path = \"/graphql/v1\"", "is also rest.path"},
      {"rest.path = \"/locks/v1\"", "rest.path: is where leases are"},
      {"graphql.path = \"/locks/v1\"", "graphql.path: is where leases are"},
      {"locks.max_ttl = \"10s\"", "longer than locks.max_ttl"},
      {"graphql.path = \"/\"", "starts with \"/\""},
      {"batch.path = \"/rest/v1\"", "is also rest.path"},
      {"graphql.persisted_only = true", "is set without graphql.persisted"},
      {"cors.allowed_origins = [\"*\"]\ncors.allow_credentials = true", "any web site"},
      {"[api_keys.a]\nrole = \"x\"", "[api_keys.a] has no hash"},
      {"anon_role = \"\"", "expected a role's name"},
  };
  for (const auto& [toml, message] : cases) {
    EXPECT_THAT(problems(file(toml)), ElementsAre(HasSubstr(message))) << toml;
  }
}

}  // namespace
}  // namespace ballast::config
