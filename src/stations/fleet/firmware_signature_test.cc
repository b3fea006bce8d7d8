#include "stations/fleet/firmware_signature.h"

#include <gmock/gmock.h>

#include "stations/testing/firmware.h"

namespace bayward::stations {
namespace {

using ::testing::HasSubstr;

const Instant now = from_unix_s(1'800'000'000);

TEST(FirmwareSignature, OfEveryUsualKindFitsItsImageAndNoOther) {
  const openssl::Key rsa = rsa_key();
  const openssl::Key ec = ec_key();
  const struct {
    EVP_PKEY* key;
    bool pss;
  } kinds[] = {{rsa.get(), false}, {rsa.get(), true}, {ec.get(), false}};
  for (const auto& [key, pss] : kinds) {
    const std::string certificate = maker_certificate(key, now);
    const std::string signature = firmware_signature("firmware", key, pss);
    EXPECT_TRUE(verify_firmware("firmware", certificate, signature, now));
    EXPECT_TRUE(check_signature_form(certificate, signature, now));
    EXPECT_FALSE(verify_firmware("firmwarE", certificate, signature, now));
    const std::string other = maker_certificate(ec_key().get(), now);
    EXPECT_FALSE(verify_firmware("firmware", other, signature, now));
  }
}

TEST(FirmwareSignature, SaysWhatIsWrong) {
  const openssl::Key key = ec_key();
  const std::string certificate = maker_certificate(key.get(), now, 1h);
  const std::string signature = firmware_signature("firmware", key.get());
  const auto why = [&](const std::string& pem, const std::string& base64, Instant at) {
    const auto verified = verify_firmware("firmware", pem, base64, at);
    return verified ? std::string() : verified.error().message;
  };
  EXPECT_EQ(why(certificate, signature, now), "");
  EXPECT_THAT(why("not PEM", signature, now), HasSubstr("no certificate in PEM"));
  EXPECT_THAT(why(certificate, "%%", now), HasSubstr("Base64"));
  EXPECT_THAT(why(certificate, "", now), HasSubstr("Base64"));
  EXPECT_THAT(why(certificate, "AAAA", now), HasSubstr("does not fit"));
  EXPECT_THAT(why(certificate, signature, now + 2h), HasSubstr("has ended"));
  EXPECT_THAT(why(certificate, signature, now - 2h), HasSubstr("not yet valid"));
}

}  // namespace
}  // namespace bayward::stations
