#include "http/tls.hpp"

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>

#include "http/test_server.hpp"

namespace ballast::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

template <class T, void (*free_function)(T*)>
struct Free {
  void operator()(T* object) const { free_function(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509, X509_free>>;

/// A self-signed certificate and its key, as PEM files.
void write_certificate(const std::string& name, const TlsSettings& files) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  std::FILE* file = std::fopen(files.certificate.c_str(), "w");
  PEM_write_X509(file, certificate.get());
  std::fclose(file);
  file = std::fopen(files.key.c_str(), "w");
  PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
}

/// The client's side of a TLS connection.
class TlsClient {
 public:
  TlsClient(const ListenAddress& server, int greatest_version, std::string_view protocols)
      : plain_(server), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_max_proto_version(context_.get(), greatest_version);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_security_level(context_.get(), 0);
    if (!protocols.empty()) {
      SSL_CTX_set_alpn_protos(context_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                              static_cast<unsigned>(protocols.size()));
    }
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), plain_.descriptor());
    connected_ = SSL_connect(ssl_.get()) == 1;
  }

  bool connected() const { return connected_; }
  int version() const { return SSL_version(ssl_.get()); }
  std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &length);
    return {reinterpret_cast<const char*>(name), length};
  }
  std::string certificate_name() const {
    const Certificate certificate(SSL_get1_peer_certificate(ssl_.get()));
    char text[64] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, text, sizeof text);
    return text;
  }
  bool send(std::string_view bytes) { return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0; }
  /// Up to the end; `clean` says whether it was announced (close_notify).
  std::string rest(bool& clean) {
    std::string all;
    char block[16384];
    int n = 0;
    while ((n = SSL_read(ssl_.get(), block, sizeof block)) > 0) all.append(block, static_cast<std::size_t>(n));
    clean = SSL_get_error(ssl_.get(), n) == SSL_ERROR_ZERO_RETURN;
    return all;
  }

 private:
  TestClient plain_;
  std::unique_ptr<SSL_CTX, Free<SSL_CTX, SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Free<SSL, SSL_free>> ssl_;
  bool connected_ = false;
};

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    char pattern[] = "/tmp/ballast-tls-XXXXXX";
    folder_ = ::mkdtemp(pattern);
    settings_.workers = 1;
    settings_.sweep_interval = std::chrono::milliseconds(5);
    settings_.tls = {.certificate = folder_ + "/certificate.pem", .key = folder_ + "/key.pem"};
    write_certificate("first", settings_.tls);
  }
  ~TlsTest() override {
    server_.reset();
    std::remove(settings_.tls.certificate.c_str());
    std::remove(settings_.tls.key.c_str());
    ::rmdir(folder_.c_str());
  }
  void start() {
    const Handler echo = [](Request& request) {
      std::string text = request.tls ? "tls " : "plain ";
      text += request.path == "/long" ? std::string(3'000'000, 'l') : request.body;
      return ready(json_response(200, std::move(text)));
    };
    server_ = std::make_unique<Server>(settings_, echo, chain_, nullptr, Server::Hooks());
    auto address = server_->listen(*ListenAddress::parse("127.0.0.1:0"), true);
    ASSERT_TRUE(address) << address.error().message;
    address_ = *address;
    server_->start();
  }
  TlsClient connect(int version = TLS1_3_VERSION, std::string_view protocols = {}) {
    return {address_, version, protocols};
  }

  std::string folder_;
  Settings settings_;
  Chain chain_;
  ListenAddress address_;
  std::unique_ptr<Server> server_;
};

constexpr std::string_view last_get = "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

TEST_F(TlsTest, AnswersAndAnnouncesTheEnd) {
  start();
  TlsClient client = connect();
  ASSERT_TRUE(client.connected());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
  client.send(last_get);
  bool clean = false;
  const std::string all = client.rest(clean);
  EXPECT_THAT(all, HasSubstr("tls hi"));
  EXPECT_THAT(all, EndsWith("tls "));
  EXPECT_TRUE(clean);
}

TEST_F(TlsTest, SendsAnswersOfManyRecords) {
  start();
  TlsClient client = connect();
  client.send("GET /long HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  bool clean = false;
  const std::string all = client.rest(clean);
  EXPECT_EQ(all.size() - all.find("\r\n\r\n") - 4, 3'000'004U);
}

TEST_F(TlsTest, SpeaksTls12AndLater) {
  start();
  EXPECT_EQ(connect(TLS1_2_VERSION).version(), TLS1_2_VERSION);
  EXPECT_EQ(connect(TLS1_3_VERSION).version(), TLS1_3_VERSION);
  EXPECT_FALSE(connect(TLS1_1_VERSION).connected());
}

TEST_F(TlsTest, NegotiatesHttp11) {
  start();
  EXPECT_EQ(connect(TLS1_3_VERSION, "\x02h2\x08http/1.1").protocol(), "http/1.1");
  EXPECT_FALSE(connect(TLS1_3_VERSION, "\x02h2").connected());
}

TEST_F(TlsTest, UsesANewCertificateForNewConnections) {
  start();
  TlsClient old = connect();
  write_certificate("second", settings_.tls);
  ASSERT_TRUE(server_->reload_tls(settings_.tls));
  EXPECT_EQ(connect().certificate_name(), "second");
  EXPECT_EQ(old.certificate_name(), "first");
  old.send(last_get);
  bool clean = false;
  EXPECT_THAT(old.rest(clean), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(TlsTest, KeepsTheOldCertificateWhenTheNewOneIsNoGood) {
  start();
  TlsSettings mixed = settings_.tls;
  mixed.key = "/nonexistent/key.pem";
  const auto reloaded = server_->reload_tls(mixed);
  ASSERT_FALSE(reloaded);
  EXPECT_EQ(reloaded.error().code, "BLST_TLS");
  EXPECT_EQ(connect().certificate_name(), "first");
}

TEST_F(TlsTest, RefusesAKeyOfAnotherCertificate) {
  TlsSettings other{.certificate = folder_ + "/other.pem", .key = folder_ + "/other-key.pem"};
  write_certificate("other", other);
  EXPECT_FALSE(load_tls({.certificate = settings_.tls.certificate, .key = other.key}));
  std::remove(other.certificate.c_str());
  std::remove(other.key.c_str());
}

TEST_F(TlsTest, ClosesAConnectionThatDoesNotShakeHands) {
  settings_.header_timeout = std::chrono::milliseconds(20);
  start();
  EXPECT_EQ(TestClient(address_).rest(), "");
}

TEST_F(TlsTest, ClosesAConnectionThatSpeaksPlainHttp) {
  start();
  TestClient client(address_);
  client.send(last_get);
  client.rest();
  EXPECT_EQ(server_->stats().requests, 0U);
}

}  // namespace
}  // namespace ballast::http
