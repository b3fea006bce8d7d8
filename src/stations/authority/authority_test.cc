#include "stations/authority/authority.h"

#include <gmock/gmock.h>

#include "base/limits.h"
#include "ports/fake_vault.h"
#include "stations/testing/csr.h"

namespace bayward::stations {
namespace {

using openssl::Certificate;
using ::testing::HasSubstr;

constexpr Instant now = from_unix_s(1'774'252'800);

Certificate certificate_of(const std::string& pem) {
  return Certificate(PEM_read_bio_X509(openssl::reader(pem).get(), nullptr, nullptr, nullptr));
}

std::string subject_of(const X509* certificate) {
  return openssl::written(
      [&](BIO* to) { X509_NAME_print_ex(to, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253); });
}

bool issued_by(X509* leaf, const std::string& root) {
  const Certificate issuer = certificate_of(root);
  return X509_verify(leaf, X509_get0_pubkey(issuer.get())) == 1 && X509_check_issued(issuer.get(), leaf) == X509_V_OK;
}

class AuthorityTest : public testing::Test {
 protected:
  static const CertificateAuthority& authority() {
    static FakeVault vault;
    static const auto made = CertificateAuthority::open(vault, "Hof", now);
    return **made;
  }
};

// OCPP 2.0.1 part 2, A00.FR.501 to 505.
TEST_F(AuthorityTest, AStationsKeyIsSignedByTheRootOfItsKind) {
  const openssl::Key keys[] = {rsa_key(), ec_key(), ec_key("P-384")};
  for (const openssl::Key& key : keys) {
    const auto request = parse_csr(csr_of("CP-1", key.get()));
    ASSERT_TRUE(request.ok()) << request.error().message;
    EXPECT_EQ(request->common_name, "CP-1");
    const auto issued = authority().sign(*request, now);
    ASSERT_TRUE(issued.ok()) << issued.error().message;
    const Certificate leaf = certificate_of(issued->pem);
    ASSERT_TRUE(leaf);
    EXPECT_EQ(subject_of(leaf.get()), "CN=CP-1,O=Hof");
    EXPECT_TRUE(issued_by(leaf.get(), authority().root(request->key)));
    EXPECT_EQ(EVP_PKEY_eq(X509_get0_pubkey(leaf.get()), key.get()), 1);
    EXPECT_EQ(X509_check_purpose(leaf.get(), X509_PURPOSE_SSL_CLIENT, 0), 1);
    EXPECT_EQ(X509_check_purpose(leaf.get(), X509_PURPOSE_SSL_SERVER, 0), 0);
    EXPECT_EQ(X509_check_ca(leaf.get()), 0);
    EXPECT_EQ(issued->not_after, now + std::chrono::days{365});
  }
}

TEST_F(AuthorityTest, TwoCertificatesHaveDifferentNumbers) {
  const openssl::Key key = ec_key();
  const auto request = parse_csr(csr_of("CP-1", key.get()));
  EXPECT_NE(authority().sign(*request, now)->pem, authority().sign(*request, now)->pem);
}

TEST_F(AuthorityTest, AServersCertificateHasItsNames) {
  const auto identity = authority().issue_server(KeyKind::ecdsa, {"csms.example", "127.0.0.1", "::1"}, now);
  ASSERT_TRUE(identity.ok()) << identity.error().message;
  const Certificate leaf = certificate_of(identity->certificate_pem);
  EXPECT_TRUE(issued_by(leaf.get(), authority().root(KeyKind::ecdsa)));
  EXPECT_EQ(X509_check_host(leaf.get(), "csms.example", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(leaf.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(leaf.get(), "::1", 0), 1);
  EXPECT_EQ(X509_check_host(leaf.get(), "other.example", 0, 0, nullptr), 0);
  EXPECT_FALSE(authority().issue_server(KeyKind::ecdsa, {}, now).ok());
  EXPECT_FALSE(authority().issue_server(KeyKind::ecdsa, {"a,DNS:evil.example"}, now).ok());
}

TEST(Authority, ItsRootsOutliveTheProcess) {
  FakeVault vault;
  const auto first = CertificateAuthority::open(vault, "Hof", now);
  const auto second = CertificateAuthority::open(vault, "Another", now + 24h);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ((*first)->roots(), (*second)->roots());
  EXPECT_LE((*first)->root(KeyKind::rsa).size(), limits::csr_bytes) << "InstallCertificate takes 5500 characters";
}

TEST(Csr, WhatMayNotBeSignedIsRefusedWithTheReason) {
  const openssl::Key key = ec_key();
  const openssl::Key other = ec_key();
  const openssl::Key weak = rsa_key(1024);
  const openssl::Key strange(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const openssl::Key small = ec_key("prime192v1");
  std::string broken = csr_of("CP-1", key.get());
  broken[broken.size() / 2] = broken[broken.size() / 2] == 'A' ? 'B' : 'A';
  const std::pair<std::string, const char*> cases[] = {
      {"", "PEM"},
      {"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", "PEM"},
      {csr_of("CP-1", weak.get()), "2048"},
      {csr_of("CP-1", strange.get()), "RSA or on an elliptic curve"},
      {csr_of("CP-1", small.get()), "P-224"},
      {csr_of("CP-1", key.get(), other.get()), "own key"},
      {csr_of("CP-1", key.get(), nullptr, 0), "common name"},
      {csr_of("CP-1", key.get(), nullptr, 2), "common name"},
      {std::string(limits::csr_bytes + 1, 'x'), "too long"},
  };
  for (const auto& [pem, why] : cases) {
    const auto request = parse_csr(pem);
    ASSERT_FALSE(request.ok()) << why;
    EXPECT_THAT(request.error().message, HasSubstr(why));
  }
  EXPECT_FALSE(parse_csr(broken).ok());
}

}  // namespace
}  // namespace bayward::stations
