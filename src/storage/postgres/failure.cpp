#include "storage/postgres/failure.hpp"

#include <array>

#include "storage/postgres/raised_answer.hpp"

namespace ballast::storage::postgres {
namespace {

struct Rule {
  std::string_view prefix;
  int status;
};

// The longest prefix stands first.
constexpr std::array rules{
    Rule{"23503", 409}, Rule{"23505", 409}, Rule{"23P01", 409}, Rule{"25006", 405}, Rule{"21000", 400},
    Rule{"42501", 403}, Rule{"42883", 404}, Rule{"42P01", 404}, Rule{"42P17", 500}, Rule{"55P03", 409},
    Rule{"57014", 500}, Rule{"57P0", 503},  Rule{"P0001", 400}, Rule{"08", 503},    Rule{"09", 500},
    Rule{"0L", 403},    Rule{"0P", 403},    Rule{"25", 500},    Rule{"28", 403},    Rule{"2D", 500},
    Rule{"38", 500},    Rule{"39", 500},    Rule{"3B", 500},    Rule{"40", 503},    Rule{"53400", 500},
    Rule{"53", 503},    Rule{"54", 500},    Rule{"55", 500},    Rule{"57", 500},    Rule{"58", 500},
    Rule{"F0", 500},    Rule{"HV", 500},    Rule{"P0", 500},    Rule{"XX", 500},
};

int status_of(std::string_view sqlstate) {
  for (const auto& rule : rules) {
    if (sqlstate.starts_with(rule.prefix)) return rule.status;
  }
  return 400;
}

bool is_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

bool Failure::stale_plan() const noexcept {
  return sqlstate == "26000" || sqlstate == "42P05" ||
         (sqlstate == "0A000" && source_function == "RevalidateCachedQuery");
}

Error map_failure(const Failure& failure) {
  if (failure.sqlstate.empty()) return unreachable();
  if (failure.sqlstate == "PGRST") return raised_answer(failure);
  Error error = make_error(status_of(failure.sqlstate), failure.sqlstate, failure.message);
  error.details = failure.details;
  error.hint = failure.hint;
  if (failure.sqlstate == "42601") {
    error.message = "the database found a syntax error in its SQL";
    error.details.clear();
    error.hint.clear();
  } else if (failure.sqlstate.starts_with("PT")) {
    // PostgREST, "Raise errors with HTTP status codes": RAISE sqlstate 'PT402'.
    const std::string digits = failure.sqlstate.substr(2);
    const int status = is_digits(digits) ? std::stoi(digits) : 0;
    error.status = status >= 200 && status <= 599 ? status : 500;
  } else if (failure.sqlstate == "22023" && failure.message.starts_with("role \"")) {
    error.status = 401;  // the token's role is none of the database's
  } else if (error.status == 503) {
    if (failure.sqlstate.starts_with("57P0") || failure.sqlstate.starts_with("08")) return unreachable();
    error.headers.emplace_back("Retry-After", "1");
  }
  return error;
}

Error unreachable() {
  return unavailable("BLST701", "the database cannot be reached at the moment", 1)
      .with_hint("try again; the log says what the database answered");
}

Error no_connection_free() {
  return unavailable("BLST702", "the database is busy: no connection became free in time", 1);
}

Error deadline_passed() {
  return make_error(504, "BLST504", "the request's deadline passed while the database worked; nothing was changed");
}

Error schema_in_motion() { return unavailable("BLST609", "the database's schema changed meanwhile", 1); }

Error commit_uncertain() {
  return make_error(
             502, "BLST720",
             "the connection to the database was lost during the commit, so it is not known whether the changes were kept")
      .with_hint("read the rows before trying again");
}

}  // namespace ballast::storage::postgres
