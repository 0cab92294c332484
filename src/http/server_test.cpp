#include "http/server.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>

#include "http/test_server.hpp"

namespace ballast::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::string_view get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

/// Requests that wait until the test lets them go.
class Gate {
 public:
  Reply wait() {
    boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer never(executor, TimePoint::max());
    enter(never);
    boost::system::error_code ec;
    co_await never.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
    co_return json_response(200, "waited");
  }
  void await_arrivals(std::size_t n) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return waiting_.size() >= n; });
  }
  void open(Worker& worker) {
    boost::asio::post(worker.io(), [this] {
      const std::scoped_lock lock(mutex_);
      for (boost::asio::steady_timer* timer : waiting_) timer->cancel();
    });
  }

 private:
  void enter(boost::asio::steady_timer& timer) {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(&timer);
    arrived_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<boost::asio::steady_timer*> waiting_;
};

class ServerLife : public ServerTest {
 protected:
  void start_gated() {
    start([this](Request&) { return gate_.wait(); });
  }
  Gate gate_;
};

TEST_F(ServerLife, FinishesWhatIsUnderWayWhenDraining) {
  start_gated();
  TestClient client = connect();
  client.send(get);
  gate_.await_arrivals(1);
  std::future<bool> drained = server_->drain(seconds(60));
  gate_.open(server_->worker(0));
  const std::string answer = client.rest();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  client.leave();
  EXPECT_TRUE(drained.get());
}

TEST_F(ServerLife, ClosesIdleConnectionsWhenDraining) {
  start_echo();
  TestClient client = connect();
  client.ask(get);
  std::future<bool> drained = server_->drain(seconds(60));
  EXPECT_THAT(client.rest(), IsEmpty());
  EXPECT_TRUE(drained.get());
}

TEST_F(ServerLife, AnswersAConnectionThatTheKernelHadQueuedWhenDraining) {
  start_gated();
  TestClient first = connect();
  first.send(get);
  gate_.await_arrivals(1);
  std::promise<void> let_go;
  std::shared_future<void> gone(let_go.get_future());
  boost::asio::post(server_->worker(0).io(), [gone] { gone.wait(); });  // the worker is busy, so nothing is accepted
  TestClient second = connect();
  second.send(get);
  std::future<bool> drained = server_->drain(seconds(60));
  let_go.set_value();
  gate_.await_arrivals(2);
  gate_.open(server_->worker(0));
  EXPECT_THAT(second.rest(), EndsWith("waited"));
  first.leave();
  second.leave();
  EXPECT_TRUE(drained.get());
}

TEST_F(ServerLife, CutsWhatIsLeftAfterTheGracePeriod) {
  start_gated();
  TestClient client = connect();
  client.send(get);
  gate_.await_arrivals(1);
  EXPECT_FALSE(server_->drain(milliseconds(20)).get());
  EXPECT_THAT(client.rest(), IsEmpty());
}

TEST_F(ServerLife, AcceptsNothingOnceDrained) {
  start_echo();
  EXPECT_TRUE(drained_within(seconds(10)));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(address_.port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), -1);
  EXPECT_EQ(errno, ECONNREFUSED);
}

TEST_F(ServerLife, StopsWithRequestsUnderWay) {
  start_gated();
  TestClient client = connect();
  client.send(get);
  gate_.await_arrivals(1);
  server_.reset();
  EXPECT_THAT(client.rest(), IsEmpty());
}

TEST_F(ServerLife, TurnsAwayConnectionsBeyondTheLimit) {
  settings_.max_connections = 2;
  start_echo();
  TestClient first = connect();
  TestClient second = connect();
  first.ask(get);
  second.ask(get);
  const std::string answer = connect().rest();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(answer, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4,
            std::stoul(answer.substr(answer.find("Content-Length: ") + 16)));
  EXPECT_EQ(server_->stats().connections_refused, 1U);
  EXPECT_THAT(first.ask(get), EndsWith("GET /a "));
}

