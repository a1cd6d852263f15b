//! Sends every request that the OpenAPI document shows, and expects the success that it shows.
//!
//! An example cannot have what only a running server knows: mailed codes, tokens, ids. Each operation has a [`stage`] here
//! that brings a server to the point where the request makes sense, and gives these values. Everything else is sent as it
//! is written. A new operation fails this test until its examples are accepted.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_application::{IssuerPolicy, OAuthPolicy, operator::identities::LinkIdentity};
use selfsame_domain::totp::step_at;
use selfsame_domain::{Factor, Factors, Scopes, TokenHash, oauth};
use selfsame_ports::Clock as _;
use selfsame_testing::{
    authenticator::SoftwareKey,
    core::{PASSWORD, TestCore},
    fakes::FakePictures,
};
use serde_json::{Map, Value, json};

use super::{Operation, operations};
use crate::{
    HttpOptions, WellKnown,
    testing::{Answer, Browser, Client, TestServer, offered_device, text},
};

/// The users of the examples.
const JOHN: &str = "john@example.com";
const JANE: &str = "jane@example.com";
const ADA: &str = "ada@example.com";
/// Of the resource server of the examples.
const SERVER_SECRET: &str = "secret";

/// The other issuer of the examples.
const ISSUER: &str = "https://id.example.com";

/// Who sends the request.
enum Sender {
    Client(Client),
    Browser(Browser),
}

impl Sender {
    async fn send(&mut self, request: TestRequest) -> Answer {
        match self {
            Self::Client(client) => client.send(request).await,
            Self::Browser(browser) => browser.send(request).await,
        }
    }
}

