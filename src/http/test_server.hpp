#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "http/server.hpp"
#include "http/test_client.hpp"

namespace ballast::http {

/// A server on a free loopback port whose deadlines pass within milliseconds where a test says so.
class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    settings_.workers = 1;
    settings_.sweep_interval = std::chrono::milliseconds(5);
  }

  void start(Handler handler) {
    Server::Hooks hooks;
    hooks.report = [this](std::string_view what) {
      const std::scoped_lock lock(mutex_);
      reports_.emplace_back(what);
      reported_.notify_all();
    };
    server_ = std::make_unique<Server>(settings_, std::move(handler), chain_, render_, std::move(hooks));
    auto address = server_->listen(ListenAddress{.host = "127.0.0.1", .port = 0, .unix_path = {}});
    ASSERT_TRUE(address) << address.error().message;
    address_ = *address;
    server_->start();
  }
  /// Answers with method, target and body.
  void start_echo() {
    start([](Request& request) {
      std::string text = std::string(request.method_name) + " " + std::string(request.target) + " " + request.body;
      return ready(json_response(200, std::move(text)));
    });
  }
  TestClient connect(int receive_buffer = 0) { return TestClient(address_, receive_buffer); }
  /// What a connection of its own gets for `bytes`, to its end.
  std::string all_of(std::string_view bytes) {
    TestClient client = connect();
    client.send(bytes);
    return client.rest();
  }
  /// Waits until no connection is left: `drain` says so.
  bool drained_within(Duration grace) { return server_->drain(grace).get(); }
  std::vector<std::string> reports() {
    const std::scoped_lock lock(mutex_);
    return reports_;
  }

  void await_report() {
    std::unique_lock lock(mutex_);
    reported_.wait(lock, [this] { return !reports_.empty(); });
  }

  Settings settings_;
  Chain chain_;
  ErrorRenderer render_;
  ListenAddress address_;
  std::unique_ptr<Server> server_;

 private:
  std::mutex mutex_;
  std::condition_variable reported_;
  std::vector<std::string> reports_;
};

}  // namespace ballast::http
