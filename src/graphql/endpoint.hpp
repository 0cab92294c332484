#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "graphql/answer_media.hpp"
#include "graphql/document_source.hpp"
#include "graphql/http_request.hpp"
#include "graphql/service.hpp"
#include "http/handler.hpp"

namespace ballast::graphql {

/// GraphQL over HTTP, as the GraphQL Foundation's draft has it, with batches and persisted documents. Thread-safe;
/// outlives the replies it gave.
class Endpoint {
 public:
  /// What executes one operation; everything that the arguments refer to outlives the call.
  using Execute = std::function<boost::asio::awaitable<Outcome>(const Ask&, http::Request&)>;

  Endpoint(Settings settings, RegisteredDocuments registered, Execute execute);

  /// Answers a request for `settings.path`, whatever its method. Errors are answers too.
  http::Reply handle(http::Request& request);

  /// From the next request on.
  void set_registered(RegisteredDocuments registered) { documents_.set_registered(std::move(registered)); }

 private:
  /// One operation's answer, with the status it would have if it were alone.
  struct Answer {
    std::string body;
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
  };

  http::Reply run(http::Request& request, HttpOperations asked, AnswerMedia media);
  boost::asio::awaitable<Answer> answer(http::Request& request, HttpOperation& operation, bool read_only,
                                        AnswerMedia media);
  Answer refused(const Error& error) const;

  const Settings settings_;
  const Execute execute_;
  DocumentSource documents_;
};

}  // namespace ballast::graphql
