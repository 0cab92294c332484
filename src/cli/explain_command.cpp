#include <fmt/format.h>

#include <cstdio>

#include "cli/command.hpp"
#include "cli/explain.hpp"
#include "cli/sources.hpp"
#include "cli/terminal.hpp"
#include "json/writer.hpp"
#include "server/application.hpp"

namespace ballast::cli {
namespace {

std::string shown(const sql::Param& param) {
  struct Visitor {
    std::string operator()(sql::Null) const { return "null"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return fmt::format("{}", v); }
    std::string operator()(const std::string& v) const {
      std::string out;
      json::append_string(out, v);
      return out;
    }
    std::string operator()(const sql::Blob& v) const { return fmt::format("<{} bytes>", v.bytes.size()); }
  };
  return std::visit(Visitor{}, param);
}

std::string as_json(const Explained& explained) {
  std::string out = "{";
  for (const auto& [dialect, statements] : explained.statements) {
    out += fmt::format("{}\"{}\":[", out.size() > 1 ? "," : "", dialect);
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (i != 0) out += ',';
      json::append_string(out, statements[i].text);
    }
    out += ']';
  }
  out += ",\"operation\":";
  json::append_string(out, explained.operation);
  out += ",\"errors\":{";
  for (const auto& [dialect, error] : explained.errors) {
    if (!out.ends_with('{')) out += ',';
    out += fmt::format("\"{}\":", dialect);
    json::append_string(out, error);
  }
  return out + "}}\n";
}

std::string as_text(const Explained& explained, bool colours) {
  std::string out;
  if (!explained.operation.empty()) out += styled("operation", "1", colours) + "\n" + explained.operation + "\n";
  for (const auto& [dialect, statements] : explained.statements) {
    out += styled(dialect, "1", colours) + "\n";
    for (const auto& statement : statements) {
      out += "  " + statement.text + "\n";
      for (std::size_t i = 0; i < statement.params.size(); ++i) {
        out += fmt::format("    {}: {}\n", i + 1, shown(statement.params[i]));
      }
    }
    if (const auto error = explained.errors.find(dialect); error != explained.errors.end()) {
      out += "  " + error->second + "\n";
    }
  }
  return out;
}

Result<ExplainRequest> request_of(const Arguments& arguments) {
  ExplainRequest request;
  request.line = arguments.positional.front();
  request.body = arguments.value("--body");
  for (const auto& [flag, value] : arguments.own) {
    if (flag != "--header") continue;
    const auto colon = value.find(':');
    if (colon == std::string::npos) {
      return make_error(400, "BLST_USAGE", "expected --header 'Name: value', got \"" + value + "\"");
    }
    const auto text = value.find_first_not_of(' ', colon + 1);
    request.headers.emplace_back(value.substr(0, colon), text == std::string::npos ? "" : value.substr(text));
  }
  return request;
}

int run_explain(const Arguments& arguments) {
  auto loaded = load_settings({arguments, arguments.positional.size() < 2 ? "" : arguments.positional[1], false});
  if (!loaded.ok()) return report(loaded.problems);
  const auto request = request_of(arguments);
  if (!request) {
    print_error(request.error());
    return misuse;
  }
  loaded.settings.sqlite.create = false;
  auto storage = server::open_storage(loaded.settings);
  if (!storage) {
    print_error(storage.error());
    return failure;
  }
  auto snapshot = (*storage)->introspect();
  (*storage)->close();
  if (!snapshot) {
    print_error(snapshot.error());
    return failure;
  }
  const auto explained = explain(*request, std::move(*snapshot), loaded.settings.rest);
  if (!explained) {
    print_error(explained.error());
    return misuse;
  }
  std::fputs((arguments.has("--json") ? as_json(*explained) : as_text(*explained, wants_colours(1))).c_str(), stdout);
  return explained->errors.size() == explained->statements.size() ? failure : success;
}

}  // namespace

Command explain_command() {
  return {.name = "explain",
          .operands = "REQUEST [DATABASE]",
          .least_operands = 1,
          .most_operands = 2,
          .settings = true,
          .flags = {settings_flag(),
                    {"--header", "'NAME: VALUE'", "A header of the request; may be repeated."},
                    {"--body", "JSON", "The request's body."},
                    {"--json", "", "The statements as JSON, by dialect."}},
          .summary = "Show what a request asks of the database, without asking.",
          .description =
              "Prints what the REST API makes of REQUEST (a method and a path, in quotes): the operation, and its SQL\n"
              "for both engines. Nothing is run.",
          .examples = {{"ballast explain 'GET /rest/v1/posts?select=title,comments(body)&id=eq.1' shop.db", ""}},
          .run = run_explain};
}

}  // namespace ballast::cli
