//! Who may call what: every operation of the OpenAPI document, sent by every kind of caller. An operation that is not in
//! [`ACCESS`] fails the test, so that a new one gets an expectation.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_application::{operator::users::SetDisabled, sessions::refresh::RefreshAccess};
use selfsame_domain::{Factor, Factors, RequestContext};
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::{Map, Value, json};

use super::{
    Operation,
    examples::{example_of, with_body},
    operations,
};
use crate::testing::{Answer, TestServer, text};

const ADA: &str = "ada@example.com";
const EVE: &str = "eve@example.com";

/// Whom an operation serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// Everybody.
    Anyone,
    /// Everybody who has the secret in the body.
    Secret,
    /// Who is signed in.
    SignedIn,
    /// Who is signed in, by a second factor if one is enrolled (R27).
    Enrolled,
    /// Who is signed in and was authenticated a short time ago, by a second factor if one is enrolled.
    Recent,
}

use Access::{Anyone, Enrolled, Recent, Secret, SignedIn};

/// Every operation.
const ACCESS: &[(Access, &[&str])] = &[
    (
        Anyone,
        &[
            "account_start_sign_up",
            "account_start_recovery",
            "account_get_sign_up",
            "account_send_sign_up_code",
            "account_get_sign_in_attempt",
            "account_send_sign_in_code",
            "account_verify_sign_up",
            "account_verify_sign_in",
            "account_verify_recovery",
            "account_complete_recovery",
            "account_estimate_password",
            "oauth_revoke_token",
            "oauth_revoke",
            "oauth_get_metadata",
            "oauth_get_openid_configuration",
            "rivergen_signup",
            "rivergen_forgot_password",
            "rivergen_verify_email",
            "rivergen_reset_password",
            "wacht_request_challenge",
            "wacht_redeem_challenge",
            "wacht_get_deployment",
            "wacht_get_jwks",
            "wacht_get_jwk",
            "wacht_get_meta",
            "wacht_identifier_availability",
            "wacht_complete_profile",
            "wacht_validate_invitation",
            "wacht_forgot_password",
            "wacht_reset_password",
            "wacht_get_session",
            "wacht_get_session_token",
            "wacht_sign_out",
            "wacht_switch_sign_in",
            "wacht_identify",
            "wacht_sign_up",
            "wacht_prepare_verification",
            "wacht_attempt_verification",
            "server_get_picture",
            "server_get_passkey_endpoints",
            "account_begin_passkey_sign_in",
            "wacht_begin_passkey_sign_in",
            "rivergen_start_webauthn_sign_in",
            "server_get_related_origins",
            "server_go_to_password_change",
            "server_get_security_txt",
            "server_get_document",
            "server_get_liveness",
            "server_get_readiness",
        ],
    ),
    (
        Secret,
        &[
            "account_start_sign_in",
            "oauth_issue_tokens",
            "oauth_introspect_token",
            "account_sign_in_with_passkey",
            "wacht_sign_in_with_passkey",
            "rivergen_complete_webauthn_sign_in",
            "account_refresh_tokens",
            "account_cancel_deletion_by_link",
            "account_cancel_email_change_by_link",
            "account_undo_change",
            "account_preview_undo",
            "profile_api_confirm_email",
            "rivergen_login",
            "rivergen_refresh",
            "rivergen_verify_otp",
            "rivergen_resend_signup_otp",
            "rivergen_generate_mfa_otp",
            "rivergen_verify_mfa",
            "wacht_sign_in",
        ],
    ),
    (
        SignedIn,
        &[
            "account_get",
            "account_list_activity",
            "account_get_activity",
            "account_verify_receipt",
            "account_get_capabilities",
            "account_get_attributes_schema",
            "account_list_passkeys",
            "account_register_passkey",
            "account_rename_passkey",
            "account_remove_passkey",
            "account_begin_passkey_proof",
            "account_prove_with_passkey",
            "rivergen_list_webauthn_credentials",
            "rivergen_complete_webauthn_registration",
            "rivergen_delete_webauthn_credential",
            "wacht_list_passkeys",
            "wacht_register_passkey",
            "wacht_rename_passkey",
            "wacht_remove_passkey",
            "account_list_sign_ins",
            "account_get_sign_in",
            "account_end_sign_in",
            "account_end_other_sign_ins",
            "account_sign_out",
            "account_patch_sign_in",
            "account_cancel_deletion",
            "account_get_deletion",
            "account_read_email_change",
            "account_cancel_email_change",
            "account_list_emails",
            "account_read_email",
            "account_send_email_code",
            "account_confirm_email",
            "account_list_phones",
            "account_read_phone",
            "account_send_phone_code",
            "account_confirm_phone",
            "account_get_second_factors",
            "account_confirm_totp",
            "account_confirm_sms",
            "account_remove_sms",
            "account_send_step_up_code",
            "account_set_password",
            "account_list_devices",
            "account_list_applications",
            "account_remove_application",
            "account_list_identities",
            "oauth_get_userinfo",
            "oauth_post_userinfo",
            "account_forget_device",
            "account_forget_devices",
            "account_list_exports",
            "account_get_export",
            "account_remove_export",
            "profile_api_get_profile",
            "profile_api_change_password",
            "profile_api_request_verification",
            "profile_api_get_mfa",
            "profile_api_list_sessions",
            "profile_api_regenerate_backup_codes",
            "profile_api_revoke_session",
            "rivergen_get_current_user",
            "rivergen_update_profile",
            "rivergen_change_password",
            "rivergen_verify_email_update",
            "rivergen_list_sessions",
            "rivergen_end_session",
            "rivergen_logout",
            "rivergen_activate_device",
            "rivergen_end_other_sessions",
            "rivergen_list_devices",
            "rivergen_logout_all",
            "rivergen_revoke_device",
            "rivergen_verify_totp",
            "wacht_get_me",
            "wacht_post_me",
            "wacht_patch_me",
            "wacht_set_profile_picture",
            "wacht_list_sign_ins",
            "wacht_end_sign_in",
            "wacht_confirm_authenticator",
            "wacht_list_email_addresses",
            "wacht_read_email_address",
            "wacht_prepare_email_address",
            "wacht_verify_email_address",
            "wacht_list_phone_numbers",
            "wacht_read_phone_number",
            "wacht_prepare_phone_number",
            "wacht_verify_phone_number",
            "wacht_update_password",
            "wacht_list_organizations",
            "wacht_list_workspaces",
            "wacht_connect_social",
            "wacht_finish_social",
            "wacht_disconnect_social",
            "wacht_switch_organization",
            "wacht_switch_workspace",
        ],
    ),
    // They need a recent proof too, once there is something to change. These callers have no such thing, and the tests of
    // the routes show the proof.
    (
        SignedIn,
        &[
            "account_remove_email",
            "account_make_email_primary",
            "account_remove_phone",
            "account_make_phone_primary",
            "wacht_delete_email_address",
            "wacht_make_email_address_primary",
            "wacht_delete_phone_number",
            "wacht_make_phone_number_primary",
            "wacht_remove_authenticator",
        ],
    ),
    (
        Enrolled,
        &[
            "account_make_backup_codes",
            "account_remember_device",
            "account_step_up",
            "account_remove_totp",
            "wacht_generate_backup_codes",
            "wacht_regenerate_backup_codes",
        ],
    ),
    (
        Recent,
        &[
            "account_remove_password",
            "account_unlink_identity",
            "wacht_remove_password",
            "account_patch",
            "profile_api_update_profile",
            "account_add_email",
            "account_begin_passkey_registration",
            "rivergen_start_webauthn_registration",
            "wacht_begin_passkey_registration",
            "account_add_phone",
            "account_begin_totp",
            "account_begin_sms",
            "account_schedule_deletion",
            "account_request_export",
            "account_download_export",
            "rivergen_request_email_update",
            "rivergen_setup_totp",
            "wacht_add_email_address",
            "wacht_add_phone_number",
            "wacht_begin_authenticator",
            "wacht_delete_account",
        ],
    ),
];

