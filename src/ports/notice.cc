#include "ports/notice.h"

#include <array>

namespace bayward {
namespace {

using namespace core;

constexpr std::array<std::string_view, 24> words = {"",
                                                    "booking_moved",
                                                    "booking_cancelled",
                                                    "booking_displaced",
                                                    "booking_withdrawn",
                                                    "no_show",
                                                    "walk_up_expired",
                                                    "overstay",
                                                    "bill_ready",
                                                    "bay_booked",
                                                    "bay_freed",
                                                    "owner_credited",
                                                    "wrong_vehicle",
                                                    "unauthorised_charging",
                                                    "overstay_at_bay",
                                                    "station_silent",
                                                    "alarm",
                                                    "reminder",
                                                    "all_clear",
                                                    "dispute_opened",
                                                    "dispute_decided",
                                                    "wallet_credited",
                                                    "charging_not_started",
                                                    "wrong_parking_fee"};

Notice about(const BookingFacts& facts, BookingId booking, AccountId to, NoticeKind kind) {
  Notice notice;
  notice.account = to;
  notice.site = site_of(booking);
  notice.kind = kind;
  notice.booking = booking;
  notice.bay = facts.bay;
  return notice;
}

// To the driver, by how it ended; nothing for ends that the request itself was answered with.
std::optional<NoticeKind> kind_of(BookingEnd end) {
  switch (end) {
    case BookingEnd::completed:
      return NoticeKind::bill_ready;
    case BookingEnd::cancelled:
      return NoticeKind::booking_cancelled;
    case BookingEnd::no_show:
      return NoticeKind::no_show;
    case BookingEnd::expired:
      return NoticeKind::walk_up_expired;
    case BookingEnd::displaced:
      return NoticeKind::booking_displaced;
    case BookingEnd::withdrawn:
      return NoticeKind::booking_withdrawn;
    case BookingEnd::none:
    case BookingEnd::no_funds:
    case BookingEnd::timed_out:
      return std::nullopt;
  }
  return std::nullopt;
}

class Writer {
 public:
  Writer(const StreamEvent& event, NoticeContext& context) : stream_(event.stream), context_(context) {}