/// A sender, and the values of members and parameters that only the server knows.
struct Stage {
    sender: Sender,
    values: Vec<(&'static str, String)>,
    /// Members whose values are objects.
    objects: Vec<(&'static str, Value)>,
}

impl Stage {
    fn client(client: Client) -> Self {
        Self { sender: Sender::Client(client), values: Vec::new(), objects: Vec::new() }
    }

    fn browser(browser: Browser) -> Self {
        Self { sender: Sender::Browser(browser), values: Vec::new(), objects: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.values.push((name, value.to_owned()));
        self
    }

    fn with_object(mut self, name: &'static str, value: &Value) -> Self {
        self.objects.push((name, value.clone()));
        self
    }

    /// With every text of a credential, whether the contract has it flat or not.
    fn with_credential(mut self, credential: &Value) -> Self {
        for part in [credential, &credential["response"]] {
            for name in ["id", "rawId", "type", "clientDataJSON", "authenticatorData", "signature", "userHandle"] {
                if let Some(value) = part[name].as_str() {
                    self = self.with(name, value);
                }
            }
        }
        self.with_object("response", &credential["response"]).with_object("credential", credential)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// A server at the point where the request of an operation makes sense.
async fn stage(operation: &Operation, server: &TestServer) -> Stage {
    match operation.documented["operationId"].as_str().unwrap() {
        "wacht_sign_in" | "wacht_forgot_password" => {
            server.account(JOHN);
            let mut browser = server.browser();
            browser.post("/auth/forgot-password", &[("email", JOHN)]).await;
            Stage::browser(browser).with("otp", &server.mailed_code(JOHN).unwrap())
        }
        "wacht_reset_password" => {
            server.account(JOHN);
            let mut browser = server.browser();
            browser.post("/auth/forgot-password", &[("email", JOHN)]).await;
            let code = server.mailed_code(JOHN).unwrap();
            let answer = browser.post("/auth/forgot-password", &[("email", JOHN), ("otp", &code)]).await;
            Stage::browser(browser).with("token", text(&answer.data()["token"]))
        }
        "wacht_prepare_verification" | "wacht_attempt_verification" => {
            let mut browser = server.browser();
            let answer = browser.post("/auth/signup", &[("email", JOHN), ("password", PASSWORD)]).await;
            let attempt = text(&answer.data()["signup_attempts"][0]["id"]).to_owned();
            let query = format!("attempt_identifier={attempt}&strategy=email_otp");
            browser.post(&format!("/auth/prepare-verification?{query}"), &[]).await;
            let code = server.mailed_code(JOHN).unwrap();
            Stage::browser(browser).with("attempt_identifier", &attempt).with("verification_code", &code)
        }
        "wacht_sign_out" | "wacht_switch_sign_in" | "wacht_end_sign_in" => {
            let mut browser = server.browser_of(JOHN);
            let session = browser.get("/session").await;
            let id = text(&session.data()["active_signin"]["id"]).to_owned();
            Stage::browser(browser).with("sign_in_id", &id).with("id", &id)
        }
        "server_get_picture" => {
            let mut browser = server.browser_of(JOHN);
            browser.send(upload()).await;
            Stage::browser(browser).with("name", &server.blobs.names().pop().unwrap())
        }
        "rivergen_verify_otp" | "rivergen_resend_signup_otp" | "rivergen_verify_email" => {
            let client = server.anonymous();
            let started = client.post("/api/v1/auth/signup", json!({"email": JANE, "password": PASSWORD})).await;
            let token = text(&started.json()["data"]["temporary_token"]).to_owned();
            let stage = Stage::client(client).with("temporary_token", &token);
            stage
                .with("otp_code", &server.mailed_code(JANE).unwrap())
                .with("token", &server.mailed_token(JANE).unwrap())
        }
        "rivergen_login" => {
            server.account(JANE);
            Stage::client(server.anonymous())
        }
        "account_remove_application" => {
            application_tokens(server).await;
            Stage::client(server.bearer(JANE))
        }
        "oauth_issue_tokens" => {
            let tokens = application_tokens(server).await;
            Stage::client(server.anonymous()).with("refresh_token", text(&tokens["refresh_token"]))
        }
        "oauth_introspect_token" => Stage::client(server.with_basic("orders", SERVER_SECRET)),
        "rivergen_refresh" | "account_refresh_tokens" => {
            server.account(JANE);
            Stage::client(server.anonymous()).with("refresh_token", server.tokens(JANE).refresh_token.expose())
        }
        "rivergen_reset_password" => {
            server.account(JANE);
            let client = server.anonymous();
            client.post("/api/v1/auth/forgot-password", json!({"email": JANE})).await;
            Stage::client(client).with("token", &server.mailed_token(JANE).unwrap())
        }
        "rivergen_verify_email_update" => {
            let new_email = "jane.smith@example.com";
            let client = server.bearer(JANE);
            client.post("/api/v1/auth/me/email/request", json!({"new_email": new_email})).await;
            Stage::client(client).with("otp_code", &server.mailed_code(new_email).unwrap())
        }
        "rivergen_end_session" => {
            let client = server.bearer(JANE);
            let sessions = client.get("/api/v1/sessions").await;
            Stage::client(client).with("session_id", &sessions.json()["data"]["sessions"][0]["id"].to_string())
        }
        "profile_api_request_verification" | "profile_api_confirm_email" => {
            server.unverified_user(JANE);
            let client = server.bearer(JANE);
            client.send(TestRequest::post().uri("/api/v1/me/verify-email")).await;
            let stage = Stage::client(client);
            stage.with("token", &server.mailed_token(JANE).unwrap()).with("code", &server.mailed_code(JANE).unwrap())
        }
        "profile_api_revoke_session" => {
            let client = server.bearer(JANE);
            let sessions = client.get("/api/v1/me/sessions").await;
            Stage::client(client).with("session_id", text(&sessions.json()["sessions"][0]["id"]))
        }
        "wacht_remove_authenticator" => {
            let id = server.account(JANE).id.to_string();
            Stage::client(server.bearer_with_totp(JANE).0).with("id", &id)
        }
        _ => stage_of_account(operation, server).await,
    }
}

/// A server whose operator has configured everything that it publishes.
async fn configured_stage() -> Stage {
    let published = |options: &mut HttpOptions| {
        options.passkeys.related_origins = vec!["https://example.net".to_owned()];
        options.well_known = WellKnown {
            change_password_url: Some("https://app.example.com/password".to_owned()),
            security_txt: Some("Contact: mailto:security@example.com\n".to_owned()),
        };
    };
    Stage::client(TestServer::with_options(TestCore::new(), published).await.anonymous())
}

/// The same for the account contract, and for operations of others on the same objects.
async fn stage_of_account(operation: &Operation, server: &TestServer) -> Stage {
    match operation.documented["operationId"].as_str().unwrap() {
        "account_cancel_deletion_by_link" => {
            server.bearer(JANE).send(TestRequest::post().uri("/api/v1/account/deletion")).await;
            Stage::client(server.anonymous()).with("token", &server.mailed_token(JANE).unwrap())
        }
        "account_cancel_email_change_by_link" => {
            let asked = json!({"new_email": "jane.smith@example.com"});
            server.bearer(JANE).post("/api/v1/auth/me/email/request", asked).await;
            Stage::client(server.anonymous()).with("token", &server.mailed_token(JANE).unwrap())
        }
        "account_undo_change" | "account_preview_undo" => {
            let body = json!({"email": "jane.smith@example.com"});
            server.bearer(JANE).post("/api/v1/account/emails", body).await;
            Stage::client(server.anonymous()).with("token", &server.undo_token(JANE).unwrap())
        }
        "account_end_sign_in" | "account_get_sign_in" | "account_patch_sign_in" => {
            let client = server.bearer(JANE);
            let sign_ins = client.get("/api/v1/account/sign-ins").await;
            Stage::client(client).with("id", text(&sign_ins.json()["sign_ins"][0]["id"]))
        }
        id if id.contains("passkey") || id.contains("webauthn") => passkey_stage(id, server).await,
        "server_get_related_origins" | "server_go_to_password_change" | "server_get_security_txt" => {
            configured_stage().await
        }
        "account_make_backup_codes"
        | "account_remove_totp"
        | "wacht_generate_backup_codes"
        | "wacht_regenerate_backup_codes" => Stage::client(server.bearer_with_totp(JANE).0),
        "profile_api_regenerate_backup_codes" => {
            let (client, secret) = server.bearer_with_totp(JANE);
            Stage::client(client).with("code", &server.totp_code(&secret))
        }
        "account_begin_sms" | "account_confirm_sms" | "account_remove_sms" | "account_send_step_up_code" => {
            sms_stage(operation.documented["operationId"].as_str().unwrap(), server).await
        }
        "account_confirm_totp" | "rivergen_verify_totp" | "wacht_confirm_authenticator" => {
            let client = server.bearer(JANE);
            let begun = client.send(TestRequest::post().uri("/api/v1/account/totp")).await;
            assert_eq!(begun.status, 200);
            let secret = server.totp_secret(JANE);
            let step = step_at(server.clock.now());
            let codes = [step, step + 1].map(|step| secret.code_at(step).to_string());
            let id = server.account(JANE).id.to_string();
            Stage::client(client).with("code", &codes[1]).with("codes", &codes.join(" ")).with("authenticator_id", &id)
        }
        "rivergen_generate_mfa_otp" | "rivergen_verify_mfa" => {
            let (_, secret) = server.bearer_with_totp(JANE);
            let client = server.anonymous();
            let login = client.post("/api/v1/auth/login", json!({"email": JANE, "password": PASSWORD})).await;
            let token = text(&login.json()["data"]["temporary_token"]).to_owned();
            Stage::client(client).with("temporary_token", &token).with("code", &server.totp_code(&secret))
        }
        "account_read_email_change" | "account_cancel_email_change" => {
            let client = server.bearer(JANE);
            client.post("/api/v1/auth/me/email/request", json!({"new_email": "jane.smith@example.com"})).await;
            Stage::client(client)
        }
        "account_get_sign_up" | "account_send_sign_up_code" | "account_verify_sign_up" => {
            let form = json!({"email": JANE, "password": PASSWORD});
            attempt_in_browser(server, "/api/v1/account/sign-ups", &form).await
        }
        "account_start_sign_in" => {
            server.account(ADA);
            Stage::client(server.anonymous())
        }
        "account_get_sign_in_attempt" | "account_send_sign_in_code" | "account_verify_sign_in" => {
            server.unverified_user(JANE);
            let form = json!({"email": JANE, "password": PASSWORD});
            attempt_in_browser(server, "/api/v1/account/sign-in-attempts", &form).await
        }
        "account_verify_recovery" | "account_complete_recovery" => {
            server.account(ADA);
            let client = server.anonymous();
            client.post("/api/v1/account/recoveries", json!({"email": ADA})).await;
            let stage = Stage::client(client).with("code", &server.mailed_code(ADA).unwrap());
            stage.with("token", &server.mailed_token(ADA).unwrap())
        }
        "account_verify_receipt" => {
            let client = server.bearer(JANE);
            let receipt = client.get("/api/v1/account/activity/2").await.json()["receipt"].clone();
            let stage = ["account", "mac", "previous"]
                .into_iter()
                .fold(Stage::client(client), |stage, name| stage.with(name, text(&receipt[name])));
            stage.with("sequence", "2")
        }
        id if operation.path.contains("/emails/{id}") || operation.path.contains("/email-addresses/{id}") => {
            identifier_stage(id, server, "emails", ("email", "jane.smith@example.com")).await
        }
        id if operation.path.contains("/phones/{id}") || operation.path.contains("/phone-numbers/{id}") => {
            identifier_stage(id, server, "phones", ("phone_number", "+31612345678")).await
        }
        name => stage_of_credentials(name, server).await.unwrap_or_else(|| any_sender(operation, server)),
    }
}

/// A user with a second address or number, as far as an operation on it needs.
async fn identifier_stage(operation: &str, server: &TestServer, list: &str, (member, value): (&str, &str)) -> Stage {
    let client = server.bearer(JANE);
    let added = client.post(&format!("/api/v1/account/{list}"), json!({ member: value })).await;
    let id = text(&added.json()["id"]).to_owned();
    let send = format!("/api/v1/account/{list}/{id}/verification");
    let mut code = String::new();
    if !operation.contains("send") && !operation.contains("prepare") {
        client.send(TestRequest::post().uri(&send)).await;
        code = server.mailed_code(value).or_else(|| server.text_code(value)).unwrap();
    }
    if operation.contains("primary") {
        client.post(&format!("{send}/confirm"), json!({ "code": code })).await;
    }
    Stage::client(client).with("id", &id).with("code", &code)
}

/// A user with a verified number, which is the second factor where an operation needs that.
async fn sms_stage(operation: &str, server: &TestServer) -> Stage {
    server.account(JANE);
    server.add_phone(JANE, "+31612345678");
    if operation == "account_remove_sms" || operation == "account_send_step_up_code" {
        server.enrol_phone(JANE, "+31612345678");
        return Stage::client(server.bearer_by(JANE, Factors::of([Factor::Password, Factor::Sms])));
    }
    let client = server.bearer(JANE);
    let id = text(&client.get("/api/v1/account/phones").await.json()["phones"][0]["id"]).to_owned();
    if operation == "account_begin_sms" {
        return Stage::client(client).with("phone_id", &id);
    }
    client.post("/api/v1/account/sms", json!({"phone_id": id})).await;
    Stage::client(client).with("code", &server.text_code("+31612345678").unwrap())
}

/// The same for operations on passwords and devices.
async fn stage_of_credentials(operation: &str, server: &TestServer) -> Option<Stage> {
    Some(match operation {
        "wacht_remove_password" => {
            server.account(JOHN);
            server.enrol(JOHN, Factors::of([Factor::Passkey]));
            Stage::browser(server.browser_by(JOHN, Factors::of([Factor::Passkey])))
        }
        "wacht_update_password" => Stage::browser(server.browser_of(JOHN)),
        "account_remove_password" => {
            server.account(JANE);
            server.enrol(JANE, Factors::of([Factor::Passkey]));
            Stage::client(server.bearer_by(JANE, Factors::of([Factor::Passkey])))
        }
        "account_remember_device" | "account_forget_device" | "rivergen_revoke_device" => {
            let client = with_second_factor(server);
            let device = client.post("/api/v1/account/devices", json!({})).await;
            let id = text(&device.json()["id"]).to_owned();
            Stage::client(client).with("id", &id).with("device_id", &id)
        }
        "account_get_export" | "account_download_export" | "account_remove_export" => {
            let client = server.bearer(JANE);
            let export = client.send(TestRequest::post().uri("/api/v1/account/exports")).await;
            server.make_exports();
            Stage::client(client).with("id", text(&export.json()["id"]))
        }
        "rivergen_activate_device" => {
            let client = with_second_factor(server);
            let token = offered_device(server, JANE);
            Stage::client(client).with("activation_token", &token)
        }
        "account_unlink_identity" => {
            let user = server.account(JANE).id;
            let client = server.bearer(JANE);
            let (issuer, subject) = (ISSUER.to_owned(), "248289761001".to_owned());
            LinkIdentity { user, issuer, subject }.execute(&server.core).unwrap();
            let identities = client.get("/api/v1/account/identities").await;
            Stage::client(client).with("id", text(&identities.json()["identities"][0]["id"]))
        }
        _ => return None,
    })
}

/// The tokens of a new sign-in of the application of the examples.
async fn application_tokens(server: &TestServer) -> Value {
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const REQUEST: &str = "/oauth/authorize?client_id=my-app&redirect_uri=https://app.example.com/callback&\
        response_type=code&scope=openid+offline_access&code_challenge_method=S256&\
        code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let answer = server.browser_of(JANE).get(REQUEST).await;
    let (_, code) = answer.header("location").split_once("code=").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "my-app"),
        ("code", code.split('&').next().unwrap()),
        ("redirect_uri", "https://app.example.com/callback"),
        ("code_verifier", VERIFIER),
    ];
    server.send(TestRequest::post().uri("/oauth/token").set_form(form)).await.json().clone()
}

/// The other issuer of the examples.
pub(super) fn issuers() -> Vec<IssuerPolicy> {
    vec![IssuerPolicy {
        name: "Example ID".to_owned(),
        issuer: ISSUER.to_owned(),
        create_accounts: false,
        trust_email: false,
        trust_authentication: false,
        scopes: None,
    }]
}

/// The application and the resource server of the examples.
pub(super) fn applications() -> OAuthPolicy {
    let client = oauth::Client {
        id: "my-app".to_owned(),
        name: "My App".to_owned(),
        redirect_uris: vec!["https://app.example.com/callback".to_owned()],
        post_logout_redirect_uris: Vec::new(),
        scopes: Scopes::known_in("openid offline_access"),
        skips_consent: true,
        id_token_algorithm: oauth::SigningAlgorithm::Es256,
    };
    let secret = TokenHash::of(SERVER_SECRET.as_bytes());
    let server = oauth::ResourceServer { id: "orders".to_owned(), secret };
    OAuthPolicy { clients: vec![client], resource_servers: vec![server], ..OAuthPolicy::default() }
}

/// A client that has just given a second factor.
fn with_second_factor(server: &TestServer) -> Client {
    server.account(JANE);
    server.enrol(JANE, Factors::of([Factor::Totp]));
    server.bearer_by(JANE, Factors::of([Factor::Password, Factor::Totp]))
}

/// The stages of ceremonies. A registration is begun by whoever has no passkey yet, anything else has one.
async fn passkey_stage(id: &str, server: &TestServer) -> Stage {
    let client = server.bearer(JANE);
    match id {
        "wacht_begin_passkey_registration"
        | "account_begin_passkey_registration"
        | "rivergen_start_webauthn_registration" => Stage::client(client),
        "wacht_register_passkey" | "account_register_passkey" | "rivergen_complete_webauthn_registration" => {
            let options = client.send(TestRequest::post().uri("/me/passkeys/register/begin")).await;
            let credential = SoftwareKey::new().register(&options.data()["options"]["publicKey"]);
            Stage::client(client).with_credential(&credential)
        }
        "wacht_sign_in_with_passkey" => {
            let key = server.passkey(JANE);
            let mut browser = server.browser();
            let options = browser.post("/auth/passkey/login/begin", &[]).await;
            let credential = key.sign(&options.data()["options"]["publicKey"]);
            Stage::browser(browser).with_credential(&credential)
        }
        "account_sign_in_with_passkey" => {
            let key = server.passkey(JANE);
            let mut browser = server.browser();
            let begin = TestRequest::post().uri("/api/v1/account/passkeys/authentication");
            let options = browser.send(begin.set_json(json!({"email": JANE}))).await;
            Stage::browser(browser).with_credential(&key.sign(&options.json()["options"])).with("email", JANE)
        }
        "rivergen_complete_webauthn_sign_in" => {
            let key = server.passkey(JANE);
            let options = client.post("/api/v1/webauthn/authenticate/start", json!({"email": JANE})).await;
            Stage::client(server.anonymous()).with_credential(&key.sign(&options.json()["data"]))
        }
        "account_prove_with_passkey" => {
            let key = server.passkey(JANE);
            let begin = TestRequest::post().uri("/api/v1/account/step-up/passkey/authentication");
            let options = client.send(begin).await;
            Stage::client(client).with_credential(&key.sign(&options.json()["options"]))
        }
        "wacht_begin_passkey_sign_in"
        | "account_begin_passkey_sign_in"
        | "rivergen_start_webauthn_sign_in"
        | "server_get_passkey_endpoints" => Stage::client(server.anonymous()),
        _ => {
            let key = server.passkey(JANE);
            let client = server.with_token(&server.tokens_by_passkey(&key).access_token.token);
            let listed = client.get("/me/passkeys").await;
            let id = text(&listed.data()[0]["id"]).to_owned();
            Stage::client(client).with("id", &id).with("credential_id", &id)
        }
    }
}

/// A browser with a sign-up or sign-in in progress, whose code was mailed.
async fn attempt_in_browser(server: &TestServer, path: &str, form: &Value) -> Stage {
    let mut browser = server.browser();
    let started = browser.send(TestRequest::post().uri(path).set_json(form)).await;
    let id = text(&started.json()["id"]).to_owned();
    browser.send(TestRequest::post().uri(&format!("{path}/{id}/code"))).await;
    let code = server.mailed_code(JANE).unwrap();
    Stage::browser(browser).with("id", &id).with("code", &code)
}

/// A sender with a credential, if the operation needs one.
fn any_sender(operation: &Operation, server: &TestServer) -> Stage {
    let security = operation.documented["security"].to_string();
    if security.contains("bearer") { Stage::client(server.bearer(JANE)) } else { Stage::browser(server.browser()) }
}

fn upload() -> TestRequest {
    let operation = operations().into_iter().find(|operation| operation.path == "/me/profile-picture").unwrap();
    let request = TestRequest::with_uri(&operation.path).method(operation.method);
    with_body(request, "multipart/form-data", &Map::from_iter([("file".to_owned(), Value::Null)]))
}

/// The examples of a body, by their names.
fn examples(content: &Value) -> Vec<(&str, &Value)> {
    let named = content["examples"].as_object().into_iter().flatten();
    let named = named.map(|(name, example)| (name.as_str(), &example["value"]));
    content.get("example").map(|example| ("", example)).into_iter().chain(named).collect()
}

/// The target of a request: the values of the stage, else the examples, else the first value of an enumeration.
fn target(operation: &Operation, stage: &Stage, document: &Value) -> String {
    let (mut path, mut query) = (operation.path.clone(), Vec::new());
    for parameter in operation.documented["parameters"].as_array().into_iter().flatten() {
        let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
        let schema = schema["$ref"].as_str().map_or(schema, |at| document.pointer(at.trim_start_matches('#')).unwrap());
        let example = [&parameter["example"], &schema["enum"][0]].into_iter().find(|value| !value.is_null());
        let example = example.map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned));
        let Some(value) = stage.value(name).map(ToOwned::to_owned).or(example) else { continue };
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), &value),
            "query" => query.push(format!("{name}={value}")),
            _ => {}
        }
    }
    format!("{path}?{}", query.join("&"))
}