fn access_of(operation: &Operation) -> Access {
    let id = operation.documented["operationId"].as_str().unwrap();
    let mut found = ACCESS.iter().filter(|(_, ids)| ids.contains(&id)).map(|(access, _)| *access);
    let access = found.next().unwrap_or_else(|| panic!("{id} is not in the matrix: say whom it serves"));
    assert_eq!(found.next(), None, "{id} is in the matrix twice");
    let needs_credential = matches!(access, SignedIn | Enrolled | Recent);
    assert_eq!(operation.needs_credential(), needs_credential, "the document and the matrix differ: {id}");
    access
}

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    Anonymous,
    /// A browser with a sign-in in progress, whose second step is missing.
    HalfAuthenticated,
    SignedIn,
    /// Signed in eleven minutes ago.
    Stale,
    /// Signed in by password alone, before an authenticator app was enrolled.
    OneFactor,
    /// The account was disabled since.
    Disabled,
    /// The sign-in was ended.
    SignedOut,
    /// A forged token beside a good cookie.
    BadTokenGoodCookie,
    /// A good cookie, and a page of another site.
    OtherSite,
}

const CALLERS: [Caller; 9] = [
    Caller::Anonymous,
    Caller::HalfAuthenticated,
    Caller::SignedIn,
    Caller::Stale,
    Caller::OneFactor,
    Caller::Disabled,
    Caller::SignedOut,
    Caller::BadTokenGoodCookie,
    Caller::OtherSite,
];

