#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "base/result.hpp"

namespace ballast::locks::testing {

/// Calls `take` with the answer. Spawned, several of these are under way at once.
template <class T>
boost::asio::awaitable<void> tell(boost::asio::awaitable<Result<T>> awaitable, std::function<void(Result<T>)> take) {
  Result<T> answer = co_await std::move(awaitable);
  take(std::move(answer));
}

}  // namespace ballast::locks::testing
