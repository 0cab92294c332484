#include "http/tls.hpp"

#include <openssl/ssl.h>

namespace ballast::http {
namespace {

using boost::system::error_code;

constexpr unsigned char http11_protocol[] = "\x08http/1.1";

/// RFC 7301, 3.2: a client that offers protocols gets http/1.1 or an alert.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* offered,
                    unsigned offered_length, void*) {
  unsigned char* selected = nullptr;
  const int outcome = SSL_select_next_proto(&selected, out_length, http11_protocol, sizeof http11_protocol - 1, offered,
                                            offered_length);
  if (outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = selected;
  return SSL_TLSEXT_ERR_OK;
}

Error unusable(const std::string& what, const std::string& file, const error_code& ec) {
  return make_error(500, "BLST_TLS", what + " " + file + " cannot be used: " + ec.message())
      .with_hint("tls.certificate and tls.key name PEM files that belong together and that the server may read");
}

}  // namespace

Result<std::shared_ptr<boost::asio::ssl::context>> load_tls(const TlsSettings& settings) {
  namespace ssl = boost::asio::ssl;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  error_code ec;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_compression, ec);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context->native_handle(), select_protocol, nullptr);
  context->use_certificate_chain_file(settings.certificate, ec);
  if (ec) return unusable("the certificate", settings.certificate, ec);
  context->use_private_key_file(settings.key, ssl::context::pem, ec);
  if (ec) return unusable("the private key", settings.key, ec);
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return make_error(500, "BLST_TLS", "the private key does not belong to the certificate");
  }
  return context;
}

}  // namespace ballast::http