impl Operation {
    fn takes_bearer(&self) -> bool {
        self.documented["security"].to_string().contains("bearer")
    }

    fn takes_cookie(&self) -> bool {
        self.documented["security"].to_string().contains("session_id")
    }

    /// A request with the examples of the document.
    pub(super) fn example(&self) -> TestRequest {
        match example_of(self) {
            Some((content_type, Value::Object(members))) => with_body(self.request(), &content_type, &members),
            Some((content_type, other)) => {
                self.request().insert_header(("content-type", content_type)).set_payload(other.to_string())
            }
            None if self.documented["operationId"] == "wacht_set_profile_picture" => {
                let members = Map::from_iter([("file".to_owned(), Value::Null)]);
                with_body(self.request(), "multipart/form-data", &members)
            }
            None => self.request(),
        }
    }
}

fn cookie(cookie: &str) -> (&'static str, String) {
    ("cookie", format!("session_id={cookie}"))
}

/// A server for one operation. Each caller has an account of its own there.
async fn server_for(operation: &Operation) -> TestServer {
    let core = TestCore::with(|_, limits| limits.enabled = false);
    let challenge = operation.path.starts_with("/captcha/");
    TestServer::with(core, |services| services.wacht.challenge = challenge).await
}

/// Sends a request as a caller.
async fn send(server: &TestServer, caller: Caller, operation: &Operation) -> Answer {
    let request = operation.example();
    let email = format!("{caller:?}@example.com").to_ascii_lowercase();
    let good_cookie = || {
        server.account(&email);
        cookie(server.cookie(&email).expose())
    };
    let signed_in = |request: TestRequest| {
        if operation.takes_cookie() {
            return request.insert_header(good_cookie());
        }
        server.account(&email);
        let token = server.tokens(&email).access_token.token;
        request.insert_header(("authorization", format!("Bearer {token}")))
    };
    let request = match caller {
        Caller::Anonymous => request,
        Caller::SignedIn => signed_in(request),
        Caller::OtherSite => request.insert_header(good_cookie()).insert_header(("sec-fetch-site", "cross-site")),
        Caller::BadTokenGoodCookie => {
            request.insert_header(good_cookie()).insert_header(("authorization", "Bearer forged"))
        }
        Caller::HalfAuthenticated => {
            server.unverified_user(&email);
            let mut browser = server.browser();
            let form = json!({"email": email, "password": PASSWORD});
            let path = "/api/v1/account/sign-in-attempts";
            let started = browser.send(TestRequest::post().uri(path).set_json(form)).await;
            assert_eq!((started.status, &started.json()["next"]), (201, &json!("email")));
            request.insert_header(cookie(&browser.cookie.unwrap()))
        }
        Caller::Stale if operation.takes_bearer() => {
            server.account(&email);
            let refresh_token = server.tokens(&email).refresh_token.expose().to_owned();
            server.clock.advance(Duration::from_mins(11));
            let (access_ttl, context) = (Duration::from_mins(5), RequestContext::default());
            let tokens = RefreshAccess { refresh_token, access_ttl, context }.execute(&server.core).unwrap();
            request.insert_header(("authorization", format!("Bearer {}", tokens.access_token.token)))
        }
        Caller::Stale => {
            let good_cookie = good_cookie();
            server.clock.advance(Duration::from_mins(11));
            request.insert_header(good_cookie)
        }
        Caller::OneFactor => {
            let request = signed_in(request);
            server.enrol(&email, Factors::of([Factor::Totp]));
            request
        }
        Caller::Disabled => {
            let request = signed_in(request);
            SetDisabled { user: server.account(&email).id, is_disabled: true }.execute(&server.core).unwrap();
            request
        }
        Caller::SignedOut => {
            let request = signed_in(request);
            let other = server.bearer(&email);
            assert_eq!(other.send(TestRequest::delete().uri("/api/v1/account/sign-ins")).await.status, 204);
            request
        }
    };
    server.send(request).await
}

