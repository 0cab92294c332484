#include "storage/postgres/prelude.hpp"

#include <algorithm>

namespace ballast::storage::postgres {
namespace {

const std::vector<sql::Param> no_params;

std::string setting_text(std::size_t count) {
  std::string text = "SELECT ";
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    text += "set_config($" + std::to_string(2 * i + 1) + ", $" + std::to_string(2 * i + 2) + ", true)";
  }
  return text;
}

}  // namespace

std::chrono::milliseconds time_left(TimePoint deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds(1));
}

Result<void> check_params(const sql::Statement& statement) {
  for (const auto& param : statement.params) {
    const auto* text = std::get_if<std::string>(&param);
    if (text != nullptr && text->find('\0') != std::string::npos) {
      return make_error(400, "22021", "invalid byte sequence for encoding \"UTF8\": 0x00");
    }
  }
  return {};
}

Prelude::Prelude(Lanes& lanes, const Context& context, bool reads)
    : lanes_(lanes), context_(context), reads_(reads), answer_(context.answer) {}

void Prelude::add_before(Burst& burst, Lane lane) {
  const auto& settings = lanes_.shared().settings;
  params_.clear();
  if (lane == Lane::slow) set("statement_timeout", std::to_string(time_left(context_.deadline).count()));
  if (!settings.prepared) {
    // A pooler's connection comes from anybody.
    if (lane == Lane::fast) {
      set("statement_timeout", std::to_string(settings.fast_timeout.count()));
      set("lock_timeout", std::to_string(settings.fast_lock_timeout.count()));
    }
    set("datestyle", "ISO");
    set("bytea_output", "hex");
    set("jit", "off");
  }
  if (reads_ && context_.session != nullptr) set("transaction_read_only", "on");
  if (context_.session != nullptr) {
    for (const auto& [name, value] : context_.session->settings) set(name, value);
  }
  if (!params_.empty()) {
    auto& known = lanes_.statements().known(setting_text(params_.size() / 2));
    burst.steps.push_back({.known = known, .params = &params_});
  }
  if (context_.session != nullptr && !context_.session->pre_request.empty()) {
    auto& known = lanes_.statements().known("SELECT " + context_.session->pre_request + "()");
    burst.steps.push_back({.known = known, .params = &no_params});
  }
}

void Prelude::add_after(Burst& burst) {
  if (context_.answer == nullptr) return;
  auto& known = lanes_.statements().known(
      "SELECT current_setting('response.headers', true), current_setting('response.status', true)");
  burst.steps.push_back({.known = known, .params = &no_params, .sink = &answer_});
}

Result<void> Prelude::AnswerSink::row(std::span<const sql::Cell> cells) {
  answer_->headers = cells[0].text;
  answer_->status = cells[1].text;
  return {};
}

void Prelude::AnswerSink::restart() { *answer_ = {}; }

}  // namespace ballast::storage::postgres
