#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "cli/command.hpp"
#include "cli/completions.hpp"
#include "cli/demo.hpp"
#include "cli/explain.hpp"
#include "cli/help.hpp"
#include "cli/man.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/test_support.hpp"

namespace ballast::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::vector<OwnFlag> own = {{"--json", "", ""}, {"--settings", "FILE", ""}};

Arguments parsed(const std::vector<std::string>& words) {
  auto result = parse_arguments(words, own);
  EXPECT_TRUE(result) << result.error().message;
  return std::move(result).value();
}

TEST(Arguments, TellsCommandOperandsAndFlagsApart) {
  const auto arguments =
      parsed({"dev", "--json", "shop.db", "--listen", "unix:/a", "--http-workers=2", "--settings", "f"});
  EXPECT_EQ(arguments.command, "dev");
  EXPECT_THAT(arguments.positional, ElementsAre("shop.db"));
  EXPECT_TRUE(arguments.has("--json"));
  EXPECT_EQ(arguments.value("--settings"), "f");
  ASSERT_THAT(arguments.settings, SizeIs(2));
  EXPECT_EQ(arguments.settings[0].name, "--listen");
  EXPECT_EQ(arguments.settings[0].value, "unix:/a");
  EXPECT_EQ(arguments.settings[1].value, "2");
}

TEST(Arguments, TakesNoValueAfterABooleanSetting) {
  const auto arguments = parsed({"dev", "--rest-aggregates", "shop.db", "--no-compression-enabled"});
  EXPECT_THAT(arguments.positional, ElementsAre("shop.db"));
  EXPECT_THAT(arguments.settings, SizeIs(2));
}

TEST(Arguments, TakesEverythingAfterTwoDashesAsItIs) {
  EXPECT_THAT(parsed({"dev", "--", "--odd.db"}).positional, ElementsAre("--odd.db"));
}

TEST(Arguments, RefusesAFlagWithoutItsValueOrWithOneTooMany) {
  EXPECT_FALSE(parse_arguments({"dev", "--listen"}, own));
  EXPECT_FALSE(parse_arguments({"dev", "--json=1"}, own));
}

TEST(Commands, HaveHelpWithExamplesAndNoFlagThatHidesASetting) {
  for (const auto& command : commands()) {
    EXPECT_THAT(general_help(false), HasSubstr(std::string(command.name)));
    EXPECT_THAT(command_help(command, false), HasSubstr("ballast " + std::string(command.name)));
    EXPECT_NE(command.run, nullptr);
    for (const auto& flag : command.flags) EXPECT_EQ(config::registry().by_flag(flag.name), nullptr) << flag.name;
  }
}

TEST(Commands, UseColoursOnlyWhenAsked) {
  EXPECT_THAT(general_help(false), Not(HasSubstr("\033")));
  EXPECT_THAT(general_help(true), HasSubstr("\033[1m"));
}

TEST(Completions, KnowEveryCommandAndSetting) {
  for (const auto& text : {bash_completions(), zsh_completions(), fish_completions()}) {
    for (const auto& command : commands()) EXPECT_THAT(text, HasSubstr(std::string(command.name)));
    for (const auto& setting : config::registry().settings()) {
      EXPECT_THAT(text, HasSubstr(setting.flag().substr(2))) << setting.name;
    }
  }
}

TEST(ManPage, DescribesEverySettingAndEscapesWhatRoffWouldTake) {
  const auto page = man_page();
  for (const auto& setting : config::registry().settings()) EXPECT_THAT(page, HasSubstr(".B " + setting.name));
  std::set<std::string> requests;
  for (std::size_t at = 0; at != std::string::npos;) {
    const auto end = page.find('\n', at);
    const auto line = page.substr(at, end - at);
    if (line.starts_with('.')) requests.insert(line.substr(0, line.find(' ')));
    at = end == std::string::npos ? end : end + 1;
  }
  EXPECT_THAT(requests, testing::IsSubsetOf({".TH", ".SH", ".TP", ".B", ".I", ".RS", ".RE", ".PP", ".nf", ".fi"}));
}

