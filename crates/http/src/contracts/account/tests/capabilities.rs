//! `/api/v1/account/capabilities`: what it says is what the operations do.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_application::oauth::all_scopes;
use selfsame_domain::{
    AuthorizedClient, Claim, Factor, Factors, FieldRight, FieldRights, Scopes, SecondFactorPolicy,
    oauth::{Client, SigningAlgorithm},
};
use selfsame_ports::Clock as _;
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL};
use crate::testing::{Answer, Browser, TestServer, text};

const CAPABILITIES: &str = "/api/v1/account/capabilities";
const NEXT_PASSWORD: &str = "eleven quiet lanterns drift";

/// A state of the account and of the sign-in.
#[derive(Clone, Copy, Debug)]
enum State {
    Fresh,
    Stale,
    Unverified,
    Full,
    WithTotp,
    WithTotpByPassword,
    WithTotpStale,
    Enforced,
    WithSms,
    WithSmsStale,
    EnforcedBySms,
    WithoutSms,
    Exporting,
    Exported,
    ExportedStale,
    ExportExpired,
    WithPasskey,
    WithPasskeyAlone,
    WithPasskeyAloneStale,
    Restricted,
    RestrictedStale,
    WithoutServices,
    Held,
    HeldAlone,
}

const STATES: [State; 24] = [
    State::Fresh,
    State::Stale,
    State::Unverified,
    State::Full,
    State::WithTotp,
    State::WithTotpByPassword,
    State::WithTotpStale,
    State::Enforced,
    State::WithSms,
    State::WithSmsStale,
    State::EnforcedBySms,
    State::WithoutSms,
    State::Exporting,
    State::Exported,
    State::ExportedStale,
    State::ExportExpired,
    State::WithPasskey,
    State::WithPasskeyAlone,
    State::WithPasskeyAloneStale,
    State::Restricted,
    State::RestrictedStale,
    State::WithoutServices,
    State::Held,
    State::HeldAlone,
];

/// The core of a server whose operator has chosen what a state needs.
fn core_in(state: State) -> TestCore {
    let core = TestCore::with(|policy, limits| {
        limits.enabled = false;
        policy.sms_second_factor = !matches!(state, State::WithoutSms);
        policy.oauth.clients = vec![Client {
            id: "app".to_owned(),
            name: "App".to_owned(),
            redirect_uris: vec!["https://app.example/cb".to_owned()],
            post_logout_redirect_uris: Vec::new(),
            scopes: all_scopes(),
            skips_consent: false,
            id_token_algorithm: SigningAlgorithm::Es256,
        }];
        match state {
            State::Unverified => policy.require_verified_email = false,
            State::Full => (policy.max_emails, policy.max_phones, policy.max_passkeys) = (2, 1, 1),
            State::WithoutServices => policy.sends_sms = false,
            State::ExportExpired => policy.export_ttl = chrono::Duration::minutes(1),
            State::Held | State::HeldAlone => policy.new_credential_hold = chrono::Duration::minutes(5),
            State::Restricted | State::RestrictedStale => {
                policy.fields = FieldRights::new([
                    (Claim::Email, FieldRight::Read),
                    (Claim::PhoneNumber, FieldRight::Off),
                    (Claim::Name, FieldRight::StepUp),
                    (Claim::GivenName, FieldRight::Read),
                    (Claim::Locale, FieldRight::Off),
                    (Claim::Attributes, FieldRight::StepUp),
                ]);
            }
            _ => {}
        }
    });
    if matches!(state, State::WithoutServices) { core.over(|ports| ports.webauthn = None) } else { core }
}

/// A server and a browser in a state. The account has a second address that is verified, and a number that is not.
async fn set(state: State) -> (TestServer, Browser) {
    let server = TestServer::over(core_in(state)).await;
    if matches!(state, State::Unverified) {
        server.unverified_user(EMAIL)
    } else {
        server.account(EMAIL)
    };
    server.add_email(EMAIL, 7, "ada@work.example", !matches!(state, State::Unverified));
    server.change_user(EMAIL, |user| {
        let phone = selfsame_domain::PhoneNumber::parse("+31612345678").unwrap();
        let id = "8".parse().unwrap();
        let mut phone = selfsame_domain::Identifier::phone(id, &phone, true, user.created_at);
        if matches!(state, State::WithSms | State::WithSmsStale | State::EnforcedBySms | State::WithoutSms) {
            phone.verified_at = Some(phone.created_at);
        }
        user.identifiers.push(phone);
    });
    let mut browser = sign_in(state, &server).await;
    if matches!(state, State::WithPasskeyAlone | State::WithPasskeyAloneStale) {
        let request = TestRequest::delete().uri("/api/v1/account/password");
        let removed = browser.send(request.set_json(json!({"current_password": PASSWORD}))).await;
        assert_eq!(removed.status, 204, "{}", removed.text());
    }
    if format!("{state:?}").ends_with("Stale") {
        server.clock.advance(Duration::from_mins(10));
    }
    (server, browser)
}

