#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "policy/principal.hpp"
#include "rest/settings.hpp"
#include "storage/storage.hpp"

namespace ballast::rest {

/// What PostgreSQL is told of one request and what it answers besides rows. On loan from the thread's store, so that
/// its strings keep their room; given back in the end.
class SessionLoan {
 public:
  SessionLoan() = default;
  ~SessionLoan();
  SessionLoan(const SessionLoan&) = delete;
  SessionLoan& operator=(const SessionLoan&) = delete;

  /// Taken from the store at its first use.
  storage::Session& session() { return held().session; }
  storage::SessionAnswer& answer() { return held().answer; }
  /// Null when it was never used.
  const storage::SessionAnswer* answered() const noexcept { return held_ ? &held_->answer : nullptr; }

 private:
  struct Held {
    storage::Session session;
    storage::SessionAnswer answer;
  };
  Held& held();
  static std::vector<std::unique_ptr<Held>>& store();

  std::unique_ptr<Held> held_;
};

/// What a request asks of its transaction besides what roles mode tells.
struct SessionWishes {
  std::string_view search_path;  ///< from Sessions::search_path; roles mode only
  std::string_view timezone;     ///< empty: the database's
  bool read_only = false;
};

/// Makes sessions, as PostgREST's reference documents them ("Transaction-Scoped Settings"): search_path, role,
/// request.jwt.claims, request.method, request.path, request.headers, request.cookies, timezone, and the operator's
/// own. Constant, thread-safe.
class Sessions {
 public:
  /// `base` is the path of the API, which `request.path` leaves out: PostgREST is served at the root.
  Sessions(const Settings& settings, std::string_view base);

  bool roles() const noexcept { return roles_; }
  bool pre_request() const noexcept { return !pre_request_.empty(); }
  /// May the caller's role be taken at all? 401 for "none", which PostgreSQL takes for the connection's own user
  /// (manual, SET ROLE) and no token may name. Every front end asks before anything else.
  Result<void> check(const policy::Principal& principal) const;
  /// The request's schema, then those of `database.search_path`.
  std::string search_path(std::string_view schema) const;
  /// Replaces what `session` holds. `anonymous` is the role of a caller without one.
  void write(storage::Session& session, const http::Request& request, const SessionWishes& wishes,
             std::string_view anonymous) const;

 private:
  bool roles_;
  std::size_t base_;
  std::string pre_request_;   ///< quoted
  std::string further_path_;  ///< ", "a", "b""
  std::vector<std::pair<std::string, std::string>> own_;
};

/// Puts what the transaction set in `response.headers` and `response.status` into the answer: such a field takes the
/// place of one of the same name. 500 PGRST111 or PGRST112 when it cannot be read.
Result<void> apply(const storage::SessionAnswer& answer, http::Response& response);

}  // namespace ballast::rest