TEST_F(ServerLife, GoesOnWhenDescriptorsAreThereAgain) {
  start_echo();
  connect().ask(get);
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(FileDescriptor(::dup(0)).get());  // the lowest that is free
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  TestClient client(address_, 0, std::move(socket));
  await_report();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_THAT(reports(), testing::ElementsAre(HasSubstr("cannot be accepted")));
  EXPECT_THAT(client.ask(get), EndsWith("GET /a "));
}

TEST_F(ServerLife, SpreadsOverSeveralWorkers) {
  settings_.workers = 3;
  std::mutex mutex;
  std::vector<unsigned> seen;
  start([&](Request&) {
    const std::scoped_lock lock(mutex);
    seen.push_back(Worker::current()->index());
    return ready(json_response(200, "x"));
  });
  std::deque<TestClient> clients;
  for (int i = 0; i < 64; ++i) {
    clients.emplace_back(address_);
    EXPECT_THAT(clients.back().ask(get), EndsWith("x"));
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen.size(), 64U);
  EXPECT_NE(seen.front(), seen.back());
  EXPECT_LT(seen.back(), 3U);
}

class UnixServer : public testing::Test {
 protected:
  UnixServer() {
    char pattern[] = "/tmp/ballast-server-XXXXXX";
    folder_ = ::mkdtemp(pattern);
    settings_.workers = 2;
  }
  ~UnixServer() override { ::rmdir(folder_.c_str()); }

  Handler who_ = [](Request& request) { return ready(json_response(200, request.peer_address)); };
  std::string folder_;
  Settings settings_;
  Chain chain_;
};

TEST_F(UnixServer, AnswersAndRemovesItsSocketWhenItDrains) {
  Server server(settings_, who_, chain_, nullptr, {});
  const auto address = server.listen(*ListenAddress::parse("unix:" + folder_ + "/s"));
  ASSERT_TRUE(address);
  server.start();
  EXPECT_THAT(TestClient(*address).ask(get), EndsWith("unix"));
  EXPECT_TRUE(server.drain(seconds(10)).get());
  EXPECT_EQ(::access(address->unix_path.c_str(), F_OK), -1);
}

TEST_F(UnixServer, ServesASocketThatSomeoneElseOpened) {
  ListenAddress address = *ListenAddress::parse("127.0.0.1:0");
  auto opened = open_listeners(address, 1, settings_);
  ASSERT_TRUE(opened);
  Server server(settings_, who_, chain_, nullptr, {});
  ASSERT_TRUE(server.adopt(std::move(opened->front())));
  server.start();
  EXPECT_THAT(TestClient(address).ask(get), EndsWith("127.0.0.1"));
}

TEST(ServerListen, SaysWhenAnAddressIsTaken) {
  const Chain chain;
  Server first(Settings{.workers = 1}, nullptr, chain, nullptr, {});
  Server second(Settings{.workers = 1}, nullptr, chain, nullptr, {});
  const auto address = first.listen(*ListenAddress::parse("127.0.0.1:0"));
  ASSERT_TRUE(address);
  const auto again = second.listen(*address);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr(address->to_string()));
}

TEST(ServerHooks, RunOnTheWorkersThreadBeforeAndAfter) {
  const Chain chain;
  std::vector<std::string> calls;
  Server::Hooks hooks;
  hooks.worker_started = [&](Worker& worker) { calls.push_back(Worker::current() == &worker ? "started" : "wrong"); };
  hooks.worker_stopped = [&](Worker&) { calls.emplace_back("stopped"); };
  Server server(Settings{.workers = 1}, nullptr, chain, nullptr, std::move(hooks));
  server.start();
  EXPECT_TRUE(server.drain(seconds(10)).get());
  server.stop();
  EXPECT_THAT(calls, testing::ElementsAre("started", "stopped"));
}

}  // namespace
}  // namespace ballast::http