/// A browser of the account, signed in as its state demands.
async fn sign_in(state: State, server: &TestServer) -> Browser {
    let by = |factors: &[Factor]| server.browser_by(EMAIL, Factors::of(factors.iter().copied()));
    let both = [Factor::Password, Factor::Totp];
    match state {
        State::Fresh | State::Stale | State::Restricted | State::RestrictedStale | State::WithoutServices => {
            by(&[Factor::Password])
        }
        State::Unverified | State::WithoutSms => by(&[Factor::Password]),
        State::WithSms | State::WithSmsStale | State::EnforcedBySms => {
            let now = server.clock.now();
            server.change_user(EMAIL, |user| {
                user.enrol_phone("8".parse().unwrap(), now);
                if matches!(state, State::EnforcedBySms) {
                    user.second_factor_policy = SecondFactorPolicy::Enforced;
                }
            });
            by(&[Factor::Password, Factor::Sms])
        }
        State::Exporting | State::Exported | State::ExportedStale | State::ExportExpired => {
            let ada = server.bearer(EMAIL);
            let requested = ada.send(TestRequest::post().uri("/api/v1/account/exports")).await;
            assert_eq!(requested.status, 202, "{}", requested.text());
            if !matches!(state, State::Exporting) {
                server.make_exports();
            }
            if matches!(state, State::ExportExpired) {
                server.clock.advance(Duration::from_mins(1));
            }
            by(&[Factor::Password])
        }
        State::WithTotp | State::WithTotpStale => {
            server.enrol_totp(EMAIL);
            by(&both)
        }
        // An address was proven just now, so the older passkey cannot be removed.
        State::Held => {
            server.passkey(EMAIL);
            server.clock.advance(Duration::from_mins(6));
            let now = server.clock.now();
            server.change_user(EMAIL, |user| user.identifiers[1].verified_at = Some(now));
            by(&[Factor::Passkey])
        }
        State::WithTotpByPassword => {
            server.enrol_totp(EMAIL);
            by(&[Factor::Password])
        }
        State::Enforced => {
            server.enrol_totp(EMAIL);
            server.change_user(EMAIL, |user| user.second_factor_policy = SecondFactorPolicy::Enforced);
            by(&both)
        }
        State::Full
        | State::HeldAlone
        | State::WithPasskey
        | State::WithPasskeyAlone
        | State::WithPasskeyAloneStale => {
            server.passkey(EMAIL);
            by(&[Factor::Passkey])
        }
    }
}

/// Every capability in a document: where it is, the capability, and the operation.
fn all(document: &Value) -> Vec<(String, Value, TestRequest)> {
    let mut all = Vec::new();
    for (claim, capability) in document["fields"].as_object().unwrap() {
        if claim != "email" {
            all.push((format!("field {claim}"), capability.clone(), patch(&json!({ claim: value_of(claim) }))));
        }
    }
    for (name, capability) in document["actions"].as_object().unwrap() {
        all.push((name.clone(), capability.clone(), operation(name)));
    }
    for list in ["emails", "phones", "passkeys", "exports"] {
        for item in document[list].as_array().unwrap() {
            for (name, capability) in item["actions"].as_object().unwrap() {
                let id = text(&item["id"]);
                all.push((format!("{list} {id} {name}"), capability.clone(), item_operation(list, id, name)));
            }
        }
    }
    all
}

fn value_of(claim: &str) -> Value {
    match claim {
        "preferred_username" => json!("lovelace"),
        "phone_number" => json!("+31687654321"),
        "locale" => json!("de"),
        "zoneinfo" => json!("Europe/Berlin"),
        "picture" => json!("https://example.com/ada.png"),
        "attributes" => json!({"theme": "dark"}),
        _ => json!("Grace"),
    }
}

