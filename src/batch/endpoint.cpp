#include "batch/endpoint.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "batch/answer.hpp"
#include "batch/answer_index.hpp"
#include "batch/is_json.hpp"
#include "http/iequals.hpp"

namespace ballast::batch {
namespace {

/// What the caller's own fields say of the batch itself, or of its connection, is not said of its requests (RFC 9110
/// sections 7.6, 8, 12 to 14).
bool passed_on(std::string_view name) {
  constexpr std::array<std::string_view, 12> own = {"Connection",        "Expect", "Keep-Alive", "Prefer",  "Range",
                                                    "Range-Unit",        "TE",     "Trailer",    "Upgrade", "Via",
                                                    "Transfer-Encoding", "Date"};
  constexpr std::array<std::string_view, 3> groups = {"accept", "content-", "if-"};
  for (const auto group : groups) {
    if (http::iequals(name.substr(0, group.size()), group)) return false;
  }
  return std::none_of(own.begin(), own.end(), [name](std::string_view known) { return http::iequals(known, name); });
}

http::Response options() {
  http::Response response;
  response.status = 204;
  response.set("Allow", "OPTIONS, POST");
  return response;
}

Failure failed(Error error, const Entry& entry, std::size_t index) { return {std::move(error), index, entry.id, {}}; }

/// A problem as the answer to one request.
Answer answer_of(http::Response problem) {
  Answer answer;
  answer.status = problem.status;
  answer.headers = std::move(problem.headers);
  answer.body = std::move(std::get<std::string>(problem.body));
  return answer;
}

/// The request that an entry means. What it points to lives as long.
struct Inner {
  std::string target;
  http::Request request;

  Inner(const Entry& entry, std::string url, std::string body, const http::Request& outer, TimePoint deadline,
        storage::Transaction* within)
      : target(std::move(url)) {
    request.method = entry.method;
    request.method_name = http::to_string(entry.method);
    request.target = target;
    const std::size_t mark = target.find('?');
    request.path = request.target.substr(0, mark);
    if (mark != std::string::npos) request.query = request.target.substr(mark + 1);
    for (const auto& [name, value] : outer.headers.fields()) {
      if (passed_on(name)) request.headers.add(name, value);
    }
    for (const auto& [name, value] : entry.headers) request.headers.add(name, value);
    if (!entry.content_type.empty()) request.headers.add("Content-Type", entry.content_type);
    request.body = std::move(body);
    request.peer_address = outer.peer_address;
    request.tls = outer.tls;
    request.received = outer.received;
    request.deadline = deadline;
    request.id = outer.id;
    request.trace_parent = outer.trace_parent;
    request.principal = outer.principal;
    request.within = within;
    request.lock = entry.lock;
  }
  Inner(const Inner&) = delete;
  Inner& operator=(const Inner&) = delete;
};

}  // namespace

/// A batch on its way. One attempt's answers and failure are gone when the next begins.
struct Endpoint::Run {
  const Endpoint& endpoint;
  const Batch& batch;
  const http::Request& outer;
  TimePoint deadline;
  std::vector<Answer> answers;  ///< by request; of status 0 until it was answered
  std::vector<std::optional<AnswerIndex>> indexes;
  std::size_t answered_bytes = 0;
  std::optional<Failure> failure;  ///< of the first request that failed

  Run(const Endpoint& owner, const Batch& given, const http::Request& request, TimePoint until)
      : endpoint(owner),
        batch(given),
        outer(request),
        deadline(until),
        answers(given.entries.size()),
        indexes(given.entries.size()) {}

  /// Forgets the answers from there on.
  void back_to(std::size_t index) {
    for (std::size_t i = index; i < answers.size(); ++i) {
      answered_bytes -= answers[i].body.size();
      indexes[i].reset();
      answers[i] = {};
    }
    failure.reset();
  }

  std::size_t room() const noexcept {
    const std::size_t limit = endpoint.settings_.answer_limit;
    return limit - std::min(limit, answered_bytes);
  }

  void add(std::size_t index, Answer answer) {
    answered_bytes += answer.body.size();
    answers[index] = std::move(answer);
    indexes[index].emplace(answers[index]);
  }

