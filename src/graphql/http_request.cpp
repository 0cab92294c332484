#include "graphql/http_request.hpp"

#include <fmt/format.h>

#include <map>

#include "http/iequals.hpp"
#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "rest/field_part.hpp"
#include "text/utf8.hpp"

namespace ballast::graphql {
namespace {

Error bad_request(std::string message) { return make_error(400, "BAD_REQUEST", std::move(message)); }

Result<void> check_content_type(const http::Request& request) {
  const auto refused = [](std::string message) {
    return make_error(415, "BLST415", std::move(message)).with_header("Accept-Post", "application/json");
  };
  const auto field = request.headers.find("Content-Type");
  if (!field || request.headers.count("Content-Type") != 1) {
    return refused("expected a Content-Type: application/json");
  }
  std::string_view rest = *field;
  const std::string_view type = rest::cut_field(rest, ';');
  if (!http::iequals(type, "application/json") && !http::iequals(type, "application/graphql+json")) {
    return refused(fmt::format("expected the Content-Type application/json, got {}", type));
  }
  while (!rest.empty()) {
    const std::string_view parameter = rest::cut_field(rest, ';');
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos || !http::iequals(parameter.substr(0, equals), "charset")) continue;
    std::string_view charset = parameter.substr(equals + 1);
    if (charset.size() >= 2 && charset.starts_with('"') && charset.ends_with('"')) {
      charset = charset.substr(1, charset.size() - 2);
    }
    if (!http::iequals(charset, "utf-8") && !http::iequals(charset, "utf8")) {
      return refused(fmt::format("expected the charset utf-8, got {}", charset));
    }
  }
  return {};
}

/// The value of an optional parameter as JSON writes it; null is as good as none.
class Parameters {
 public:
  explicit Parameters(std::string_view object) : members_(json::members(object)) {}

  Result<std::optional<std::string>> string(std::string_view name) const {
    const auto raw = find(name);
    if (!raw) return std::optional<std::string>();
    if (json::kind_of(*raw) != json::ValueKind::string) return wrong(name, "a string");
    return std::optional<std::string>(json::string_value(*raw));
  }
  Result<std::string_view> object(std::string_view name) const {
    const auto raw = find(name);
    if (!raw) return std::string_view();
    if (json::kind_of(*raw) != json::ValueKind::object) return wrong(name, "an object");
    return *raw;
  }
  std::optional<std::string_view> find(std::string_view name) const {
    for (const auto& member : members_) {
      if (member.key == name && json::kind_of(member.raw) != json::ValueKind::null) return member.raw;
    }
    return std::nullopt;
  }

 private:
  static Error wrong(std::string_view name, std::string_view expected) {
    return bad_request(fmt::format("expected {} as {}", expected, name));
  }