fn patch(body: &Value) -> TestRequest {
    TestRequest::patch().uri(ACCOUNT).set_json(body)
}

fn operation(name: &str) -> TestRequest {
    let at = |path: &str| format!("{ACCOUNT}/{path}");
    match name {
        "email.add" => TestRequest::post().uri(&at("emails")).set_json(json!({"email": "new@example.com"})),
        "phone.add" => TestRequest::post().uri(&at("phones")).set_json(json!({"phone_number": "+31687654321"})),
        "password.set" => {
            let body = json!({"password": NEXT_PASSWORD, "current_password": PASSWORD});
            TestRequest::put().uri(&at("password")).set_json(body)
        }
        "password.remove" => TestRequest::delete().uri(&at("password")).set_json(json!({"current_password": PASSWORD})),
        "totp.enrol" => TestRequest::post().uri(&at("totp")),
        "totp.remove" => TestRequest::delete().uri(&at("totp")),
        "sms.enrol" => TestRequest::post().uri(&at("sms")).set_json(json!({"phone_id": "8"})),
        "sms.remove" => TestRequest::delete().uri(&at("sms")),
        "export.request" => TestRequest::post().uri(&at("exports")),
        "backup_codes.make" => TestRequest::post().uri(&at("backup-codes")),
        "second_factor_policy.change" => patch(&json!({"second_factor_policy": "enforced"})),
        "passkey.add" => TestRequest::post().uri(&at("passkeys/registration")),
        "device.remember" => TestRequest::post().uri(&at("devices")).set_json(json!({})),
        "deletion.schedule" => TestRequest::post().uri(&at("deletion")),
        other => panic!("say how {other} is tried"),
    }
}

fn item_operation(list: &str, id: &str, name: &str) -> TestRequest {
    let at = format!("{ACCOUNT}/{list}/{id}");
    match name {
        "verify" => TestRequest::post().uri(&format!("{at}/verification")),
        "make_primary" => TestRequest::put().uri(&format!("{at}/primary")),
        "remove" => TestRequest::delete().uri(&at),
        "download" => TestRequest::get().uri(&format!("{at}/archive")),
        "rename" => TestRequest::patch().uri(&at).set_json(json!({"name": "Other"})),
        other => panic!("say how {other} is tried"),
    }
}

/// What an operation was refused for: the type of the problem, and the rules of its members.
fn refusals(answer: &Answer) -> Vec<String> {
    let kind = answer.problem().1.to_owned();
    let rules = answer.json()["errors"].as_array().into_iter().flatten().map(|error| text(&error["rule"]).to_owned());
    rules.chain([kind]).collect()
}

#[actix_web::test]
async fn r10_r33_what_is_allowed_succeeds_and_what_is_not_is_refused_for_a_reason_that_was_given() {
    let mut tried = 0;
    for state in STATES {
        let (_server, mut browser) = set(state).await;
        let document = browser.get(CAPABILITIES).await;
        assert_eq!(document.status, 200, "{state:?}: {}", document.text());
        let count = all(document.json()).len();
        for index in 0..count {
            // Each on a server of its own, because it changes the state.
            let (_server, mut browser) = set(state).await;
            let document = browser.get(CAPABILITIES).await;
            let (name, capability, request) = all(document.json()).swap_remove(index);
            // A change to what it is already is no change.
            let is_enforced = matches!(state, State::Enforced) && name == "second_factor_policy.change";
            let answer =
                browser.send(if is_enforced { patch(&json!({"second_factor_policy": "none"})) } else { request }).await;
            let is_success = (200..300).contains(&answer.status);
            let context = || format!("{state:?} {name}: {capability} {} {}", answer.status, answer.text());
            assert_eq!(capability["allowed"], is_success, "{}", context());
            let reasons: Vec<&str> = capability["reasons"].as_array().unwrap().iter().map(text).collect();
            assert_eq!(reasons.is_empty(), is_success, "{}", context());
            assert_eq!(reasons.contains(&"step-up-required"), capability["step_up"] == true, "{}", context());
            if !is_success && reasons != ["no-password"] {
                assert!(refusals(&answer).iter().any(|kind| reasons.contains(&kind.as_str())), "{}", context());
            }
            tried += 1;
        }
    }
    assert!(tried > 300, "{tried}");
}

