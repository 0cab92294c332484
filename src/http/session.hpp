#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <string>

#include "http/service.hpp"
#include "http/worker.hpp"

namespace ballast::http {

/// TCP and unix sockets alike; the executor is named so that completions need no type erasure.
using Socket =
    boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;

/// Serves one connection on the calling worker until it ends; returns at once. It has been counted in
/// `service.open` and is discounted at its end. `ended`, which outlives it, is called then, on the worker.
void start_session(Worker& worker, Service& service, Socket socket, std::string peer_address,
                   const std::function<void()>& ended);
/// `context` is needed during the call only: OpenSSL counts its users.
void start_tls_session(Worker& worker, Service& service, Socket socket, std::string peer_address,
                       const std::function<void()>& ended, boost::asio::ssl::context& context);

}  // namespace ballast::http
