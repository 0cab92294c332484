#include "config/describe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace ballast::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Loaded loaded_with_everything() {
  Sources sources;
  sources.file_text =
      "schemas = [\"a\", \"b\"]\n[jwt]\nsecret = \"hunter2hunter2hunter2hunter2hunter2\"\n[access.anon]\n\"*\" = "
      "\"select\"\n[api_keys.k]\nhash = \"c0ffee\"\nrole = \"member\"\n[body_limits]\n\"text/csv\" = 10\n";
  return load(registry(), sources);
}

TEST(Describe, MasksSecrets) {
  for (const auto& text :
       {print_toml(registry(), loaded_with_everything()), print_json(registry(), loaded_with_everything())}) {
    EXPECT_THAT(text, Not(HasSubstr("hunter2")));
    EXPECT_THAT(text, Not(HasSubstr("c0ffee")));
  }
}

TEST(Describe, SaysWhereEachValueComesFrom) {
  EXPECT_THAT(print_toml(registry(), loaded_with_everything()), HasSubstr("# ballast.toml:1\n"));
  EXPECT_THAT(print_json(registry(), loaded_with_everything()),
              HasSubstr("{\"name\": \"schemas\", \"value\": [\"a\", \"b\"], \"source\": \"file\", \"where\": "
                        "\"ballast.toml:1\"}"));
}

TEST(Describe, PrintsASettingsFileThatLoadsToTheSameSettings) {
  Sources sources;
  sources.file_text = print_toml(registry(), Loaded{});
  const auto again = load(registry(), sources);
  EXPECT_THAT(again.problems, IsEmpty());
  const Settings defaults;
  for (const auto& setting : registry().settings()) EXPECT_EQ(setting.show(again.settings), setting.show(defaults));
}

TEST(Describe, KeepsTheReferencePageUpToDate) {
  std::ifstream page(BALLAST_SOURCE_DIR "/docs/reference/settings.md");
  const std::string committed{std::istreambuf_iterator<char>(page), std::istreambuf_iterator<char>()};
  EXPECT_EQ(committed, markdown(registry())) << "run: ballast config --markdown > docs/reference/settings.md";
}

TEST(Describe, ShowsADatabaseWithoutItsPasswordAndBesideItsTable) {
  Loaded loaded;
  loaded.settings.program.database = "postgres://me:geheim@db/shop";
  const auto toml = print_toml(registry(), loaded);
  EXPECT_THAT(toml, HasSubstr("[database]\nurl = \"postgres://me:********@db/shop\""));
  EXPECT_THAT(toml, Not(HasSubstr("geheim")));
  EXPECT_THAT(print_json(registry(), loaded), Not(HasSubstr("geheim")));
}

}  // namespace
}  // namespace ballast::config
