#include "api/handlers/handlers.h"
#include "api/route.h"

namespace bayward::api {
namespace {

using enum HttpMethod;
using enum Access;

// The contract, in the order of schemas/openapi.yaml; openapi_test.cc keeps the two equal.
constexpr Route routes[] = {
    {post, "/api/v1/register", anyone, register_account},
    {post, "/api/v1/login", anyone, log_in},
    {post, "/api/v1/logout", signed_in, log_out},

    {get, "/api/v1/me", signed_in, show_me},
    {put, "/api/v1/me/email", signed_in, set_email},
    {get, "/api/v1/me/vehicles", signed_in, list_vehicles},
    {post, "/api/v1/me/vehicles", signed_in, add_vehicle},
    {del, "/api/v1/me/vehicles/{vehicle}", signed_in, remove_vehicle},
    {post, "/api/v1/me/tokens", signed_in, add_token},
    {del, "/api/v1/me/tokens/{token}", signed_in, remove_token},
    {get, "/api/v1/me/wallet", signed_in, show_wallet},
    {get, "/api/v1/me/ledger", signed_in, list_my_ledger},
    {get, "/api/v1/me/alarms", signed_in, list_my_alarms},
    {get, "/api/v1/me/top-ups", signed_in, list_top_ups},
    {post, "/api/v1/me/top-ups", signed_in, begin_top_up},
    {get, "/api/v1/me/bookings", signed_in, list_my_bookings},
    {get, "/api/v1/me/claims", signed_in, list_my_claims},
    {get, "/api/v1/me/notices", signed_in, list_my_notices},
    {get, "/api/v1/me/api-tokens", signed_in, list_api_tokens},
    {post, "/api/v1/me/api-tokens", signed_in, create_api_token},
    {del, "/api/v1/me/api-tokens/{token}", signed_in, revoke_api_token},

    {post, "/api/v1/search", signed_in, search_bays},
    {post, "/api/v1/quotes", signed_in, quote_booking},
    {post, "/api/v1/bookings", signed_in, create_booking},
    {get, "/api/v1/bookings/{booking}", signed_in, show_booking},
    {get, "/api/v1/bookings/{booking}/invoice", signed_in, show_invoice},
    {post, "/api/v1/bookings/{booking}/cancel", signed_in, cancel_booking},
    {post, "/api/v1/bookings/{booking}/extend", signed_in, extend_booking},
    {post, "/api/v1/bookings/{booking}/arrive", signed_in, arrive_at_bay},
    {post, "/api/v1/bookings/{booking}/leave", signed_in, leave_bay},
    {post, "/api/v1/bookings/{booking}/charge", signed_in, start_charging},
    {post, "/api/v1/bookings/{booking}/refund", operators, refund_booking},
    {get, "/api/v1/bookings/{booking}/dispute", signed_in, show_dispute},
    {post, "/api/v1/bookings/{booking}/dispute", signed_in, open_dispute},
    {post, "/api/v1/bookings/{booking}/dispute/decision", staff_of_site, decide_dispute},
    {get, "/api/v1/sessions/{session}", signed_in, show_session},
    {post, "/api/v1/sessions/{session}/stop", signed_in, stop_charging},
    {get, "/api/v1/sessions/{session}/course", signed_in, show_session_course},

    {get, "/api/v1/sites", anyone, list_sites},
    {post, "/api/v1/sites", operators, define_site},
    {get, "/api/v1/sites/{site}", anyone, show_site},
    {get, "/api/v1/sites/{site}/bays", anyone, list_bays},
    {post, "/api/v1/sites/{site}/bays", staff_of_site, define_bay},
    {get, "/api/v1/sites/{site}/rules", staff_of_site, show_site_rules},
    {put, "/api/v1/sites/{site}/rules", staff_of_site, set_site_rules},
    {get, "/api/v1/sites/{site}/tariffs", anyone, list_tariffs},
    {post, "/api/v1/sites/{site}/tariffs", staff_of_site, publish_tariff},
    {post, "/api/v1/sites/{site}/tariff-preview", staff_of_site, preview_tariff},
    {get, "/api/v1/sites/{site}/disputes", staff_of_site, list_disputes},
    {get, "/api/v1/sites/{site}/claims", staff_of_site, list_site_claims},
    {post, "/api/v1/claims/{claim}/settle", staff_of_site, settle_claim},
    {get, "/api/v1/sites/{site}/permissions", staff_of_site, list_permissions},
    {post, "/api/v1/sites/{site}/permissions", staff_of_site, grant_permission},
    {get, "/api/v1/sites/{site}/incidents", staff_of_site, list_incidents},
    {get, "/api/v1/sites/{site}/incident-report", staff_of_site, show_incident_report},
    {get, "/api/v1/sites/{site}/standing-orders", staff_of_site, list_standing_orders},
    {put, "/api/v1/sites/{site}/standing-orders/{kind}", staff_of_site, set_standing_order},
    {get, "/api/v1/sites/{site}/shifts", staff_of_site, list_shifts},
    {post, "/api/v1/sites/{site}/shifts", staff_of_site, offer_shift},
    {post, "/api/v1/sites/{site}/shifts/{number}/take", staff_of_site, take_shift},
    {get, "/api/v1/sites/{site}/suppressions", staff_of_site, list_suppressions},
    {post, "/api/v1/sites/{site}/suppressions", staff_of_site, suppress_alarms},
    {del, "/api/v1/sites/{site}/suppressions/{number}", staff_of_site, lift_suppression},
    {get, "/api/v1/sites/{site}/incident-policies", staff_of_site, list_incident_policies},
    {put, "/api/v1/sites/{site}/incident-policies/{kind}", staff_of_site, set_incident_policy},
    {get, "/api/v1/sites/{site}/inspections", staff_of_site, list_inspections},
    {get, "/api/v1/sites/{site}/bookings", staff_of_site, list_site_bookings},
    {get, "/api/v1/sites/{site}/sessions", staff_of_site, list_site_sessions},
    {get, "/api/v1/sites/{site}/visits", staff_of_site, list_site_visits},
    {get, "/api/v1/sites/{site}/stations", staff_of_site, list_stations},
    {post, "/api/v1/sites/{site}/stations", operators, register_station},
    {get, "/api/v1/sites/{site}/devices", staff_of_site, list_devices},
    {get, "/api/v1/sites/{site}/accounts", staff_of_site, find_account},
    {post, "/api/v1/sites/{site}/accounts", staff_of_site, open_resident},

    {get, "/api/v1/bays/{bay}", anyone, show_bay},
    {patch, "/api/v1/bays/{bay}", staff_of_site, change_bay},
    {get, "/api/v1/bays/{bay}/schedule", signed_in, show_schedule},
    {put, "/api/v1/bays/{bay}/service", staff_of_site, set_bay_service},
    {get, "/api/v1/bays/{bay}/windows", signed_in, list_windows},
    {post, "/api/v1/bays/{bay}/windows", signed_in, publish_window},
    {del, "/api/v1/windows/{window}", signed_in, withdraw_window},
    {put, "/api/v1/windows/{window}/exceptions/{date}", signed_in, set_window_exception},
    {del, "/api/v1/permissions/{permission}", staff_of_site, revoke_permission},
    {post, "/api/v1/bays/{bay}/help", signed_in, call_for_help},
    {post, "/api/v1/bays/{bay}/inspection", staff_of_site, record_inspection},
    {get, "/api/v1/incidents/{incident}", staff_of_site, show_incident},
    {post, "/api/v1/incidents/{incident}/acknowledge", signed_in, acknowledge_incident},
    {post, "/api/v1/incidents/{incident}/assign", staff_of_site, assign_incident},
    {post, "/api/v1/incidents/{incident}/close", staff_of_site, close_incident},
    {put, "/api/v1/stations/{station}/password", operators, renew_station_password},
    {post, "/api/v1/stations/{station}/orders", operators, order_station},
    {get, "/api/v1/stations/{station}/reports", operators, list_station_reports},
    {get, "/api/v1/stations/{station}/messages", operators, list_station_messages},
    {get, "/api/v1/stations/{station}/uploads", operators, list_station_uploads},
    {get, "/api/v1/stations/{station}/uploads/{upload}", operators, fetch_station_upload},
    {get, "/api/v1/stations/{station}/security", operators, show_station_security},
    {put, "/api/v1/stations/{station}/security", operators, set_station_security},
    {get, "/api/v1/stations/{station}/security-events", operators, list_station_security_events},
    {get, "/api/v1/pending-stations", operators, list_pending_stations},
    {get, "/api/v1/security-events", operators, list_security_events},
    {get, "/api/v1/station-authority", operators, show_station_authority},

    {get, "/api/v1/accounts", operators, find_account},
    {post, "/api/v1/accounts", operators, create_account},
    {put, "/api/v1/accounts/{account}/roles", operators, change_roles},
    {post, "/api/v1/accounts/{account}/credits", operators, credit_account},
    {post, "/api/v1/accounts/{account}/payouts", operators, pay_out},

    {post, "/api/v1/payments/callback", anyone, take_payment_callback},
    {post, "/api/v1/payments/{payment}/test", signed_in, pay_test_order},
    {get, "/api/v1/audit", operators, search_audit},

    {get, "/api/v1/duty-calls", operators, list_duty_calls},
    {post, "/api/v1/duty-calls/{desk}/answer", operators, answer_duty_call},

    {get, "/api/v1/feed", anyone, open_feed},
    {get, "/api/v1/stats", operators, show_stats},

    {put, "/uploads/{token}", anyone, take_upload},
    {post, "/uploads/{token}", anyone, take_upload},
    {put, "/uploads/{token}/{file}", anyone, take_upload},
    {post, "/uploads/{token}/{file}", anyone, take_upload},

    {get, "/healthz", anyone, show_health},
    {get, "/metrics", anyone, show_metrics},
    {get, "/openapi.yaml", anyone, show_page},
    {get, "/docs", anyone, show_page},
    {get, "/", anyone, show_page},
    {get, "/sw.js", anyone, show_page},
    {get, "/assets/{file}", anyone, show_page},
};

}  // namespace

std::span<const Route> all_routes() {
  return routes;
}

}  // namespace bayward::api
