#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <exception>
#include <memory>
#include <string>

#include "http/pieces.hpp"
#include "http/response.hpp"

namespace ballast::http {

/// Of a spooled answer: large enough that system calls do not count, small enough for thousands of slow readers.
inline constexpr std::size_t stream_block = 128U << 10;

/// Once an answer has begun, all that is left to say about a failure is to end the connection.
template <class Link, class F>
bool pulled(const Link& link, F pull) {
  try {
    pull();
    return true;
  } catch (const std::exception& error) { link.report(std::string("an answer was cut short: ") + error.what()); }
  return false;
}

/// Header and spooled body, a block at a time. False: the connection cannot go on.
template <class Link>
boost::asio::awaitable<bool> stream_spool(Link& link, std::string head, std::shared_ptr<const Spool> spool) {
  const std::uint64_t size = spool->size();
  std::string block(static_cast<std::size_t>(std::min<std::uint64_t>(size, stream_block)), '\0');
  std::uint64_t at = 0;
  do {
    std::size_t n = 0;
    if (!pulled(link, [&] { n = spool->read(at, {block.data(), block.size()}); })) co_return false;
    if (n == 0 && at < size) co_return false;
    at += n;
    const bool written = co_await link.write(Pieces(head, std::string_view(block.data(), n)));
    if (!written) co_return false;
    head.clear();
  } while (at < size);
  co_return true;
}

/// Header and a body of unknown length: in chunks (RFC 9112, 7.1), or bare when the connection's end is its end.
template <class Link>
boost::asio::awaitable<bool> stream_source(Link& link, std::string head, std::shared_ptr<BodySource> source,
                                           bool chunked) {
  std::string block;
  for (;;) {
    if (!pulled(link, [&] { source->next(block); })) co_return false;
    const bool last = block.empty();
    if (chunked) head += last ? std::string("0\r\n\r\n") : fmt::format("{:x}\r\n", block.size());
    const bool written = co_await link.write(Pieces(head, block, chunked && !last ? "\r\n" : ""));
    if (!written || last) co_return written;
    head.clear();
  }
}

}  // namespace ballast::http