/// One demo database for the tests below.
class Demo : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<storage::testing::TemporaryFolder>();
    const auto made = create_demo(folder_->file("demo.db"), 1, [](double) {});
    ASSERT_TRUE(made) << made.error().message;
    auto opened = storage::open_sqlite(folder_->file("demo.db"));
    ASSERT_TRUE(opened);
    loop_ = std::make_unique<storage::testing::Loop>();
    storage_ = std::move(*opened);
  }
  static void TearDownTestSuite() {
    storage_.reset();
    loop_.reset();
    folder_.reset();
  }

  static std::string rows(const std::string& sql) { return loop_->rows(*storage_, sql); }

  static std::unique_ptr<storage::testing::TemporaryFolder> folder_;
  static std::unique_ptr<storage::testing::Loop> loop_;  // outlives the storage
  static std::unique_ptr<storage::Storage> storage_;
};
std::unique_ptr<storage::testing::TemporaryFolder> Demo::folder_;
std::unique_ptr<storage::testing::Loop> Demo::loop_;
std::unique_ptr<storage::Storage> Demo::storage_;

TEST_F(Demo, HasCustomersWithAndWithoutOrders) {
  EXPECT_EQ(rows("SELECT count(*) > 0 FROM customers WHERE id IN (SELECT customer_id FROM orders)"), "1");
  EXPECT_EQ(rows("SELECT count(*) > 0 FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)"), "1");
}

TEST_F(Demo, HasNoKeyThatPointsNowhere) { EXPECT_EQ(rows("SELECT count(*) FROM pragma_foreign_key_check"), "0"); }

TEST_F(Demo, HasAnIndexForEveryForeignKey) {
  // The first column of each foreign key is the first column of some index or the primary key.
  EXPECT_EQ(
      rows("SELECT m.name, f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' "
           "AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) l, pragma_index_info(l.name) i "
           "WHERE i.seqno = 0 AND i.name = f.\"from\")"),
      "");
}

TEST_F(Demo, IsNotWrittenOverAFileThatIsThere) {
  const auto again = create_demo(folder_->file("demo.db"), 1, [](double) {});
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr("demo.db"));
}

TEST_F(Demo, IsExplainedForBothEngines) {
  const auto snapshot = storage_->introspect().value();
  const auto explained = explain({"GET /rest/v1/posts?select=title,comments(body)&id=eq.1", {}, {}}, snapshot, {});
  ASSERT_TRUE(explained);
  EXPECT_THAT(explained->operation, AllOf(HasSubstr("read public.posts"), HasSubstr("comments")));
  EXPECT_THAT(explained->errors, IsEmpty());
  ASSERT_THAT(explained->statements.at("sqlite"), SizeIs(1));
  ASSERT_THAT(explained->statements.at("postgres"), SizeIs(1));
  EXPECT_THAT(explained->statements.at("sqlite")[0].text, HasSubstr("?1"));
  EXPECT_THAT(explained->statements.at("postgres")[0].text, HasSubstr("$1"));
}

TEST_F(Demo, ExplainsWritesWithTheirBodies) {
  const auto explained =
      explain({"POST /rest/v1/tags", {}, R"([{"name":"a"},{"name":"b"}])"}, storage_->introspect().value(), {});
  ASSERT_TRUE(explained);
  EXPECT_THAT(explained->statements.at("sqlite"), SizeIs(2));
  EXPECT_THAT(explained->statements.at("postgres"), SizeIs(1));
}

TEST_F(Demo, ExplainsWhyThereIsNothingToExplain) {
  const auto snapshot = storage_->introspect().value();
  const auto unknown = explain({"GET /rest/v1/postz", {}, {}}, snapshot, {});
  ASSERT_TRUE(unknown);
  EXPECT_THAT(unknown->errors.at("sqlite"), HasSubstr("PGRST205"));
  EXPECT_FALSE(explain({"/rest/v1/posts", {}, {}}, snapshot, {}));
}

}  // namespace
}  // namespace ballast::cli
