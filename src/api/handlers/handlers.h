// Every handler of the table in api/routes.cc, by the file it is in. A handler runs on an io thread (or a worker, when
// the token had to be looked up first): it reads the request, then asks, submits or posts, and never blocks.
#pragma once

#include "api/call.h"

namespace bayward::api {

// sign_in.cc
void register_account(const CallPtr& call);
void log_in(const CallPtr& call);
void log_out(const CallPtr& call);
void create_api_token(const CallPtr& call);
void list_api_tokens(const CallPtr& call);
void revoke_api_token(const CallPtr& call);

// me.cc
void show_me(const CallPtr& call);
void add_vehicle(const CallPtr& call);
void list_vehicles(const CallPtr& call);
void remove_vehicle(const CallPtr& call);
void add_token(const CallPtr& call);
void remove_token(const CallPtr& call);
void show_wallet(const CallPtr& call);
void list_my_ledger(const CallPtr& call);
void list_my_bookings(const CallPtr& call);
void list_my_notices(const CallPtr& call);

// email.cc
void set_email(const CallPtr& call);
void confirm_email(const CallPtr& call);

// driving.cc
void show_my_driving(const CallPtr& call);
void set_my_driving(const CallPtr& call);
void record_accident(const CallPtr& call);
void list_accidents(const CallPtr& call);

// incidents.cc
void list_incidents(const CallPtr& call);
void show_incident(const CallPtr& call);
void acknowledge_incident(const CallPtr& call);
void assign_incident(const CallPtr& call);
void close_incident(const CallPtr& call);
void call_for_help(const CallPtr& call);
void list_suppressions(const CallPtr& call);
void suppress_alarms(const CallPtr& call);
void lift_suppression(const CallPtr& call);
void list_incident_policies(const CallPtr& call);
void set_incident_policy(const CallPtr& call);
void list_inspections(const CallPtr& call);
void record_inspection(const CallPtr& call);

// office.cc
void list_standing_orders(const CallPtr& call);
void set_standing_order(const CallPtr& call);
void list_shifts(const CallPtr& call);
void offer_shift(const CallPtr& call);
void take_shift(const CallPtr& call);
void show_incident_report(const CallPtr& call);

// claims.cc
void list_my_claims(const CallPtr& call);
void list_site_claims(const CallPtr& call);
void settle_claim(const CallPtr& call);

// alarms.cc
void list_my_alarms(const CallPtr& call);
void list_duty_calls(const CallPtr& call);
void answer_duty_call(const CallPtr& call);

// disputes.cc
void open_dispute(const CallPtr& call);
void show_dispute(const CallPtr& call);
void decide_dispute(const CallPtr& call);
void list_disputes(const CallPtr& call);

// payments.cc
void list_top_ups(const CallPtr& call);
void begin_top_up(const CallPtr& call);
void take_payment_callback(const CallPtr& call);
void pay_test_order(const CallPtr& call);

// audit.cc
void search_audit(const CallPtr& call);

// find.cc
void search_bays(const CallPtr& call);
void quote_booking(const CallPtr& call);

// bookings.cc
void create_booking(const CallPtr& call);
void show_booking(const CallPtr& call);
void show_invoice(const CallPtr& call);
void cancel_booking(const CallPtr& call);
void extend_booking(const CallPtr& call);
void arrive_at_bay(const CallPtr& call);
void leave_bay(const CallPtr& call);
void start_charging(const CallPtr& call);
void show_session(const CallPtr& call);
void stop_charging(const CallPtr& call);

// sites.cc
void list_sites(const CallPtr& call);
void show_site(const CallPtr& call);
void list_bays(const CallPtr& call);
void show_bay(const CallPtr& call);
void show_schedule(const CallPtr& call);

// windows.cc
void publish_window(const CallPtr& call);
void list_windows(const CallPtr& call);
void withdraw_window(const CallPtr& call);
void set_window_exception(const CallPtr& call);
void grant_permission(const CallPtr& call);
void list_permissions(const CallPtr& call);
void revoke_permission(const CallPtr& call);

// staff.cc
void define_bay(const CallPtr& call);
void change_bay(const CallPtr& call);
void set_bay_service(const CallPtr& call);
void set_site_rules(const CallPtr& call);
void show_site_rules(const CallPtr& call);
void publish_tariff(const CallPtr& call);
void preview_tariff(const CallPtr& call);
void list_tariffs(const CallPtr& call);
void list_site_bookings(const CallPtr& call);
void list_site_sessions(const CallPtr& call);
void list_site_visits(const CallPtr& call);
void list_stations(const CallPtr& call);

// operate.cc
void define_site(const CallPtr& call);
void register_station(const CallPtr& call);
void renew_station_password(const CallPtr& call);
void list_pending_stations(const CallPtr& call);
void create_account(const CallPtr& call);
void find_account(const CallPtr& call);
void change_roles(const CallPtr& call);
void credit_account(const CallPtr& call);
void pay_out(const CallPtr& call);
void refund_booking(const CallPtr& call);
void show_stats(const CallPtr& call);

// terminals.cc
void open_resident(const CallPtr& call);
void list_devices(const CallPtr& call);
void show_session_course(const CallPtr& call);

// stations.cc
void order_station(const CallPtr& call);
void show_station_security(const CallPtr& call);
void set_station_security(const CallPtr& call);
void list_station_security_events(const CallPtr& call);
void list_security_events(const CallPtr& call);
void list_station_reports(const CallPtr& call);
void list_station_messages(const CallPtr& call);
void list_station_uploads(const CallPtr& call);
void fetch_station_upload(const CallPtr& call);
void take_upload(const CallPtr& call);
void show_station_authority(const CallPtr& call);

// firmware.cc
void list_firmware_images(const CallPtr& call);
void add_firmware_image(const CallPtr& call);
void remove_firmware_image(const CallPtr& call);
void take_firmware(const CallPtr& call);
void give_firmware(const CallPtr& call);

// campaigns.cc
void list_campaigns(const CallPtr& call);
void begin_campaign(const CallPtr& call);
void show_campaign(const CallPtr& call);
void order_campaign(const CallPtr& call);

// setting_sets.cc
void list_setting_sets(const CallPtr& call);
void add_setting_set(const CallPtr& call);
void show_setting_set(const CallPtr& call);
void change_setting_set(const CallPtr& call);
void remove_setting_set(const CallPtr& call);
void compare_setting_set(const CallPtr& call);

// open.cc
void open_feed(const CallPtr& call);
void show_health(const CallPtr& call);
void show_metrics(const CallPtr& call);
void show_page(const CallPtr& call);

// The id in the path, or a 404 with the kind of refusal that fits.
template <class IdType>
std::optional<IdType> path_id(const CallPtr& call, size_t index, core::Refusal unknown) {
  const auto id = parse_id<IdType>(call->parameter(index));
  if (!id) call->refuse(unknown);
  return id;
}

}  // namespace bayward::api
