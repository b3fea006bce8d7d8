// TLS end to end, with a certificate made here.
#include "net/tls.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "net/test_support.h"

namespace bayward::net {
namespace {

template <class T, void (*release)(T*)>
struct Release {
  void operator()(T* held) const { release(held); }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509, X509_free>>;

Certificate self_signed(EVP_PKEY* key, const char* alternative_name, const char* common_name = "test") {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative_name);
  X509_add_ext(certificate.get(), extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

class TlsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "bayward-tls-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    write_pair("server", "IP:127.0.0.1,DNS:localhost");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write_pair(const std::string& name, const char* alternative_name, bool rsa = false) {
    const Key key(rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"));
    const Certificate certificate = self_signed(key.get(), alternative_name, name.c_str());
    std::FILE* file = std::fopen(path(name + ".key").c_str(), "w");
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    file = std::fopen(path(name + ".pem").c_str(), "w");
    PEM_write_X509(file, certificate.get());
    std::fclose(file);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  void serve(HttpServerConfig config = {}) {
    auto context = TlsContext::for_server({path("server.pem"), path("server.key")});
    ASSERT_TRUE(context.ok()) << context.error().message;
    config.tls = *context;
    auto listening = HttpServer::listen({&io_}, config, handler_, &acceptor_);
    ASSERT_TRUE(listening.ok());
    server_ = std::move(listening).value();
    io_.start();
  }
  HttpClientConfig client_config(const std::string& trusted = "server.pem") {
    HttpClientConfig config;
    config.port = server_->port();
    auto context = TlsContext::for_client({path(trusted)});
    EXPECT_TRUE(context.ok());
    config.tls = *context;
    return config;
  }

  std::string text(const std::string& name) const {
    std::ifstream in(path(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // As for charging stations: an RSA and an ECDSA certificate, and clients that "client" and "strange" vouch for.
  void serve_stations() {
    write_pair("rsa", "IP:127.0.0.1", true);
    write_pair("client", "DNS:client");
    write_pair("strange", "DNS:strange");
    auto context = TlsContext::for_stations(
        {{{text("rsa.pem"), text("rsa.key")}, {text("server.pem"), text("server.key")}}, text("client.pem")});
    ASSERT_TRUE(context.ok()) << context.error().message;
    HttpServerConfig config;
    config.tls = *context;
    auto listening = HttpServer::listen({&io_}, config, naming_, &acceptor_);
    ASSERT_TRUE(listening.ok());
    server_ = std::move(listening).value();
    io_.start();
  }
  std::string name_shown(const std::string& own, const std::string& trusted = "server.pem") {
    HttpClientConfig config;
    config.port = server_->port();
    TlsClientOptions options{path(trusted), {}};
    if (!own.empty()) options.own = {path(own + ".pem"), path(own + ".key")};
    auto context = TlsContext::for_client(options);
    EXPECT_TRUE(context.ok());
    config.tls = *context;
    HttpClient client(io_, config);
    const auto response = client.fetch(http_request(HttpMethod::get, "/"));
    return response ? response->body : "refused";
  }
  // What a handshake with only this offer ends in: the kind of the server's key, or "" when it fails.
  std::string key_for(const std::string& ciphers, int version = TLS1_2_VERSION) {
    const int file = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server_->port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(file, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    SSL_CTX_set_cipher_list(context, (ciphers + ":@SECLEVEL=0").c_str());
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, file);
    std::string out;
    if (SSL_connect(ssl) == 1) {
      X509* certificate = SSL_get1_peer_certificate(ssl);
      out = EVP_PKEY_is_a(X509_get0_pubkey(certificate), "RSA") ? "RSA" : "EC";
      X509_free(certificate);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    ::close(file);
    return out;
  }

  std::filesystem::path folder_;
  FunctionHandler naming_{[](const HttpRequest& request, const Responder& responder) {
    responder.send(text_response(request.certificate ? request.certificate->common_name : "nobody"));
  }};
  std::shared_ptr<RecordingSession> station_ = std::make_shared<RecordingSession>(true);
  FunctionHandler handler_{[](HttpRequest request, Responder responder) {
    responder.send(text_response((request.tls ? "tls " : "plain ") + request.body));
  }};
  FunctionAcceptor acceptor_{[this](HttpRequest, WebSocketDecision decision) { decision.accept("", station_); }};
  IoContext io_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(TlsTest, requests_large_and_small_go_through) {
  serve();
  HttpClient client(io_, client_config());
  for (const std::string& body : {std::string("a"), std::string(200'000, 'b'), std::string("c")}) {
    const auto response = client.fetch(http_request(HttpMethod::post, "/", body));
    ASSERT_TRUE(response.ok()) << response.error().message;
    EXPECT_EQ(response->body, "tls " + body);
  }
  client.close();
  EXPECT_TRUE(eventually([this] { return server_->counts().connections == 0; }));
}

TEST_F(TlsTest, a_server_nobody_vouches_for_is_refused) {
  serve();
  write_pair("other", "IP:127.0.0.1");
  HttpClient client(io_, client_config("other.pem"));
  const auto response = client.fetch(http_request(HttpMethod::get, "/"));
  ASSERT_FALSE(response.ok());
  EXPECT_NE(response.error().message.find("certificate verify failed"), std::string::npos) << response.error().message;
}

TEST_F(TlsTest, a_certificate_for_another_name_is_refused) {
  write_pair("server", "DNS:example.org");
  serve();
  HttpClient client(io_, client_config());
  EXPECT_FALSE(client.fetch(http_request(HttpMethod::get, "/")).ok());
}

TEST_F(TlsTest, websockets_work_and_close_as_over_plain_tcp) {
  serve();
  WebSocketClientConfig config;
  config.port = server_->port();
  config.tls = client_config().tls;
  const auto client = std::make_shared<RecordingSession>();
  Watched<int> connected;
  connect_websocket(io_, config, client, [&](const auto& result) {
    EXPECT_TRUE(result.ok()) << result.error().reason;
    connected.change([](int& count) { ++count; });
  });
  ASSERT_TRUE(client->wait_open());
  const auto connection = client->record.value().connection;
  connection->send(std::string(limits::ocpp_message_bytes, 'x'));
  ASSERT_TRUE(client->record.wait([](const SessionRecord& r) { return r.messages.size() == 1; }));
  connection->close(close_code::normal, "bye");
  EXPECT_EQ(station_->wait_closed(), close_code::normal);
  EXPECT_EQ(client->wait_closed(), close_code::normal);
  EXPECT_TRUE(eventually([this] { return server_->counts().websockets == 0; }));
}

TEST_F(TlsTest, a_client_that_does_not_shake_hands_is_cut) {
  HttpServerConfig config;
  config.header_timeout = 200ms;
  serve(config);
  RawSocket silent(server_->port());
  EXPECT_EQ(silent.read_to_end(), "");
  RawSocket plain(server_->port());
  plain.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(plain.read_to_end().find("HTTP/1.1"), std::string::npos);
}

TEST_F(TlsTest, stopping_ends_open_connections) {
  serve();
  HttpClient client(io_, client_config());
  EXPECT_TRUE(client.fetch(http_request(HttpMethod::get, "/")).ok());
  server_->stop(20s);
  EXPECT_EQ(server_->counts().connections, 0u);
}

// OCPP 2.0.1 part 2, A00.FR.318 and 319: these four must be there; nothing older or weaker is.
// TC_A_06_CSMS
TEST_F(TlsTest, stations_get_the_certificate_that_their_ciphers_ask_for) {
  serve_stations();
  EXPECT_EQ(key_for("ECDHE-ECDSA-AES128-GCM-SHA256"), "EC");
  EXPECT_EQ(key_for("ECDHE-ECDSA-AES256-GCM-SHA384"), "EC");
  EXPECT_EQ(key_for("AES128-GCM-SHA256"), "RSA");
  EXPECT_EQ(key_for("AES256-GCM-SHA384"), "RSA");
  EXPECT_EQ(key_for("ECDHE-RSA-AES128-GCM-SHA256"), "RSA");
  EXPECT_EQ(key_for("AES128-SHA"), "");
  EXPECT_EQ(key_for("ECDHE-RSA-AES256-SHA384"), "");
  EXPECT_NE(key_for("DEFAULT", TLS1_3_VERSION), "");
  EXPECT_EQ(key_for("DEFAULT", TLS1_1_VERSION), "");
}

// TC_A_07_CSMS, TC_A_08_CSMS
TEST_F(TlsTest, a_station_is_known_by_its_certificate_and_one_nobody_vouches_for_is_refused) {
  serve_stations();
  EXPECT_EQ(name_shown("client"), "client");
  EXPECT_EQ(name_shown(""), "nobody");
  EXPECT_EQ(name_shown("strange"), "refused");
}

TEST_F(TlsTest, files_that_cannot_be_used_are_named) {
  write_pair("other", "DNS:other");
  std::ofstream(path("junk.pem")) << "no certificate";
  for (const auto& [chain, key, named] :
       {std::tuple("absent.pem", "server.key", "absent.pem"), std::tuple("junk.pem", "server.key", "junk.pem"),
        std::tuple("server.pem", "absent.key", "absent.key"), std::tuple("server.pem", "other.key", "other.key")}) {
    const auto context = TlsContext::for_server({path(chain), path(key)});
    ASSERT_FALSE(context.ok());
    EXPECT_NE(context.error().message.find(named), std::string::npos) << context.error().message;
  }
  EXPECT_FALSE(TlsContext::for_client({path("absent.pem")}).ok());
}

}  // namespace
}  // namespace bayward::net