/// The first example of a body of an operation, with its content type.
pub(super) fn example_of(operation: &Operation) -> Option<(String, Value)> {
    let content = operation.documented["requestBody"]["content"].as_object()?;
    let (content_type, content) = content.iter().next()?;
    Some((content_type.clone(), examples(content).first()?.1.clone()))
}

/// A body of this type with these members. A member `file` is a picture.
pub(super) fn with_body(request: TestRequest, content_type: &str, members: &Map<String, Value>) -> TestRequest {
    // In a form nothing is an empty field.
    let plain = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    // A list is a field that occurs several times.
    let fields = members.iter().flat_map(|(name, value)| {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        values.into_iter().map(move |value| (name, value))
    });
    match content_type {
        "multipart/form-data" => {
            let mut body = Vec::new();
            for (name, value) in fields {
                let is_file = name == "file";
                let file = if is_file { "; filename=\"a.png\"\r\nContent-Type: image/png" } else { "" };
                body.extend(
                    format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").into_bytes(),
                );
                body.extend(if is_file { FakePictures::a_picture(1) } else { plain(&value).into_bytes() });
                body.extend(b"\r\n");
            }
            body.extend(b"--B--\r\n");
            request.insert_header(("content-type", "multipart/form-data; boundary=B")).set_payload(body)
        }
        "application/x-www-form-urlencoded" => {
            request.set_form(fields.map(|(name, value)| (name, plain(&value))).collect::<Vec<_>>())
        }
        _ => {
            request.insert_header(("content-type", content_type)).set_payload(Value::from(members.clone()).to_string())
        }
    }
}

