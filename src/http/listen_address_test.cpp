#include "http/listen_address.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

namespace ballast::http {
namespace {

TEST(ListenAddress, ReadsWhatItPrints) {
  for (const char* text : {"127.0.0.1:8080", "[::1]:80", "0.0.0.0:0", "unix:/run/a.sock"}) {
    const auto address = ListenAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), text);
  }
}

TEST(ListenAddress, KnowsShortNames) {
  EXPECT_EQ(ListenAddress::parse("localhost:1")->host, "127.0.0.1");
  EXPECT_EQ(ListenAddress::parse("*:1")->host, "0.0.0.0");
}

TEST(ListenAddress, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                           "127.0.0.1:80x", "::1:80", "[::1]", "[1.2.3.4]:80", "example.com:80", "unix:"}) {
    EXPECT_FALSE(ListenAddress::parse(text)) << text;
  }
}

TEST(ListenAddress, TellsLoopbackFromTheNetwork) {
  EXPECT_TRUE(ListenAddress::parse("127.1.2.3:80")->is_loopback());
  EXPECT_TRUE(ListenAddress::parse("[::1]:80")->is_loopback());
  EXPECT_TRUE(ListenAddress::parse("unix:/a")->is_loopback());
  EXPECT_FALSE(ListenAddress::parse("*:80")->is_loopback());
}

TEST(OpenListeners, SharesOnePortAmongCopiesButNotWithAnotherServer) {
  auto address = *ListenAddress::parse("127.0.0.1:0");
  const auto first = open_listeners(address, 2, Settings());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->size(), 2U);
  ASSERT_NE(address.port, 0);
  auto again = address;
  const auto second = open_listeners(again, 2, Settings());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "BLST_LISTEN");
  EXPECT_FALSE(second.error().hint.empty());
}

class UnixListener : public testing::Test {
 protected:
  UnixListener() {
    char pattern[] = "/tmp/ballast-listen-XXXXXX";
    folder_ = ::mkdtemp(pattern);
    address_.unix_path = folder_ + "/socket";
  }
  ~UnixListener() override {
    ::unlink(address_.unix_path.c_str());
    ::rmdir(folder_.c_str());
  }

  std::string folder_;
  ListenAddress address_;
};

TEST_F(UnixListener, GivesTheSocketItsPermissions) {
  Settings settings;
  settings.unix_socket_mode = 0600;
  const auto listeners = open_listeners(address_, 4, settings);
  ASSERT_TRUE(listeners);
  EXPECT_EQ(listeners->size(), 1U);
  struct stat found {};
  ASSERT_EQ(::stat(address_.unix_path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(UnixListener, ReplacesAStaleSocket) {
  ASSERT_TRUE(open_listeners(address_, 1, Settings()));  // closed at once; the file stays
  EXPECT_TRUE(open_listeners(address_, 1, Settings()));
}

TEST_F(UnixListener, LeavesALivingSocketAlone) {
  const auto living = open_listeners(address_, 1, Settings());
  ASSERT_TRUE(living);
  EXPECT_FALSE(open_listeners(address_, 1, Settings()));
}

TEST_F(UnixListener, LeavesAFileThatIsNoSocketAlone) {
  std::ofstream(address_.unix_path) << "precious";
  EXPECT_FALSE(open_listeners(address_, 1, Settings()));
  std::string content;
  std::ifstream(address_.unix_path) >> content;
  EXPECT_EQ(content, "precious");
}

}  // namespace
}  // namespace ballast::http
