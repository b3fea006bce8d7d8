#include "net/smtp_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <mutex>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/limits.h"

namespace bayward::net {
namespace {

constexpr int poll_ms = 1000;  // a letter wakes it earlier

// libcurl counts its users itself, but not safely across threads: once, before the first client's thread.
void prepare_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct Letter {
  Mail mail;
  MailAnswered answered;
  size_t given = 0;   // of its text
  std::string reply;  // the server's last line
  curl_slist* to = nullptr;
  char trouble[CURL_ERROR_SIZE] = {};
};

size_t give_text(char* buffer, size_t size, size_t count, void* user) {
  auto& letter = *static_cast<Letter*>(user);
  const size_t part = std::min(size * count, letter.mail.text.size() - letter.given);
  std::memcpy(buffer, letter.mail.text.data() + letter.given, part);
  letter.given += part;
  return part;
}

// Every line that the server says; the last one stays.
size_t keep_reply(char* line, size_t size, size_t count, void* user) {
  auto& letter = *static_cast<Letter*>(user);
  letter.reply.assign(line, std::min(size * count, limits::mail_reply_bytes));
  while (!letter.reply.empty() && (letter.reply.back() == '\n' || letter.reply.back() == '\r')) letter.reply.pop_back();
  std::replace_if(
      letter.reply.begin(), letter.reply.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return size * count;
}

size_t drop_body(char*, size_t size, size_t count, void*) {
  return size * count;
}

// What is about us and not about the letter has no code: it is worth another try when somebody has mended it.
MailAnswer answer_of(const Letter& letter, CURLcode result, long code) {
  if (result == CURLE_OK) return {true, static_cast<int>(code), letter.reply};
  const bool reply = result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR || result == CURLE_WEIRD_SERVER_REPLY ||
                     result == CURLE_UPLOAD_FAILED;
  const bool sender_refused = std::string_view(letter.trouble).starts_with("MAIL failed");
  const bool about_the_letter = reply && !sender_refused && code >= 400 && code < 600 &&
                                letter.reply.starts_with(std::to_string(code)) && code != 421 && code != 530 &&
                                code != 535;
  std::string why = letter.trouble[0] != '\0' ? letter.trouble : curl_easy_strerror(result);
  if (!letter.reply.empty()) why += ": " + letter.reply;
  return {false, about_the_letter ? static_cast<int>(code) : 0, std::move(why)};
}

}  // namespace

struct SmtpClient::Impl {
  explicit Impl(SmtpConfig given) : config(std::move(given)) {
    prepare_curl();
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(limits::alarm_sends));
    thread = std::thread([this] { run(); });
  }
  ~Impl() {
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    curl_multi_wakeup(multi);
    thread.join();
    curl_multi_cleanup(multi);
  }

  void send(Mail mail, MailAnswered answered) {
    {
      const std::lock_guard lock(mutex);
      if (!ending && waiting.size() < limits::mails_waiting) {
        waiting.push_back(std::make_unique<Letter>());
        waiting.back()->mail = std::move(mail);
        waiting.back()->answered = std::move(answered);
        answered = nullptr;
      }
    }
    if (answered) return answered({false, 0, "too many letters are waiting"});
    curl_multi_wakeup(multi);
  }

  void run() {
    while (take_waiting()) {
      int running = 0;
      curl_multi_perform(multi, &running);
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
        if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
      }
      curl_multi_poll(multi, nullptr, 0, poll_ms, nullptr);
    }
    while (!under_way.empty()) finish(under_way.begin()->first, CURLE_ABORTED_BY_CALLBACK);
    for (const auto& letter : waiting) letter->answered({false, 0, "the server is stopping"});
  }

  // False: it is to end.
  bool take_waiting() {
    std::deque<std::unique_ptr<Letter>> taken;
    {
      const std::lock_guard lock(mutex);
      if (ending) return false;
      taken.swap(waiting);
    }
    for (auto& letter : taken) begin(std::move(letter));
    return true;
  }

  void begin(std::unique_ptr<Letter> letter) {
    CURL* easy = curl_easy_init();
    if (!easy) return letter->answered({false, 0, "out of memory"});
    const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
    const std::string scheme = config.security == MailSecurity::tls ? "smtps://" : "smtp://";
    set(CURLOPT_URL, (scheme + config.host + ":" + std::to_string(config.port)).c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    if (config.security != MailSecurity::none) set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!config.trusted_certificates_file.empty()) set(CURLOPT_CAINFO, config.trusted_certificates_file.c_str());
    if (!config.user.empty()) {
      set(CURLOPT_USERNAME, config.user.c_str());
      set(CURLOPT_PASSWORD, config.password.c_str());
    }
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(config.time_limit.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(config.time_limit.count() / 2));
    set(CURLOPT_MAIL_FROM, ("<" + letter->mail.from + ">").c_str());
    letter->to = curl_slist_append(nullptr, ("<" + letter->mail.to + ">").c_str());
    set(CURLOPT_MAIL_RCPT, letter->to);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, give_text);
    set(CURLOPT_READDATA, letter.get());
    set(CURLOPT_HEADERFUNCTION, keep_reply);
    set(CURLOPT_HEADERDATA, letter.get());
    set(CURLOPT_WRITEFUNCTION, drop_body);
    set(CURLOPT_ERRORBUFFER, letter->trouble);
    curl_multi_add_handle(multi, easy);
    under_way.emplace(easy, std::move(letter));
  }

  void finish(CURL* easy, CURLcode result) {
    const auto found = under_way.find(easy);
    const std::unique_ptr<Letter> letter = std::move(found->second);
    under_way.erase(found);
    long code = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
    curl_multi_remove_handle(multi, easy);
    curl_easy_cleanup(easy);
    curl_slist_free_all(letter->to);
    letter->answered(answer_of(*letter, result, code));
  }

  const SmtpConfig config;
  CURLM* multi = nullptr;
  std::mutex mutex;  // guards the next two
  std::deque<std::unique_ptr<Letter>> waiting;
  bool ending = false;
  std::unordered_map<CURL*, std::unique_ptr<Letter>> under_way;  // the thread's own, as all below
  std::thread thread;                                            // last: it uses all of the above
};

SmtpClient::SmtpClient(SmtpConfig config) : impl_(std::make_unique<Impl>(std::move(config))) {}
SmtpClient::~SmtpClient() = default;

void SmtpClient::send(Mail mail, MailAnswered answered) {
  impl_->send(std::move(mail), std::move(answered));
}

}  // namespace bayward::net
