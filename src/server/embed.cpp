#include <ballast/ballast.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <utility>

#include "server/application.hpp"
#include "server/lifecycle.hpp"
#include "server/loopback.hpp"

extern char** environ;

namespace ballast {

struct Server::State {
  std::vector<config::Flag> set;
  std::string file;
  bool environment = false;
  bool development = false;
  server::Extensions extensions;
  std::map<std::string, std::vector<std::pair<http::Method, http::Handler>>> routes;
  std::unique_ptr<server::Application> application;

  config::Loaded load() const;
  Result<void> start();
};

namespace {

std::vector<std::pair<std::string, std::string>> variables() {
  std::vector<std::pair<std::string, std::string>> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (const auto equals = text.find('='); equals != std::string_view::npos) {
      all.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return all;
}

/// One route per path, which picks the handler by method.
void add_route(http::Router& router, const std::string& path,
               const std::vector<std::pair<http::Method, http::Handler>>& handlers) {
  std::vector<http::Method> methods;
  for (const auto& [method, handler] : handlers) methods.push_back(method);
  router.exact(path, methods, [handlers](http::Request& request) {
    const http::Handler* get = nullptr;
    for (const auto& [method, handler] : handlers) {
      if (method == request.method) return handler(request);
      if (method == http::Method::get) get = &handler;
    }
    // The router lets HEAD pass where GET is served.
    return (*get)(request);
  });
}

}  // namespace

config::Loaded Server::State::load() const {
  config::Sources sources;
  sources.flags = set;
  if (environment) sources.environment = variables();
  if (development) {
    sources.mode = "development";
    sources.mode_defaults = {
        {"schema.poll_interval", "1s"}, {"sqlite.create", "true"}, {"database.watch_schema", "true"}};
  }
  std::vector<config::Problem> unreadable;
  if (!file.empty()) {
    sources.file_name = file;
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (in) {
      sources.file_text = std::move(text);
    } else {
      unreadable.push_back({file, "the settings file cannot be read", {}});
    }
  }
  auto loaded = config::load(config::registry(), sources);
  loaded.problems.insert(loaded.problems.begin(), unreadable.begin(), unreadable.end());
  if (development) server::keep_on_loopback(loaded);
  return loaded;
}

Result<void> Server::State::start() {
  check(application == nullptr, "Server::start() twice");
  auto loaded = load();
  if (!loaded.ok()) {
    std::string all;
    for (const auto& problem : loaded.problems) all += (all.empty() ? "" : "\n") + problem.text();
    return make_error(500, "BLST_SETTING", std::move(all));
  }
  server::Options options{.loaded = std::move(loaded),
                          .load_again = [this] { return load(); },
                          .development = development,
                          .extensions = extensions};
  for (const auto& [path, handlers] : routes) {
    options.extensions.routes.emplace_back(
        [path = path, handlers = handlers](http::Router& router) { add_route(router, path, handlers); });
  }
  BALLAST_TRY(application, server::Application::make(std::move(options)));
  return application->start();
}

Server::Server() : state_(std::make_unique<State>()) {}
Server::~Server() = default;

Server& Server::set(std::string name, std::string value) {
  const auto* setting = config::registry().by_name(name);
  std::string flag = setting != nullptr ? setting->flag() : "--" + name;
  state_->set.push_back({name, std::move(flag), std::move(value)});
  return *this;
}

Server& Server::settings_file(std::string path) {
  state_->file = std::move(path);
  return *this;
}

Server& Server::use_environment() {
  state_->environment = true;
  return *this;
}

Server& Server::development() {
  state_->development = true;
  return *this;
}

Server& Server::route(http::Method method, std::string path, http::Handler handler) {
  state_->routes[std::move(path)].emplace_back(method, std::move(handler));
  return *this;
}

Server& Server::prefix(std::string prefix, http::Handler handler) {
  state_->extensions.routes.emplace_back([prefix, handler](http::Router& router) { router.prefix(prefix, handler); });
  return *this;
}

Server& Server::use(std::function<std::unique_ptr<http::Middleware>()> make) {
  state_->extensions.middlewares.push_back(std::move(make));
  return *this;
}

Result<void> Server::start() { return state_->start(); }

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> texts;
  if (state_->application) {
    for (const auto& address : state_->application->addresses()) texts.push_back(address.to_string());
  }
  return texts;
}

std::string Server::admin_address() const {
  if (!state_->application || state_->application->settings().program.admin_listen.empty()) return {};
  return state_->application->admin_address().to_string();
}

void Server::reload() {
  check(state_->application != nullptr, "Server::reload() before start()");
  state_->application->reload();
}

bool Server::stop() {
  if (!state_->application) return true;
  const bool whole = state_->application->begin_drain().get();
  state_->application.reset();
  return whole;
}

int Server::run() {
  server::hold_signals();
  if (const auto started = start(); !started) {
    std::fputs(("ballast: " + started.error().message + "\n").c_str(), stderr);
    if (!started.error().hint.empty()) std::fputs(("  try: " + started.error().hint + "\n").c_str(), stderr);
    state_->application.reset();
    return 1;
  }
  const int status = server::serve_until_signalled(*state_->application);
  state_->application.reset();
  return status;
}

}  // namespace ballast
