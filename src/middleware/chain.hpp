#pragma once

#include <string>

#include "auth/settings.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/handler.hpp"
#include "middleware/settings.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

namespace ballast::middleware {

/// What the middlewares work with. The references outlive the chain.
struct Dependencies {
  const Clock& clock;
  const observe::Logger& log;
  observe::Metrics& metrics;
  http::ErrorRenderer render;
  std::string anonymous_role;  ///< policy::Rules::anonymous_role; empty refuses anonymous callers
  Settings settings;
  auth::Settings auth;
  bool timed = false;        ///< answers tell what their time was spent on
  bool development = false;  ///< everything is open, so only this machine's own names are answered to
};

/// The chain in its order; a middleware that is switched off is not in it. Constant afterwards: new settings make a new
/// chain. An error says which setting is wrong.
Result<http::Chain> make_chain(const Dependencies& with);

}  // namespace ballast::middleware
