#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "base/check.hpp"
#include "base/error.hpp"

namespace ballast {

/// Either a `T` or the `Error` that stood in its way. Expected outcomes travel in this; exceptions are for
/// bugs and a broken world. The error lives on the heap so that a `Result<T>` costs little more than a `T`.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)                                                    // NOLINT(google-explicit-constructor)
      : state_(std::in_place_index<1>, std::make_unique<Error>(std::move(error))) {}

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  /// Requires `ok()`; a call without it is a bug and throws.
  T& value() & {
    check(ok(), "Result::value() on an error");
    return std::get<0>(state_);
  }
  const T& value() const& {
    check(ok(), "Result::value() on an error");
    return std::get<0>(state_);
  }
  T&& value() && {
    check(ok(), "Result::value() on an error");
    return std::move(std::get<0>(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Requires `!ok()`.
  Error& error() & {
    check(!ok(), "Result::error() on a value");
    return *std::get<1>(state_);
  }
  const Error& error() const& {
    check(!ok(), "Result::error() on a value");
    return *std::get<1>(state_);
  }
  Error&& error() && {
    check(!ok(), "Result::error() on a value");
    return std::move(*std::get<1>(state_));
  }

 private:
  std::variant<T, std::unique_ptr<Error>> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::make_unique<Error>(std::move(error))) {}  // NOLINT(google-explicit-constructor)

  bool ok() const noexcept { return error_ == nullptr; }
  explicit operator bool() const noexcept { return ok(); }
  Error& error() & {
    check(!ok(), "Result::error() on a value");
    return *error_;
  }
  const Error& error() const& {
    check(!ok(), "Result::error() on a value");
    return *error_;
  }
  Error&& error() && {
    check(!ok(), "Result::error() on a value");
    return std::move(*error_);
  }

 private:
  std::unique_ptr<Error> error_;
};

}  // namespace ballast

/// `BALLAST_TRY(auto name, expression)`: the value, or return the error from the enclosing function.
#define BALLAST_TRY_CONCAT2(a, b) a##b
#define BALLAST_TRY_CONCAT(a, b) BALLAST_TRY_CONCAT2(a, b)
#define BALLAST_TRY_IMPL(temporary, declaration, ...)  \
  auto temporary = (__VA_ARGS__);                      \
  if (!temporary) return std::move(temporary).error(); \
  declaration = std::move(temporary).value()
#define BALLAST_TRY(declaration, ...) BALLAST_TRY_IMPL(BALLAST_TRY_CONCAT(try_, __LINE__), declaration, __VA_ARGS__)
/// `BALLAST_CHECKED(expression)`: return the error of a `Result<void>` from the enclosing function, if any.
#define BALLAST_CHECKED(...) \
  if (auto checked = (__VA_ARGS__); !checked) return std::move(checked).error()
