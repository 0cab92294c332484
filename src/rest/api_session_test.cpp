#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rest/api.hpp"
#include "rest/test_catalog.hpp"
#include "rest/test_storage.hpp"

namespace ballast::rest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

/// Remembers under which session statements ran, and leaves an answer in it.
class Listening final : public testing::ScriptedStorage {
 public:
  storage::SessionAnswer left;
  std::vector<std::string> roles;
  unsigned asked = 0;  ///< times that somebody wanted the answer

  boost::asio::awaitable<Result<storage::Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                        storage::Context context) override {
    note(context);
    return ScriptedStorage::read(statement, sink, context);
  }
  boost::asio::awaitable<Result<void>> transact(storage::UnitOfWork& unit, storage::Context context) override {
    note(context);
    return ScriptedStorage::transact(unit, context);
  }

 private:
  void note(const storage::Context& context) {
    if (context.session != nullptr) {
      for (const auto& [name, value] : context.session->settings) {
        if (name == "role") roles.push_back(value);
      }
    }
    if (context.answer == nullptr) return;
    ++asked;
    *context.answer = left;
  }
};

class RestSession : public ::testing::Test {
 protected:
  RestSession() {
    settings_.roles = true;
    rules_->open = true;
  }

  http::Response ask(http::Method method, std::string_view path, std::string payload = {}) {
    if (!api_) api_ = std::make_unique<Api>(storage_, catalog_, rules_, settings_);
    http::Request request;
    request.method = method;
    request.method_name = http::to_string(method);
    request.path = path;
    request.body = std::move(payload);
    request.principal.role = role_;
    request.principal.authenticated = role_ != "anon";
    if (timed_) request.watch.start();
    return testing::wait(api_->handle(request));
  }

  Listening storage_;
  catalog::Holder catalog_{testing::snapshot()};
  std::shared_ptr<policy::Rules> rules_ = std::make_shared<policy::Rules>();
  Settings settings_;
  std::string role_ = "anon";
  bool timed_ = false;
  std::unique_ptr<Api> api_;
};

TEST_F(RestSession, GivesEachCallerItsRoleAlthoughTheyShareAPlan) {
  ask(http::Method::get, "/rest/v1/clients");
  role_ = "author";
  ask(http::Method::get, "/rest/v1/clients");
  ask(http::Method::post, "/rest/v1/clients", R"({"id":1})");
  EXPECT_THAT(storage_.roles, ElementsAre("anon", "author", "author"));
}

TEST_F(RestSession, IsNotMadeWithoutRoles) {
  settings_.roles = false;
  ask(http::Method::get, "/rest/v1/clients");
  ask(http::Method::post, "/rest/v1/clients", R"({"id":1})");
  EXPECT_THAT(storage_.roles, IsEmpty());
  EXPECT_EQ(storage_.asked, 0U);
}

TEST_F(RestSession, IsAskedForAnAnswerWhereOneCanBe) {
  ask(http::Method::get, "/rest/v1/clients");
  EXPECT_EQ(storage_.asked, 0U);
  ask(http::Method::del, "/rest/v1/clients");
  EXPECT_EQ(storage_.asked, 1U);
  api_.reset();
  settings_.pre_request = "api.check";
  ask(http::Method::get, "/rest/v1/clients");
  EXPECT_EQ(storage_.asked, 2U);
}

TEST_F(RestSession, PutsTheAnswerOverTheServers) {
  settings_.pre_request = "api.check";
  storage_.left = {R"([{"Content-Type":"text/x"},{"X-More":"1"}])", "202"};
  const auto answer = ask(http::Method::get, "/rest/v1/clients");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(*answer.find("Content-Type"), "text/x");
  EXPECT_EQ(*answer.find("X-More"), "1");
  storage_.left = {"nonsense", ""};
  const auto refused = ask(http::Method::get, "/rest/v1/clients");
  EXPECT_EQ(refused.status, 500);
  EXPECT_EQ(*refused.find("Proxy-Status"), "PostgREST; error=PGRST111");
}

TEST_F(RestSession, InvitesAnAnonymousCallerToShowAToken) {
  storage_.failure = make_error(403, "42501", "permission denied for table clients");
  const auto anonymous = ask(http::Method::get, "/rest/v1/clients");
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_EQ(*anonymous.find("WWW-Authenticate"), "Bearer");
  role_ = "author";
  const auto known = ask(http::Method::get, "/rest/v1/clients");
  EXPECT_EQ(known.status, 403);
  EXPECT_EQ(known.find("WWW-Authenticate"), nullptr);
}

TEST_F(RestSession, LetsNobodyBeTheConnectionsOwnUser) {
  role_ = "none";
  EXPECT_EQ(ask(http::Method::get, "/rest/v1/clients").status, 401);
  EXPECT_EQ(ask(http::Method::post, "/rest/v1/clients", R"({"id":1})").status, 401);
  EXPECT_THAT(storage_.roles, IsEmpty());
}

TEST_F(RestSession, TellsTimesWhenTheStopwatchRuns) {
  EXPECT_EQ(ask(http::Method::get, "/rest/v1/clients").find("Server-Timing"), nullptr);
  timed_ = true;
  constexpr auto five =
      "jwt;dur=[0-9]+.[0-9], parse;dur=[0-9]+.[0-9], plan;dur=[0-9]+.[0-9], transaction;dur=[0-9]+.[0-9], "
      "response;dur=[0-9]+.[0-9]";
  EXPECT_THAT(*ask(http::Method::get, "/rest/v1/clients").find("Server-Timing"), MatchesRegex(five));
  EXPECT_THAT(*ask(http::Method::post, "/rest/v1/clients", R"({"id":1})").find("Server-Timing"), MatchesRegex(five));
  EXPECT_THAT(*ask(http::Method::get, "/rest/v1/nothing").find("Server-Timing"), MatchesRegex(five));
}

}  // namespace
}  // namespace ballast::rest
