#include "http/socket_activation.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "http/listen_address.hpp"

namespace ballast::http {
namespace {

/// In a process of its own, since the protocol fixes descriptor 3 and the environment: exits with 0 when a listening
/// socket at 3 is found and what does not listen at 4 is not.
[[noreturn]] void take_sockets(pid_t addressee) {
  auto address = *ListenAddress::parse("127.0.0.1:0");
  const auto listeners = open_listeners(address, 1, Settings());
  ::dup2(listeners->front().get(), 3);
  ::dup2(STDERR_FILENO, 4);
  ::setenv("LISTEN_PID", std::to_string(addressee).c_str(), 1);
  ::setenv("LISTEN_FDS", "2", 1);
  ::setenv("LISTEN_FDNAMES", "web:admin", 1);
  const auto sockets = take_activated_sockets();
  if (sockets.empty()) std::_Exit(2);
  const bool right = sockets.size() == 1 && sockets[0].descriptor.get() == 3 && sockets[0].name == "web" &&
                     (::fcntl(3, F_GETFD) & FD_CLOEXEC) != 0 && std::getenv("LISTEN_FDS") == nullptr;
  std::_Exit(right ? 0 : 1);
}

TEST(SocketActivationDeathTest, TakesTheSocketsThatListenAndCleansTheEnvironment) {
  EXPECT_EXIT(take_sockets(::getpid()), testing::ExitedWithCode(0), "");
}

TEST(SocketActivationDeathTest, LeavesSocketsOfAnotherProcessAlone) {
  EXPECT_EXIT(take_sockets(::getppid()), testing::ExitedWithCode(2), "");
}

TEST(SocketActivation, FindsNothingWithoutAServiceManager) { EXPECT_TRUE(take_activated_sockets().empty()); }

}  // namespace
}  // namespace ballast::http
