#include "bay/drivers/firmware_files.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "base/release.h"
#include "ports/http_util.h"

namespace bayward::bay {
namespace {

namespace fs = std::filesystem;

using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Buffer = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Trust = std::unique_ptr<X509_STORE, Release<X509_STORE_free>>;
using Check = std::unique_ptr<X509_STORE_CTX, Release<X509_STORE_CTX_free>>;

Certificate parse_certificate(const std::string& pem) {
  const Buffer buffer(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Certificate(PEM_read_bio_X509(buffer.get(), nullptr, nullptr, nullptr));
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct State {
  std::string active = "a";
  std::string trial;  // empty: none
  int starts_left = 0;
};

State read_state(const fs::path& directory) {
  State state;
  std::ifstream in(directory / "state");
  for (std::string word; in >> word;) {
    if (word == "active") in >> state.active;
    if (word == "trial") in >> state.trial >> state.starts_left;
  }
  if (state.active != "b") state.active = "a";
  if (state.trial != "a" && state.trial != "b") state.trial.clear();
  return state;
}

Status sync_path(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool good = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!good) return fail("cannot write " + path.string() + " to its medium");
  return Done{};
}

// Whole or not at all, also when the power goes.
Status write_state(const fs::path& directory, const State& state) {
  const fs::path fresh = directory / "state.new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << "active " << state.active << "\n";
    if (!state.trial.empty()) out << "trial " << state.trial << " " << state.starts_left << "\n";
    if (!out.flush()) return fail("cannot write " + fresh.string());
  }
  if (auto synced = sync_path(fresh); !synced) return synced;
  std::error_code failed;
  fs::rename(fresh, directory / "state", failed);
  if (failed) return fail("cannot replace " + (directory / "state").string() + ": " + failed.message());
  return sync_path(directory);
}

fs::path program_of(const fs::path& directory, const std::string& slot) {
  return directory / slot / "bayward-bay";
}

}  // namespace

Status FirmwareFiles::trust(const std::string& certificate, Instant at) {
  const Certificate signer = parse_certificate(certificate);
  const Certificate maker = parse_certificate(read_file(maker_));
  if (!maker) return fail("the maker's certificate " + maker_ + " is missing or unreadable");
  if (!signer) return fail("the signing certificate is unreadable");
  const Trust trust(X509_STORE_new());
  X509_STORE_add_cert(trust.get(), maker.get());
  X509_STORE_set_flags(trust.get(), X509_V_FLAG_PARTIAL_CHAIN);  // the maker's own need not be a root
  const Check check(X509_STORE_CTX_new());
  X509_STORE_CTX_init(check.get(), trust.get(), signer.get(), nullptr);
  X509_STORE_CTX_set_time(check.get(), 0, unix_s(at));
  if (X509_verify_cert(check.get()) != 1) {
    return fail(std::string("the signing certificate is not the maker's: ") +
                X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get())));
  }
  return Done{};
}

Status FirmwareFiles::verify(const std::string& file, const std::string& certificate, const std::string& signature) {
  const Certificate signer = parse_certificate(certificate);
  const auto bytes = base64_decode(signature);
  if (!signer || !bytes) return fail("the signature or its certificate is unreadable");
  const Key key(X509_get_pubkey(signer.get()));
  const Digest digest(EVP_MD_CTX_new());
  if (!key || EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1) {
    return fail("the certificate's key cannot verify signatures over SHA-256");
  }
  std::ifstream in(file, std::ios::binary);
  char block[4096];
  while (in.read(block, sizeof block) || in.gcount() > 0) {
    EVP_DigestVerifyUpdate(digest.get(), block, static_cast<size_t>(in.gcount()));
  }
  if (!in.eof()) return fail("cannot read " + file);
  const auto* raw = reinterpret_cast<const unsigned char*>(bytes->data());
  if (EVP_DigestVerifyFinal(digest.get(), raw, bytes->size()) != 1) return fail("the signature does not fit the file");
  return Done{};
}

Status FirmwareFiles::install(const std::string& file) {
  State state = read_state(directory_);
  const std::string idle = state.active == "a" ? "b" : "a";
  const fs::path program = program_of(directory_, idle);
  std::error_code failed;
  fs::create_directories(program.parent_path(), failed);
  fs::copy_file(file, program, fs::copy_options::overwrite_existing, failed);
  if (failed) return fail("cannot write " + program.string() + ": " + failed.message());
  fs::permissions(program, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec, failed);
  if (auto synced = sync_path(program); !synced) return synced;
  fs::remove(file, failed);
  state.trial = idle;
  state.starts_left = trial_starts;
  return write_state(directory_, state);
}

Result<bool> FirmwareFiles::confirm() {
  State state = read_state(directory_);
  if (state.trial.empty()) return false;
  state.active = state.trial;
  state.trial.clear();
  if (auto written = write_state(directory_, state); !written) return Failure{written.error()};
  return true;
}

bool FirmwareFiles::on_trial() const {
  return !read_state(directory_).trial.empty();
}

Result<fs::path> choose_slot(const fs::path& directory) {
  State state = read_state(directory);
  if (!state.trial.empty()) {
    const bool proves = state.starts_left > 0 && fs::exists(program_of(directory, state.trial));
    if (proves) --state.starts_left;
    const std::string chosen = proves ? state.trial : state.active;
    if (!proves) state.trial.clear();
    if (auto written = write_state(directory, state); !written) return Failure{written.error()};
    return program_of(directory, chosen);
  }
  const fs::path program = program_of(directory, state.active);
  if (!fs::exists(program)) return fail("there is no program at " + program.string());
  return program;
}

}  // namespace bayward::bay