  json::Members members_;
};

Result<auth::Digest> digest_of(std::string_view text, std::string_view parameter) {
  const auto digest = auth::parse_digest(text);
  if (!digest) return bad_request(fmt::format("expected the 64 hexadecimal digits of a SHA-256 as {}", parameter));
  return *digest;
}

Result<void> read_document_id(HttpOperation& operation, std::string_view id) {
  if (!id.starts_with("sha256:")) return bad_request("expected a documentId such as sha256:… with 64 digits");
  BALLAST_TRY(operation.document, digest_of(id, "documentId"));
  return {};
}

/// Apollo's automatic persisted queries: `{"persistedQuery":{"version":1,"sha256Hash":"…"}}`.
Result<void> read_extensions(HttpOperation& operation, std::string_view extensions) {
  if (extensions.empty()) return {};
  BALLAST_TRY(const std::string_view persisted, Parameters(extensions).object("persistedQuery"));
  if (persisted.empty()) return {};
  const Parameters parameters(persisted);
  if (parameters.find("version") != "1") return bad_request("Unsupported persisted query version");
  BALLAST_TRY(const auto hash, parameters.string("sha256Hash"));
  BALLAST_TRY(operation.document, digest_of(hash.value_or(std::string()), "extensions.persistedQuery.sha256Hash"));
  return {};
}

Result<void> check_complete(const HttpOperation& operation) {
  if (!operation.query && !operation.document) return bad_request("expected a query: the text of a GraphQL document");
  return {};
}

Result<HttpOperation> read_object(std::string_view object) {
  if (json::kind_of(object) != json::ValueKind::object) return bad_request("expected an object with a query");
  const Parameters parameters(object);
  HttpOperation operation;
  BALLAST_TRY(operation.query, parameters.string("query"));
  BALLAST_TRY(auto name, parameters.string("operationName"));
  operation.operation_name = std::move(name).value_or(std::string());
  BALLAST_TRY(operation.variables, parameters.object("variables"));
  BALLAST_TRY(const auto id, parameters.string("documentId"));
  if (id) BALLAST_CHECKED(read_document_id(operation, *id));
  BALLAST_TRY(const auto extensions, parameters.object("extensions"));
  BALLAST_CHECKED(read_extensions(operation, extensions));
  BALLAST_CHECKED(check_complete(operation));
  return operation;
}

Error invalid_json(std::string_view what, const Error& error) {
  return bad_request(fmt::format("expected valid JSON as {}: {}", what, error.details));
}

Result<HttpOperations> read_body(const http::Request& request, const Settings& settings) {
  BALLAST_CHECKED(check_content_type(request));
  const auto document = json::parse(request.body, settings.coercion.json);
  if (!document) return invalid_json("the body", document.error());
  HttpOperations read;
  if (document->kind != json::ValueKind::array) {
    BALLAST_TRY(auto operation, read_object(document->raw));
    read.operations.push_back(std::move(operation));
    return read;
  }
  read.batch = true;
  if (settings.batch < 2) return bad_request("expected one operation: batches are switched off (graphql.batch)");
  BALLAST_CHECKED(json::each_element(document->raw, [&](std::string_view element) -> Result<void> {
    if (read.operations.size() == settings.batch) {
      return bad_request(fmt::format("expected at most {} operations in a batch", settings.batch));
    }
    auto operation = read_object(element);
    if (!operation) {
      Error error = std::move(operation).error();
      error.message = fmt::format("operation {} of the batch: {}", read.operations.size() + 1, error.message);
      return error;
    }
    read.operations.push_back(std::move(*operation));
    return {};
  }));
  if (read.operations.empty()) return bad_request("expected at least one operation in a batch");
  return read;
}

/// A URL's parameters; those that nobody knows are left to whoever put them there.
Result<std::map<std::string, std::string, std::less<>>> decode_query(std::string_view query) {
  std::map<std::string, std::string, std::less<>> parameters;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const auto equals = pair.find('=');
    auto name = http::percent_decode(pair.substr(0, equals), true);
    auto value = http::percent_decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true);
    if (!name || !value || !text::valid_utf8(*value)) return bad_request("expected UTF-8 in the URL's parameters");
    if (value->empty()) continue;
    if (!parameters.emplace(*name, std::move(*value)).second) {
      return bad_request(fmt::format("expected the parameter {} once", *name));
    }
  }
  return parameters;
}

Result<std::string_view> checked_object(std::string_view text, std::string_view name, const Settings& settings) {
  if (text.empty()) return text;
  const auto document = json::parse(text, settings.coercion.json);
  if (!document) return invalid_json(name, document.error());
  if (document->kind == json::ValueKind::null) return std::string_view();
  if (document->kind != json::ValueKind::object) return bad_request(fmt::format("expected an object as {}", name));
  return document->raw;
}

Result<HttpOperations> read_url(const http::Request& request, const Settings& settings) {
  BALLAST_TRY(auto parameters, decode_query(request.query));
  HttpOperation operation;
  if (const auto found = parameters.find("query"); found != parameters.end()) operation.query = found->second;
  operation.operation_name = parameters["operationName"];
  operation.decoded = std::make_shared<const std::string>(parameters["variables"]);
  BALLAST_TRY(operation.variables, checked_object(*operation.decoded, "variables", settings));
  if (const auto& id = parameters["documentId"]; !id.empty()) BALLAST_CHECKED(read_document_id(operation, id));
  BALLAST_TRY(const auto extensions, checked_object(parameters["extensions"], "extensions", settings));
  BALLAST_CHECKED(read_extensions(operation, extensions));
  BALLAST_CHECKED(check_complete(operation));
  HttpOperations read;
  read.read_only = true;
  read.operations.push_back(std::move(operation));
  return read;
}

}  // namespace

Result<HttpOperations> read_operations(const http::Request& request, const Settings& settings) {
  return request.method == http::Method::get ? read_url(request, settings) : read_body(request, settings);
}

}  // namespace ballast::graphql