/// Whether an answer is one that a caller may get from an operation.
fn is_expected(caller: Caller, access: Access, operation: &Operation, status: u16) -> bool {
    let is_refused = [401, 403].contains(&status);
    if status >= 500 {
        return false;
    }
    if caller == Caller::OtherSite && !operation.method.is_safe() {
        return status == 403;
    }
    match access {
        // Some of these look at a token that is sent, and refuse a bad one (R44).
        Anyone if caller == Caller::BadTokenGoodCookie => status != 403,
        Anyone => !is_refused,
        Secret => status != 403,
        SignedIn | Enrolled | Recent => match caller {
            Caller::SignedIn => !is_refused,
            Caller::Stale => is_refused == (access == Recent),
            Caller::OneFactor => is_refused == (access != SignedIn),
            Caller::OtherSite => is_refused != operation.takes_cookie(),
            Caller::Anonymous
            | Caller::HalfAuthenticated
            | Caller::Disabled
            | Caller::SignedOut
            | Caller::BadTokenGoodCookie => status == 401,
        },
    }
}

#[actix_web::test]
async fn r10_r27_r43_r44_r52_every_operation_serves_the_callers_that_it_is_for_and_no_other() {
    let (mut count, mut unexpected) = (0, Vec::new());
    for operation in operations() {
        let access = access_of(&operation);
        let server = server_for(&operation).await;
        for caller in CALLERS {
            let answer = send(&server, caller, &operation).await;
            if !is_expected(caller, access, &operation, answer.status) {
                let (status, name, text) = (answer.status, operation.name(), answer.text());
                unexpected.push(format!("{caller:?} got {status} from {name}, which serves {access:?}: {text}"));
            }
            count += 1;
        }
    }
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    assert!(count > 500, "{count}");
    let documented: Vec<_> =
        operations().into_iter().map(|operation| operation.documented["operationId"].clone()).collect();
    for id in ACCESS.iter().flat_map(|(_, ids)| *ids) {
        assert!(documented.contains(&Value::from(*id)), "{id} is in the matrix and not in the document");
    }
}

#[actix_web::test]
async fn r62_an_object_of_another_user_is_answered_like_an_unknown_one() {
    let with_id: Vec<_> = operations()
        .into_iter()
        .filter(|operation| operation.needs_credential() && operation.path.contains('{'))
        // Every account counts the places of its trail from 1, so nobody can name that of another one.
        .filter(|operation| !operation.path.contains("{sequence}"))
        .collect();
    assert!(with_id.len() > 4, "{}", with_id.len());
    for operation in with_id {
        let server = TestServer::over(TestCore::with(|_, limits| limits.enabled = false)).await;
        let ada = server.bearer(ADA);
        let foreign = ada.get("/api/v1/account/sign-ins").await.json()["sign_ins"][0]["id"].clone();
        server.account(EVE);
        let mut answers = Vec::new();
        for id in [text(&foreign), "1"] {
            let (start, rest) = operation.path.split_once('{').unwrap();
            let path = format!("{start}{id}{}", rest.split_once('}').unwrap().1);
            let request = match example_of(&operation) {
                Some((content_type, Value::Object(members))) => {
                    with_body(TestRequest::default(), &content_type, &members)
                }
                _ => TestRequest::default(),
            };
            let eve = server.bearer(EVE);
            let answer = eve.send(request.method(operation.method.clone()).uri(&path)).await;
            let body = answer.text().replace(answer.header("x-request-id"), "");
            answers.push((answer.status, body));
        }
        assert_eq!(answers[0], answers[1], "{}", operation.name());
        assert!((400..500).contains(&answers[0].0), "{}: {answers:?}", operation.name());
        assert_eq!(ada.get("/api/v1/account").await.status, 200, "{} touched the other account", operation.name());
    }
}