#[actix_web::test]
async fn r100_what_an_application_is_told_that_it_may_do_is_what_its_scopes_allow() {
    let scopes = [
        "profile:read",
        "profile:write",
        "security:read",
        "security:write",
        "security:write profile:read",
        "profile:write security:read",
        "profile:write security:write",
    ];
    let (mut tried, mut out_of_scope, mut allowed) = (0, 0, 0);
    for scopes in scopes {
        let application = async || {
            let (server, _) = set(State::WithPasskey).await;
            let client = AuthorizedClient { id: "app".to_owned(), scopes: Scopes::known_in(scopes) };
            let token = server.access_token_of_by(EMAIL, Factors::of([Factor::Passkey]), &client);
            server.with_token(&token)
        };
        let count = all(application().await.get(CAPABILITIES).await.json()).len();
        for index in 0..count {
            // Each on a server of its own, because it changes the state.
            let app = application().await;
            let document = app.get(CAPABILITIES).await;
            let (name, capability, request) = all(document.json()).swap_remove(index);
            let answer = app.send(request).await;
            let context = || format!("{scopes} {name}: {capability} {} {}", answer.status, answer.text());
            assert_eq!(capability["allowed"], (200..300).contains(&answer.status), "{}", context());
            let reasons: Vec<&str> = capability["reasons"].as_array().unwrap().iter().map(text).collect();
            if answer.status >= 300 && reasons != ["no-password"] {
                assert!(refusals(&answer).iter().any(|kind| reasons.contains(&kind.as_str())), "{}", context());
            }
            tried += 1;
            out_of_scope += usize::from(reasons.contains(&"insufficient-scope"));
            allowed += usize::from(capability["allowed"] == true);
        }
    }
    assert!(tried > 150 && out_of_scope > 80 && allowed > 30, "{tried} {out_of_scope} {allowed}");
}

#[actix_web::test]
async fn the_capabilities_of_a_fresh_sign_in() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let read = ada.get(CAPABILITIES).await;
    let document = read.json();
    assert_eq!(document["fields"]["name"], json!({"right": "edit", "allowed": true, "step_up": false, "reasons": []}));
    let own = &document["emails"][0]["actions"];
    assert_eq!(own["remove"], json!({"allowed": false, "step_up": false, "reasons": ["primary-email"]}));
    assert_eq!(own["verify"]["reasons"], json!(["already-verified"]));
    assert_eq!((&own["make_primary"]["allowed"], &document["accepted_factors"]), (&json!(true), &json!([])));
    insta::assert_json_snapshot!(document["readiness"], @r#"
    {
      "losses": [
        {
          "advice": [],
          "credential": "password",
          "detail": "Without the password the account can still be signed in to.",
          "locked_out": false,
          "remaining": [
            "recovery"
          ]
        },
        {
          "advice": [],
          "credential": "mailbox",
          "detail": "Without the mailbox of the primary address the account can still be signed in to.",
          "locked_out": false,
          "remaining": [
            "password"
          ]
        }
      ],
      "ready": true,
      "ways_in": [
        "password",
        "recovery"
      ]
    }
    "#);
    let same = TestRequest::get().uri(CAPABILITIES).insert_header(("if-none-match", read.header("etag")));
    assert_eq!(ada.send(same).await.status, 304);
}

#[actix_web::test]
async fn the_owner_of_an_authenticator_app_is_told_that_its_loss_would_lock_them_out() {
    let server = TestServer::new().await;
    let (ada, _) = server.bearer_with_totp(EMAIL);
    let readiness = async || ada.get(CAPABILITIES).await.json()["readiness"].clone();
    let before = readiness().await;
    let lost = before["losses"].as_array().unwrap().iter().find(|loss| loss["credential"] == "totp").unwrap().clone();
    assert_eq!((&before["ready"], &lost["locked_out"], &lost["remaining"]), (&json!(false), &json!(true), &json!([])));
    assert_eq!(lost["advice"], json!(["backup_codes.make", "passkey.add"]));
    assert!(text(&lost["detail"]).contains("no backup codes"));
    assert_eq!(ada.send(TestRequest::post().uri("/api/v1/account/backup-codes")).await.status, 200);
    assert_eq!(readiness().await["ready"], true);
}
