#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

namespace ballast::storage {

/// A coroutine that waits for another thread's work.
class Waiter {
 public:
  virtual ~Waiter() = default;
  /// On the coroutine's own loop, once.
  virtual void resume() = 0;
};
using WaiterPtr = std::unique_ptr<Waiter>;

/// What is handed to another thread. It lives in the waiting coroutine's frame, and must not be touched once the
/// waiter was posted.
struct Job {
  boost::asio::any_io_executor executor;
  WaiterPtr waiter;
  std::exception_ptr exception;  ///< rethrown in the coroutine
};

template <class Handler>
class HandlerWaiter final : public Waiter {
 public:
  explicit HandlerWaiter(Handler handler) : handler_(std::move(handler)) {}
  void resume() override { std::move(handler_)(); }

 private:
  Handler handler_;
};

/// Puts the waiter into `job`, calls `submit(job)` (which must not throw), and returns when the waiter is resumed.
template <class AnyJob, class Submit>
boost::asio::awaitable<void> hand_over(AnyJob& job, Submit submit) {
  auto initiate = [&job, submit](auto handler) {
    job.waiter = std::make_unique<HandlerWaiter<decltype(handler)>>(std::move(handler));
    submit(job);
  };
  auto waiting = boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(std::move(initiate),
                                                                                           boost::asio::use_awaitable);
  co_await std::move(waiting);
}

/// Resumes coroutines of one loop with one post.
class Resumption {
 public:
  explicit Resumption(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
  void add(WaiterPtr waiter) { waiters_.push_back(std::move(waiter)); }
  static void post(Resumption resumption) {
    const boost::asio::any_io_executor executor = resumption.executor_;
    boost::asio::post(executor, [batch = std::move(resumption)]() mutable { batch.run(); });
  }

 private:
  void run() {
    // A coroutine whose exception nobody caught must not take the others along.
    struct Rest {
      Resumption& of;
      ~Rest() {
        if (of.next_ < of.waiters_.size()) post(std::move(of));
      }
    } rest{*this};
    while (next_ < waiters_.size()) {
      const WaiterPtr waiter = std::move(waiters_[next_++]);
      waiter->resume();
    }
  }

  boost::asio::any_io_executor executor_;
  std::vector<WaiterPtr> waiters_;
  std::size_t next_ = 0;
};

/// Resumes the coroutines of all these jobs, one post for each loop.
template <class Jobs>
void resume_all(const Jobs& jobs) {
  std::vector<Resumption> loops;
  for (auto* job : jobs) {
    Resumption* mine = nullptr;
    for (auto& loop : loops) {
      if (loop.executor() == job->executor) mine = &loop;
    }
    if (mine == nullptr) mine = &loops.emplace_back(job->executor);
    mine->add(std::move(job->waiter));
  }
  for (auto& loop : loops) Resumption::post(std::move(loop));
}

}  // namespace ballast::storage