/// A request with an example of a body, and with the values of the stage.
fn request_to(target: &str, operation: &Operation, stage: &Stage, body: Option<(&str, &Value)>) -> TestRequest {
    let request = TestRequest::with_uri(target).method(operation.method.clone());
    let Some((content_type, example)) = body else { return request };
    let Some(mut members) = example.as_object().cloned() else {
        return request.insert_header(("content-type", content_type)).set_payload(example.to_string());
    };
    for (name, value) in &mut members {
        if let Some(known) = stage.value(name) {
            *value = if value.is_array() { known.split(' ').collect() } else { json!(known) };
        }
        if let Some((_, known)) = stage.objects.iter().find(|(known, _)| known == name) {
            *value = known.clone();
        }
    }
    with_body(request, content_type, &members)
}

/// The first example of an operation, on a server that is brought to the point where it makes sense, without a credential. And
/// the address of the user of the example.
pub(super) async fn staged(
    operation: &Operation,
    server: &TestServer,
    document: &Value,
) -> (TestRequest, &'static str) {
    let stage = stage(operation, server).await;
    server.clock.advance(Duration::from_secs(31));
    let example = example_of(operation);
    let example = example.as_ref().map(|(content_type, example)| (content_type.as_str(), example));
    let request = request_to(&target(operation, &stage, document), operation, &stage, example);
    let user = if server.has_account(JOHN) { JOHN } else { JANE };
    (request, user)
}