  void operator()(const BookingConfirmed& event) {
    const auto facts = context_.booking(event.booking);
    if (!facts) return;
    const AccountId owner = context_.owner_of(facts->bay);
    if (owner && owner != facts->account) out.push_back(about(*facts, event.booking, owner, NoticeKind::bay_booked));
  }
  void operator()(const BookingMoved& event) {
    const auto facts = context_.booking(event.booking);
    if (!facts) return;
    Notice notice = about(*facts, event.booking, facts->account, NoticeKind::booking_moved);
    notice.bay = event.from;
    notice.other_bay = event.to;
    out.push_back(notice);
  }
  void operator()(const OverstayBegan& event) {
    const auto facts = context_.booking(event.booking);
    if (facts) out.push_back(about(*facts, event.booking, facts->account, NoticeKind::overstay));
  }
  void operator()(const BookingEnded& event) {
    const auto facts = context_.booking(event.booking);
    const auto kind = kind_of(event.end);
    if (!facts || !kind) return;
    Notice notice = about(*facts, event.booking, facts->account, *kind);
    notice.amount = event.compensation.minor != 0 ? event.compensation : event.invoice.total;
    out.push_back(notice);
    const AccountId owner = context_.owner_of(facts->bay);
    if (event.end == BookingEnd::cancelled && owner && owner != facts->account) {
      out.push_back(about(*facts, event.booking, owner, NoticeKind::bay_freed));
    }
  }
  void operator()(const OwnerCredited& event) {
    const auto facts = context_.booking(event.booking);
    if (!facts || event.amount.minor == 0) return;
    Notice notice = about(*facts, event.booking, stream_.account(), NoticeKind::owner_credited);
    notice.amount = event.amount;
    out.push_back(notice);
  }
  void operator()(const DisputeOpened& event) {
    const BookingFacts facts = context_.booking(event.booking).value_or(BookingFacts{stream_.account(), {}});
    out.push_back(about(facts, event.booking, {}, NoticeKind::dispute_opened));
  }
  void operator()(const DisputeDecided& event) {
    const BookingFacts facts = context_.booking(event.booking).value_or(BookingFacts{stream_.account(), {}});
    out.push_back(about(facts, event.booking, stream_.account(), NoticeKind::dispute_decided));
    out.back().amount = event.refund;
  }
  void operator()(const ChargingLapsed& event) {
    out.push_back(about({event.account, event.bay}, event.booking, event.account, NoticeKind::charging_not_started));
  }
  void operator()(const WrongParkingClaimed& event) {
    const Claim& claim = event.claim;
    if (!claim.account) return;
    Notice notice = about({claim.account, claim.bay}, claim.id, claim.account, NoticeKind::wrong_parking_fee);
    notice.incident = claim.incident;
    notice.amount = claim.fee;
    out.push_back(notice);
  }
  void operator()(const LedgerPosted& event) {
    if (event.entry.kind != EntryKind::top_up) return;
    Notice notice;
    notice.account = stream_.account();
    notice.kind = NoticeKind::wallet_credited;
    for (const Posting& posting : event.entry.postings) {
      if (posting.account == LedgerAccount::user_available) notice.amount = {posting.minor, event.entry.currency};
    }
    out.push_back(notice);
  }
  void operator()(const IncidentOpened& event) {
    Notice notice;
    notice.site = site_of(event.incident.id);
    notice.bay = event.incident.bay;
    notice.booking = event.incident.booking;
    notice.incident = event.incident.id;
    switch (event.incident.kind) {
      case IncidentKind::wrong_vehicle:
        notice.kind = NoticeKind::wrong_vehicle;
        break;
      case IncidentKind::unauthorised_charging:
        notice.kind = NoticeKind::unauthorised_charging;
        break;
      case IncidentKind::overstay:
        notice.kind = NoticeKind::overstay_at_bay;
        break;
      case IncidentKind::station_silent:
        notice.kind = NoticeKind::station_silent;
        break;
      default:
        return;  // told by DeliveryQueued
    }
    out.push_back(notice);
    if (notice.kind != NoticeKind::wrong_vehicle) return;
    notice.account = context_.owner_of(notice.bay);
    // Whose booking is in the way is for the property to know, not for the neighbour.
    notice.booking = BookingId{};
    if (notice.account) out.push_back(notice);
  }
  // What is dangerous goes by the incident's own list of whom it concerns; desks beyond the site have their own wires.
  void operator()(const DeliveryQueued& event) {
    const Delivery& delivery = event.delivery;
    const bool nuisance = delivery.kind < IncidentKind::thermal_warning;
    if (nuisance || (!delivery.to.account && delivery.to.party != Party::property)) return;
    Notice notice;
    notice.account = delivery.to.account;
    notice.site = site_of(delivery.id);
    notice.bay = delivery.bay;
    notice.incident = delivery.incident;
    notice.kind = delivery.step == DeliveryStep::alarm      ? NoticeKind::alarm
                  : delivery.step == DeliveryStep::reminder ? NoticeKind::reminder
                                                            : NoticeKind::all_clear;
    out.push_back(notice);
  }
  template <class Other>
  void operator()(const Other&) {}

  std::vector<Notice> out;

 private:
  const StreamId stream_;
  NoticeContext& context_;
};

}  // namespace

std::string_view to_text(NoticeKind kind) {
  return words[static_cast<size_t>(kind)];
}

std::optional<NoticeKind> notice_kind(int64_t stored) {
  if (stored < 1 || stored >= static_cast<int64_t>(words.size())) return std::nullopt;
  return static_cast<NoticeKind>(stored);
}

std::vector<Notice> notices_of(const StreamEvent& event, NoticeContext& context) {
  Writer writer(event, context);
  std::visit(writer, event.event);
  return std::move(writer.out);
}

}  // namespace bayward
