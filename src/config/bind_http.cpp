#include "config/durations.hpp"
#include "config/setting.hpp"

namespace ballast::config {
namespace {

void limits(Registry& r) {
  r.size("http.header_limit", [](Settings & s) -> auto& { return s.http.header_limit; },
         {.doc = "The most bytes that a request line and its header fields may have together; 431 beyond.",
          .example = "64KiB",
          .minimum = 1 << 10,
          .maximum = 1 << 20});
  r.add("http.header_count_limit", [](Settings & s) -> auto& { return s.http.header_count_limit; },
        {.doc = "The most header fields a request may have; 431 beyond.",
         .example = "64",
         .minimum = 8,
         .maximum = 10'000});
  r.size("http.target_limit", [](Settings & s) -> auto& { return s.http.target_limit; },
         {.doc = "The longest request target (path and query); 414 beyond. Counts towards `http.header_limit` too.",
          .example = "8KiB",
          .minimum = 256,
          .maximum = 1 << 20});
  r.size("http.body_limit", [](Settings & s) -> auto& { return s.http.body_limit; },
         {.doc = "The largest request body; 413 beyond. A body is held in memory whole while its request is answered.",
          .example = "10MiB",
          .minimum = 0,
          .maximum = 1LL << 32});
  r.add(
      "http.max_connections", [](Settings & s) -> auto& { return s.http.max_connections; },
      {.doc = "How many client connections may be open at once; further ones are answered 503 and closed. Each needs a "
              "file descriptor: raise `ulimit -n` (LimitNOFILE) along.",
       .example = "50000",
       .minimum = 1,
       .maximum = 1'000'000});
  r.add("http.workers", [](Settings & s) -> auto& { return s.http.workers; },
        {.doc = "Threads that serve connections, each with an event loop of its own. 0: one per core.",
         .example = "4",
         .minimum = 0,
         .maximum = 256});
  r.add("http.backlog", [](Settings & s) -> auto& { return s.http.backlog; },
        {.doc = "Connections that the kernel holds until they are accepted.",
         .example = "4096",
         .minimum = 1,
         .maximum = 65'535});
}

void times(Registry& r) {
  r.add(
      "http.header_timeout", [](Settings & s) -> auto& { return s.http.header_timeout; },
      {.doc = "How long a request's header may take from its first byte; 408 beyond. Ends clients that trickle bytes.",
       .example = "5s",
       .minimum = 100 * millisecond,
       .maximum = hour});
  r.add(
      "http.idle_timeout", [](Settings & s) -> auto& { return s.http.idle_timeout; },
      {.doc = "How long a connection may wait for its next request. Longer than your balancer's own idle time, so that "
              "the balancer never sends into a closing connection.",
       .example = "650s",
       .minimum = 100 * millisecond,
       .maximum = 24 * hour});
  r.add("http.request_timeout", [](Settings & s) -> auto& { return s.http.request_timeout; },
        {.doc = "The deadline of a request, from its last byte to its answer: queueing and the database's work "
                "included. What is not done by then is stopped and answered 504.",
         .example = "10s",
         .minimum = 10 * millisecond,
         .maximum = hour});
  r.add("http.write_timeout", [](Settings & s) -> auto& { return s.http.write_timeout; },
        {.doc = "A client that takes nothing of its answer for so long is cut off.",
         .example = "60s",
         .minimum = 100 * millisecond,
         .maximum = hour});
  r.size(
      "http.min_rate", [](Settings & s) -> auto& { return s.http.min_rate; },
      {.doc = "The bytes per second that a request body must arrive at; slower senders are answered 408. It bounds how "
              "long a body can hold memory.",
       .example = "10KiB",
       .minimum = 0,
       .maximum = 1 << 30});
  r.add("http.min_rate_grace", [](Settings & s) -> auto& { return s.http.min_rate_grace; },
        {.doc = "How long a body may be slower than `http.min_rate` at its beginning.",
         .example = "10s",
         .minimum = 0,
         .maximum = hour});
  r.add(
      "http.linger_timeout", [](Settings & s) -> auto& { return s.http.linger_timeout; },
      {.doc = "After a refusal that ends the connection, how long the rest of the request is read and thrown away, so "
              "that the client sees the answer instead of a reset.",
       .example = "5s",
       .minimum = 0,
       .maximum = 60 * second});
  r.add("http.sweep_interval", [](Settings & s) -> auto& { return s.http.sweep_interval; },
        {.doc = "How often deadlines of connections are looked at; each may run over by that much.",
         .example = "100ms",
         .minimum = millisecond,
         .maximum = 10 * second});
}

}  // namespace

void bind_http(Registry& r) {
  limits(r);
  times(r);
  r.permissions("http.unix_socket_mode", [](Settings & s) -> auto& { return s.http.unix_socket_mode; },
                {.doc = "The permissions of a unix socket that is listened on.", .example = "0600"});
  r.add(
      "tls.certificate", [](Settings & s) -> auto& { return s.http.tls.certificate; },
      {.doc =
           "A PEM file with the server's certificate and its chain. With it, and `tls.key`, the addresses of `listen` "
           "(unix sockets apart) speak HTTPS, TLS 1.2 and later. Both files are read again on SIGHUP, so a renewed "
           "certificate needs no restart; switching TLS on or off does.",
       .example = "/etc/ballast/tls/fullchain.pem",
       .reload = Reload::live});
  r.add("tls.key", [](Settings & s) -> auto& { return s.http.tls.key; },
        {.doc = "A PEM file with the private key of `tls.certificate`.",
         .example = "/etc/ballast/tls/privkey.pem",
         .reload = Reload::live});
}

}  // namespace ballast::config