  void note(Failure found) {
    if (!failure || found.index < failure->index) failure = std::move(found);
  }

  /// The requests from `first` that need no answer of one another end there.
  std::size_t independent(std::size_t first, std::size_t end) const {
    const auto depends = [this, first](std::size_t i) {
      const auto& needs = batch.entries[i].needs;
      return std::any_of(needs.begin(), needs.end(), [first](std::size_t needed) { return needed >= first; });
    };
    std::size_t i = first + 1;
    while (i < end && !depends(i)) ++i;
    return i;
  }

  Result<std::vector<std::string_view>> values(const std::vector<const Reference*>& references) {
    std::vector<std::string_view> found;
    found.reserve(references.size());
    for (const Reference* reference : references) {
      BALLAST_TRY(const std::string_view value, indexes[batch.index_of(reference->request)]->find(*reference));
      found.push_back(value);
    }
    return found;
  }

  /// 424 BLST424 when one of the requests it needs has failed.
  Result<std::unique_ptr<Inner>> inner(const Entry& entry, storage::Transaction* within) {
    const auto refused = [this](std::size_t index) { return answers[index].status >= 400; };
    if (std::any_of(entry.needs.begin(), entry.needs.end(), refused)) {
      return make_error(424, "BLST424", "a request that this one needs the answer of has failed");
    }
    BALLAST_TRY(const auto in_url, values(entry.url.references()));
    BALLAST_TRY(std::string url, entry.url.with(in_url, endpoint.around_.rest, endpoint.around_.url_limit));
    BALLAST_TRY(const auto in_body, values(entry.body.references()));
    BALLAST_TRY(std::string body, entry.body.with(in_body, endpoint.settings_.body_limit));
    return std::make_unique<Inner>(entry, std::move(url), std::move(body), outer, deadline, within);
  }

