#pragma once

#include <string>

#include "server/application.hpp"

namespace ballast::server {

/// What a person wants to know when the server is up: addresses, database, mode, and three requests to try.
std::string banner(const Application& application, bool colours);

/// "http://127.0.0.1:8080", "unix:/run/ballast.sock"; an address that stands for all is shown as localhost.
std::string url_of(const http::ListenAddress& address, bool tls);

}  // namespace ballast::server
