#pragma once

#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <deque>
#include <memory>
#include <utility>

namespace ballast::storage {

/// Runs coroutines on whatever thread calls `run`, and nowhere else: for work that is advanced step by step from
/// outside. Not thread-safe; there is nothing in it that could wait.
class InlineExecutor {
 public:
  InlineExecutor() : tasks_(std::make_shared<Tasks>()) {}

  /// Until nothing is left to do.
  void run() const {
    while (!tasks_->empty()) {
      const std::unique_ptr<Task> task = std::move(tasks_->front());
      tasks_->pop_front();
      task->run();
    }
  }
  void clear() const { tasks_->clear(); }

  // What an executor has to offer (Boost.Asio, "Executor requirements").
  boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept { return context(); }
  static constexpr boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) noexcept {
    return boost::asio::execution::blocking.never;
  }
  template <class Function>
  void execute(Function function) const {
    tasks_->push_back(std::make_unique<TaskOf<Function>>(std::move(function)));
  }
  friend bool operator==(const InlineExecutor& a, const InlineExecutor& b) noexcept { return a.tasks_ == b.tasks_; }
  friend bool operator!=(const InlineExecutor& a, const InlineExecutor& b) noexcept { return !(a == b); }

 private:
  struct Task {
    virtual ~Task() = default;
    virtual void run() = 0;
  };
  template <class Function>
  struct TaskOf final : Task {
    explicit TaskOf(Function given) : function(std::move(given)) {}
    void run() override { function(); }
    Function function;
  };
  using Tasks = std::deque<std::unique_ptr<Task>>;

  static boost::asio::execution_context& context() {
    static boost::asio::execution_context one;
    return one;
  }

  std::shared_ptr<Tasks> tasks_;
};

}  // namespace ballast::storage