/// Whether a sign-in of the operation is in progress until its address is proven.
fn needs_proof(operation: &Operation) -> bool {
    operation.path.starts_with("/api/v1/account/sign-in-attempts/")
}

#[actix_web::test]
async fn every_example_of_a_request_gets_the_success_that_the_document_shows() {
    let document = serde_json::to_value(crate::document()).unwrap();
    let mut count = 0;
    for operation in operations() {
        let responses = operation.documented["responses"].as_object().unwrap();
        // An operation that is always refused shows no success.
        let success: Option<u16> =
            responses.keys().find(|status| status.starts_with('2')).map(|it| it.parse().unwrap());
        let content = operation.documented["requestBody"]["content"].as_object();
        let bodies = content.into_iter().flatten().flat_map(|(content_type, content)| {
            examples(content).into_iter().map(move |(name, example)| Some((content_type.as_str(), name, example)))
        });
        let bodies: Vec<_> = if content.is_some() { bodies.collect() } else { vec![None] };
        assert!(!bodies.is_empty(), "{} has no example", operation.name());
        for body in bodies {
            let core = TestCore::with(|policy, _| {
                policy.require_verified_email = needs_proof(&operation);
                policy.sms_second_factor = true;
                policy.oauth = applications();
                policy.issuers = issuers();
            });
            let challenge = operation.path.starts_with("/captcha/");
            let server = TestServer::with(core, |services| services.wacht.challenge = challenge).await;
            let mut stage = stage(&operation, &server).await;
            // Another code can be requested after a pause.
            server.clock.advance(Duration::from_secs(31));
            let target = target(&operation, &stage, &document);
            let example = body.map(|(content_type, _, example)| (content_type, example));
            let answer = stage.sender.send(request_to(&target, &operation, &stage, example)).await;
            let expected = success.unwrap_or(answer.status);
            assert_eq!(answer.status, expected, "{} {target} {body:?}: {}", operation.name(), answer.text());
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
}
