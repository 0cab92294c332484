#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/request.hpp"
#include "http/settings.hpp"

namespace ballast::http {

/// Requests from bytes: Beast's grammar, made stricter where requests could be smuggled past another server
/// (RFC 9112, 11.2). Reused from request to request; performs no I/O.
///
///   header(): incomplete* → complete | refused
///   then the body: Content-Length bytes that the caller takes itself, or chunks(): incomplete* → complete | refused
class Parser {
 public:
  enum class State : std::uint8_t { incomplete, complete, refused };

  /// `settings` and `request` outlive the parser.
  Parser(const Settings& settings, Request& request) : settings_(settings), request_(request) {}

  /// Makes ready for the next request. The request's fields are cleared when its header is first seen.
  void reset();

  /// `bytes`: everything received since the last request's end, from its first byte. Once complete, `request` is
  /// filled with views into `bytes`, which have to stay where they are until the request is answered.
  State header(std::string_view bytes);
  /// Of a complete header, in bytes.
  std::size_t header_size() const noexcept { return consumed_; }

  bool chunked() const noexcept { return chunked_; }
  std::uint64_t content_length() const noexcept { return content_length_; }  ///< 0 when there is none
  bool has_body() const noexcept { return chunked_ || content_length_ > 0; }
  bool expects_continue() const noexcept { return expects_continue_; }
  bool http11() const noexcept { return http11_; }

  /// The next bytes of a chunked body; appends to the request's body and sets `used` to what need not be shown
  /// again. Trailers are read and dropped (RFC 9110, 6.5.1). A caller whose buffer is full refuses.
  State chunks(std::string_view bytes, std::size_t& used);

  /// Why it was refused.
  const Error& error() const noexcept { return *error_; }
  /// Has anything of the next request arrived?
  bool begun() const noexcept { return begun_; }

 private:
  class Machine final : public boost::beast::http::basic_parser<true> {
   public:
    explicit Machine(Parser& owner) : owner_(owner) {}

   private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;
    void on_request_impl(boost::beast::http::verb, string_view, string_view, int, error_code&) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(boost::beast::http::field, string_view, string_view, error_code&) override;
    void on_header_impl(error_code&) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override;
    void on_finish_impl(error_code&) override {}

    Parser& owner_;
  };

  State header_refused(std::string_view bytes, const boost::system::error_code& ec);
  State refuse(int status, std::string message);
  std::optional<Error> on_request(std::string_view method, std::string_view target, int version);
  std::optional<Error> on_field(boost::beast::http::field id, std::string_view name, std::string_view value);
  std::optional<Error> on_header();
  std::optional<Error> on_transfer_encoding(std::string_view value);

  const Settings& settings_;
  Request& request_;
  std::optional<Machine> machine_;
  std::optional<Error> error_;
  const char* base_ = nullptr;  // where the bytes were at the last call
  std::string_view seen_;       // the bytes of this call
  std::size_t consumed_ = 0;
  std::size_t trailers_ = 0;
  std::uint64_t content_length_ = 0;
  std::string_view authority_;
  bool begun_ = false;
  bool in_header_ = true;
  bool has_host_ = false;
  bool has_length_ = false;
  bool chunked_ = false;
  bool expects_continue_ = false;
  bool http11_ = true;
};

}  // namespace ballast::http