  /// Why the last answer undoes the transaction it was given in.
  std::optional<Failure> verdict(std::size_t index, const storage::Transaction& within) const {
    const Entry& entry = batch.entries[index];
    const Answer& answer = answers[index];
    if (is_failure(answer, entry.target == Target::graphql)) return failure_of(answer, index, entry.id);
    if (entry.affected && answer.affected != entry.affected) {
      return failed(make_error(409, "BLST442",
                               "expected " + std::to_string(*entry.affected) + " rows to be affected, got " +
                                   std::to_string(answer.affected.value_or(0))),
                    entry, index);
    }
    if (within.broken()) {
      return failed(make_error(400, "BLST443", "the request takes back what it did, and with it the whole batch")
                        .with_hint("leave out Prefer: tx=rollback"),
                    entry, index);
    }
    return std::nullopt;
  }
};

Endpoint::Endpoint(Settings settings, Surroundings around, storage::Storage& storage, http::Handler answer,
                   Prepare prepare_leases)
    : settings_(std::move(settings)),
      around_(std::move(around)),
      storage_(storage),
      answer_(std::move(answer)),
      prepare_leases_(std::move(prepare_leases)) {}

http::Reply Endpoint::handle(http::Request& request) const {
  if (request.method == http::Method::options) return http::ready(options());
  if (request.method != http::Method::post) {
    return http::ready(http::problem_response(
        make_error(405, "BLST405", "a batch is sent by POST").with_header("Allow", "OPTIONS, POST")));
  }
  if (!is_json(request.headers.find("Content-Type").value_or(""))) {
    return http::ready(http::problem_response(
        make_error(415, "BLST415", "expected a batch to be sent with Content-Type: application/json")));
  }
  auto parsed = parse_batch(request.body, settings_, around_);
  if (const auto* failure = std::get_if<Failure>(&parsed)) return http::ready(failure_response(*failure));
  auto& batch = std::get<Batch>(parsed);
  if (request.within != nullptr && !batch.atomic) {
    return http::ready(http::problem_response(
        make_error(400, "BLST440",
                   "expected \"atomic\": true with an Idempotency-Key or a Ballast-Fence: what stands "
                   "alone cannot be kept or undone together with them")));
  }
  return run(request, std::move(batch));
}

boost::asio::awaitable<void> Endpoint::answer_one(Run& run, std::size_t index, storage::Transaction* within) {
  const Entry& entry = run.batch.entries[index];
  auto inner = run.inner(entry, within);
  http::Response response;
  if (inner) {
    http::Reply reply = run.endpoint.answer_((*inner)->request);
    response = co_await std::move(reply);
  } else {
    response = http::problem_response(inner.error());
  }
  auto answer = take_answer(std::move(response), run.room());
  // A problem is small; what it tells has to arrive.
  run.add(index, answer ? std::move(answer).value() : answer_of(http::problem_response(answer.error())));
}

boost::asio::awaitable<bool> Endpoint::answer_well(Run& run, std::size_t index, storage::Transaction& transaction) {
  co_await answer_one(run, index, &transaction);
  auto failure = run.verdict(index, transaction);
  if (!failure) co_return true;
  run.note(std::move(*failure));
  co_return false;
}

boost::asio::awaitable<Result<Endpoint::Ending>> Endpoint::answer_all(Run& run, std::size_t first, std::size_t end,
                                                                      storage::Transaction& transaction) {
  run.back_to(first);
  while (first < end) {
    const std::size_t next = run.independent(first, end);
    const storage::Transaction::Use use = [&run, first](std::size_t number, storage::Transaction& within) {
      return answer_well(run, first + number, within);
    };
    const bool well = co_await transaction.in_turn(next - first, use);
    if (!well) co_return Ending::rollback;
    first = next;
  }
  co_return Ending::commit;
}

boost::asio::awaitable<void> Endpoint::together(Run& run, std::size_t first, std::size_t end) {
  const storage::Transaction::Body body = [&run, first, end](storage::Transaction& transaction) {
    return answer_all(run, first, end, transaction);
  };
  storage::Context context{run.deadline};
  context.isolation = run.batch.isolation;
  context.within = run.outer.within;
  const auto done = co_await storage::Transaction::run(run.endpoint.storage_, body, context);
  if (done) co_return;
  // The request whose statement the engine gave up at; a commit belongs to none, and so does a connection that was not
  // to be had.
  const bool unreachable = done.error().code == "BLST701" || done.error().code == "BLST702";
  std::size_t index = unreachable ? end : first;
  while (index < end && run.answers[index].status != 0) ++index;
  run.failure = index < end ? failed(done.error(), run.batch.entries[index], index) : Failure{done.error(), {}, {}, {}};
}

boost::asio::awaitable<void> Endpoint::each_alone(Run& run) {
  for (std::size_t i = 0; i < run.batch.entries.size(); ++i) {
    if (!run.batch.entries[i].affected) {
      co_await answer_one(run, i, nullptr);
      continue;
    }
    co_await together(run, i, i + 1);
    if (!run.failure) continue;
    http::Response refused = failure_response(*run.failure);
    run.back_to(i);
    run.add(i, answer_of(std::move(refused)));
  }
}

http::Reply Endpoint::run(http::Request& request, Batch batch) const {
  const TimePoint start = request.received == TimePoint() ? system_clock().now() : request.received;
  Run run(*this, batch, request, std::min(request.deadline, start + settings_.timeout));
  const auto checks = [](const Entry& entry) { return entry.target == Target::lease; };
  // Within another's transaction no tables can be made; whoever began it has.
  if (prepare_leases_ && request.within == nullptr && std::any_of(batch.entries.begin(), batch.entries.end(), checks)) {
    auto ready = co_await prepare_leases_({run.deadline});
    if (!ready) co_return failure_response({ready.error(), {}, {}, {}});
  }
  if (batch.atomic) {
    co_await together(run, 0, batch.entries.size());
  } else {
    co_await each_alone(run);
  }
  if (run.failure) co_return failure_response(*run.failure);
  std::string body = "{\"responses\":[";
  body.reserve(run.answered_bytes + 256 * run.answers.size());
  for (std::size_t i = 0; i < run.answers.size(); ++i) {
    if (i > 0) body += ',';
    append_answer(body, batch.entries[i].id, run.answers[i]);
  }
  body += "]}";
  co_return http::json_response(200, std::move(body));
}

}  // namespace ballast::batch
