//! Every route that has a use case behind it, walked through once by a user of each contract.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{
    Method,
    blocking::multipart::{Form, Part},
};
use selfsame_testing::{authenticator::SoftwareKey, poll::eventually, received::Received};
use serde_json::{Value, json};

use crate::{
    common::{
        CALLBACK, OTHER_PASSWORD, PASSWORD, VERIFIER, authorization_request, authorize, enrol_totp, expect_success,
        fresh_email, parameter, session_cookie, text, totp_secret, totp_step,
    },
    ledger::{Ledger, RESOURCE_SECRET},
};

/// At most so many statements: 1 for a read of the profile, 5 for an update of it (4 more for another username, 1 for
/// attributes), none for a stranger's session.
pub(crate) const BUDGETS: [(&str, usize); 19] = [
    ("wacht GET /me", 1),
    ("profile_api GET /api/v1/me", 1),
    ("account GET /api/v1/account", 1),
    ("wacht POST /me", 9),
    ("wacht PATCH /me", 5),
    ("profile_api PATCH /api/v1/me", 5),
    ("rivergen PUT /api/v1/auth/me/profile", 6),
    ("account PATCH /api/v1/account", 5),
    ("account GET /api/v1/account/emails", 1),
    ("account GET /api/v1/account/emails/{id}", 1),
    ("wacht GET /me/phone-numbers", 1),
    ("account GET /api/v1/account/passkeys", 2),
    ("account GET /api/v1/account/email-change", 2),
    ("account GET /api/v1/account/activity", 2),
    ("account GET /api/v1/account/activity/{sequence}", 2),
    ("account GET /api/v1/account/capabilities", 2),
    ("account GET /api/v1/account/attributes/schema", 1),
    ("wacht GET /deployment, a stranger", 0),
    ("wacht GET /session, a stranger", 0),
];

/// Requests that only differ in whether an address has an account.
pub(crate) const ALIKE: [(&str, &str); 10] = [
    ("rivergen POST /api/v1/auth/signup", "rivergen POST /api/v1/auth/signup, a known address"),
    ("rivergen POST /api/v1/auth/login, wrong", "rivergen POST /api/v1/auth/login, nobody"),
    ("rivergen POST /api/v1/auth/forgot-password", "rivergen POST /api/v1/auth/forgot-password, nobody"),
    ("rivergen POST /api/v1/auth/me/email/request", "rivergen POST /api/v1/auth/me/email/request, a taken address"),
    ("account POST /api/v1/account/emails", "account POST /api/v1/account/emails, a taken address"),
    (
        "account POST /api/v1/account/emails/{id}/verification",
        "account POST /api/v1/account/emails/{id}/verification, a taken address",
    ),
    ("wacht POST /auth/forgot-password, a wrong code", "wacht POST /auth/forgot-password, a code of nobody"),
    (
        "account POST /api/v1/account/sign-in-attempts, a number",
        "account POST /api/v1/account/sign-in-attempts, a number of nobody",
    ),
    (
        "account POST /api/v1/account/sign-in-attempts/{id}/code, a number",
        "account POST /api/v1/account/sign-in-attempts/{id}/code, a number of nobody",
    ),
    (
        "account POST /api/v1/account/sign-in-attempts/{id}/verification, a wrong code of a number",
        "account POST /api/v1/account/sign-in-attempts/{id}/verification, a wrong code of a number of nobody",
    ),
];

/// None of the last five passwords can be the next one.
const THIRD_PASSWORD: &str = "eleven quiet lanterns drift";
const FOURTH_PASSWORD: &str = "twelve marble pigeons argue";

/// A picture of one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// In this order: each finds the account as the one before it left it.
pub(crate) fn walk(ledger: &Ledger) {
    let email = fresh_email();
    sign_up_by_rivergen(ledger, &email);
    let (access, refresh) = sign_in_by_rivergen(ledger, &email);
    profile_by_bearer(ledger, &access);
    let email = move_by_rivergen(ledger, &access);
    end_by_rivergen(ledger, &refresh);
    passwords_by_rivergen(ledger, &email);
    let email = fresh_email();
    sign_up_by_wacht(ledger, &email);
    let cookie = sign_in_by_wacht(ledger, &email);
    profile_by_cookie(ledger, &cookie);
    end_by_wacht(ledger, &cookie);
    recover_by_wacht(ledger, &email);
    sign_ins(ledger, &email, OTHER_PASSWORD);
    access_by_account(ledger, &email, OTHER_PASSWORD);
    verify_by_profile_api(ledger);
    second_factors(ledger);
    identifiers(ledger);
    exports(ledger);
    passkeys(ledger);
    applications(ledger);
    other_issuers(ledger);
    undo(ledger);
}

impl Ledger {
    fn post(&self, name: &str, path: &str, body: &Value) -> Value {
        expect_success(self.enter(name, self.app.post(path).json(body)))
    }

    fn form(&self, name: &str, path: &str, cookie: &str, form: &[(&str, &str)]) -> Value {
        let request = self.app.post(path).header("cookie", format!("session_id={cookie}")).form(form);
        expect_success(self.enter(name, request))
    }

    fn get(&self, name: &str, path: &str, cookie: &str) -> Value {
        let request = self.app.get(path).header("cookie", format!("session_id={cookie}"));
        expect_success(self.enter(name, request))
    }
}

fn sign_up_by_rivergen(ledger: &Ledger, email: &str) {
    let body = json!({"email": email, "password": PASSWORD, "display_name": "Ada"});
    let token =
        &ledger.post("rivergen POST /api/v1/auth/signup", "/api/v1/auth/signup", &body)["data"]["temporary_token"];
    let body = json!({"email": email, "temporary_token": token});
    let path = "/api/v1/auth/resend-signup-otp";
    let token = &ledger.post("rivergen POST /api/v1/auth/resend-signup-otp", path, &body)["data"]["temporary_token"];
    let wrong =
        ledger.app.post("/api/v1/auth/verify-otp").json(&json!({"temporary_token": token, "otp_code": "000000"}));
    ledger.enter("rivergen POST /api/v1/auth/verify-otp, wrong", wrong);
    let body = json!({"temporary_token": token, "otp_code": ledger.app.code(email, 2)});
    ledger.post("rivergen POST /api/v1/auth/verify-otp", "/api/v1/auth/verify-otp", &body);
    let known = json!({"email": email, "password": PASSWORD, "display_name": "Eve"});
    ledger.post("rivergen POST /api/v1/auth/signup, a known address", "/api/v1/auth/signup", &known);
    let other = fresh_email();
    ledger.app.sign_up(&other);
    let body = json!({"token": ledger.app.link_token(&other, 1)});
    ledger.post("rivergen POST /api/v1/auth/verify-email", "/api/v1/auth/verify-email", &body);
}

fn sign_in_by_rivergen(ledger: &Ledger, email: &str) -> (String, String) {
    let wrong = ledger.app.post("/api/v1/auth/login").json(&json!({"email": email, "password": OTHER_PASSWORD}));
    ledger.enter("rivergen POST /api/v1/auth/login, wrong", wrong);
    let nobody = json!({"email": fresh_email(), "password": OTHER_PASSWORD});
    ledger.enter("rivergen POST /api/v1/auth/login, nobody", ledger.app.post("/api/v1/auth/login").json(&nobody));
    let body = json!({"email": email, "password": PASSWORD});
    let data = &ledger.post("rivergen POST /api/v1/auth/login", "/api/v1/auth/login", &body)["data"];
    (text(&data["access_token"]), text(&data["refresh_token"]))
}

fn profile_by_bearer(ledger: &Ledger, access: &str) {
    let read = |name: &str, path: &str| expect_success(ledger.enter(name, ledger.app.get(path).bearer_auth(access)));
    let write = |name: &str, method: Method, path: &str, body: Value| {
        expect_success(ledger.enter(name, ledger.app.request(method, path).bearer_auth(access).json(&body)))
    };
    read("profile_api GET /api/v1/me", "/api/v1/me");
    write("profile_api PATCH /api/v1/me", Method::PATCH, "/api/v1/me", json!({"first_name": "Grace", "locale": "en"}));
    write("profile_api PATCH /api/v1/me, nothing", Method::PATCH, "/api/v1/me", json!({}));
    write(
        "profile_api PATCH /api/v1/me, a phone number",
        Method::PATCH,
        "/api/v1/me",
        json!({"phone": "+31612345678"}),
    );
    read("rivergen GET /api/v1/auth/me", "/api/v1/auth/me");
    let merge = json!({"display_name": "Amazing Grace", "profile": {"bio": "Rear admiral"}});
    write("rivergen PUT /api/v1/auth/me/profile", Method::PUT, "/api/v1/auth/me/profile", merge);
    let picture = json!({"profile_image_url": format!("data:image/png;base64,{PIXEL}")});
    write("rivergen PUT /api/v1/auth/me/profile, a picture", Method::PUT, "/api/v1/auth/me/profile", picture);
    read("account GET /api/v1/account", "/api/v1/account");
    write("account PATCH /api/v1/account", Method::PATCH, "/api/v1/account", json!({"name": "Grace"}));
    let stale = ledger.app.request(Method::PATCH, "/api/v1/account").bearer_auth(access).header("if-match", "\"1-1\"");
    ledger.enter("account PATCH /api/v1/account, stale", stale.json(&json!({"name": "Ada"})));
    let forged = ledger.app.get("/api/v1/me").bearer_auth("forged");
    ledger.enter("profile_api GET /api/v1/me, a forged token", forged);
}

/// To another address, which it answers.
fn move_by_rivergen(ledger: &Ledger, access: &str) -> String {
    let next = fresh_email();
    let path = "/api/v1/auth/me/email/request";
    let ask = |name: &str, new_email: &str| {
        let request = ledger.app.post(path).bearer_auth(access).json(&json!({"new_email": new_email}));
        expect_success(ledger.enter(name, request));
    };
    ask("rivergen POST /api/v1/auth/me/email/request, a taken address", &ledger.app.user().email);
    ask("rivergen POST /api/v1/auth/me/email/request", &next);
    let body = json!({"new_email": next, "otp_code": ledger.app.code(&next, 1)});
    let request = ledger.app.post("/api/v1/auth/me/email/verify").bearer_auth(access).json(&body);
    expect_success(ledger.enter("rivergen POST /api/v1/auth/me/email/verify", request));
    next
}

fn end_by_rivergen(ledger: &Ledger, refresh: &str) {
    let body = json!({"refresh_token": refresh});
    let refreshed = ledger.post("rivergen POST /api/v1/auth/refresh", "/api/v1/auth/refresh", &body);
    let logout = ledger.app.post("/api/v1/auth/logout").bearer_auth(text(&refreshed["access_token"]));
    expect_success(ledger.enter("rivergen POST /api/v1/auth/logout", logout));
}

fn passwords_by_rivergen(ledger: &Ledger, email: &str) {
    let (access, _) = ledger.app.login(email, PASSWORD);
    let body = json!({"current_password": PASSWORD, "new_password": OTHER_PASSWORD});
    let request = ledger.app.post("/api/v1/auth/change-password").bearer_auth(&access).json(&body);
    expect_success(ledger.enter("rivergen POST /api/v1/auth/change-password", request));
    let path = "/api/v1/auth/forgot-password";
    ledger.post("rivergen POST /api/v1/auth/forgot-password", path, &json!({"email": email}));
    ledger.post("rivergen POST /api/v1/auth/forgot-password, nobody", path, &json!({"email": fresh_email()}));
    let mails = ledger.app.server.mailbox().messages_to(email).len();
    let token = reset_token(ledger, email, mails);
    let body = json!({"token": token, "new_password": THIRD_PASSWORD});
    ledger.post("rivergen POST /api/v1/auth/reset-password", "/api/v1/auth/reset-password", &body);
    let (access, _) = ledger.app.login(email, THIRD_PASSWORD);
    let body = json!({"current_password": THIRD_PASSWORD, "new_password": FOURTH_PASSWORD});
    let request = ledger.app.post("/api/v1/me/password").bearer_auth(&access).json(&body);
    expect_success(ledger.enter("profile_api POST /api/v1/me/password", request));
}

/// The token in the newest mail that resets the password.
fn reset_token(ledger: &Ledger, email: &str, at_least: usize) -> String {
    let mailbox = ledger.app.server.mailbox();
    eventually(Duration::from_secs(20), "the mail that resets", || {
        let mails = mailbox.wait_for_to(email, at_least);
        let links = mails.iter().rev().filter_map(Received::find_link);
        let mut resets = links.filter(|link| link.contains("/reset-password#"));
        Some(resets.next()?.split_once("#token=")?.1.to_owned())
    })
}

fn sign_up_by_wacht(ledger: &Ledger, email: &str) {
    let stranger = ledger.enter("wacht GET /deployment, a stranger", ledger.app.get("/deployment"));
    let cookie = session_cookie(&stranger).unwrap();
    expect_success(ledger.enter("wacht GET /session, a stranger", ledger.app.get("/session")));
    ledger.get("wacht GET /session, a stranger's cookie", "/session", &cookie);
    expect_success(ledger.enter("wacht GET /.well-known/jwks.json", ledger.app.get("/.well-known/jwks.json")));
    let form = [("email", email), ("password", PASSWORD), ("first_name", "Ada"), ("username", "ada")];
    let request = ledger.app.post("/auth/signup").header("cookie", format!("session_id={cookie}")).form(&form);
    let response = ledger.enter("wacht POST /auth/signup", request);
    let cookie = session_cookie(&response).unwrap_or(cookie);
    let attempt = text(&expect_success(response)["data"]["signup_attempts"][0]["id"]);
    let query = format!("attempt_identifier={attempt}&identifier_type=signup");
    let path = format!("/auth/prepare-verification?{query}&strategy=email_otp");
    ledger.form("wacht POST /auth/prepare-verification", &path, &cookie, &[]);
    let code = ledger.app.code(email, 1);
    let path = format!("/auth/attempt-verification?{query}");
    ledger.form("wacht POST /auth/attempt-verification", &path, &cookie, &[("verification_code", &code)]);
}

fn sign_in_by_wacht(ledger: &Ledger, email: &str) -> String {
    let identify = ledger.app.post("/auth/identify").form(&[("identifier", email)]);
    expect_success(ledger.enter("wacht POST /auth/identify", identify));
    let form = [("strategy", "plain_email"), ("email", email), ("password", PASSWORD)];
    let response = ledger.enter("wacht POST /auth/signin", ledger.app.post("/auth/signin").form(&form));
    session_cookie(&response).unwrap()
}

fn profile_by_cookie(ledger: &Ledger, cookie: &str) {
    ledger.get("wacht GET /deployment", "/deployment", cookie);
    ledger.get("wacht GET /session", "/session", cookie);
    ledger.get("wacht GET /session/token", "/session/token", cookie);
    ledger.get("wacht GET /me", "/me", cookie);
    ledger.form("wacht POST /me", "/me", cookie, &[("first_name", "Grace"), ("username", "grace")]);
    let header = format!("session_id={cookie}");
    let patch = ledger.app.request(Method::PATCH, "/me").header("cookie", &header);
    expect_success(ledger.enter("wacht PATCH /me", patch.json(&json!({"last_name": "Hopper"}))));
    let file = Part::bytes(STANDARD.decode(PIXEL).unwrap()).file_name("me.png");
    let picture =
        ledger.app.post("/me/profile-picture").header("cookie", &header).multipart(Form::new().part("file", file));
    expect_success(ledger.enter("wacht POST /me/profile-picture", picture));
    let session = ledger.get("wacht GET /session, after a change", "/session", cookie);
    let sign_in = text(&session["data"]["active_signin"]["id"]);
    let path = format!("/session/switch-sign-in?sign_in_id={sign_in}");
    ledger.form("wacht POST /session/switch-sign-in", &path, cookie, &[]);
    let unknown = ledger.app.get("/me").header("cookie", format!("session_id={}", "A".repeat(43)));
    ledger.enter("wacht GET /me, a forged cookie", unknown);
}

fn recover_by_wacht(ledger: &Ledger, email: &str) {
    let before = ledger.app.server.mailbox().messages_to(email).len();
    let path = "/auth/forgot-password";
    let forgot =
        |name: &str, form: &[(&str, &str)]| expect_success(ledger.enter(name, ledger.app.post(path).form(form)));
    forgot("wacht POST /auth/forgot-password", &[("email", email)]);
    let code = ledger.app.code(email, before + 1);
    let guess = |name: &str, email: &str| {
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let refused = ledger.enter(name, ledger.app.post(path).form(&[("email", email), ("otp", wrong)]));
        assert_eq!(refused.status(), 400);
    };
    guess("wacht POST /auth/forgot-password, a wrong code", email);
    guess("wacht POST /auth/forgot-password, a code of nobody", &fresh_email());
    let exchanged = forgot("wacht POST /auth/forgot-password, the code", &[("email", email), ("otp", &code)]);
    let form = [("token", text(&exchanged["data"]["token"])), ("password", OTHER_PASSWORD.to_owned())];
    let reset = ledger.app.post("/auth/reset-password").form(&form);
    expect_success(ledger.enter("wacht POST /auth/reset-password", reset));
}

/// The sign-ins of an account, as the contracts that list them show and end them.
fn sign_ins(ledger: &Ledger, email: &str, password: &str) {
    let ids = |sign_ins: &Value| -> Vec<String> {
        let others =
            sign_ins.as_array().unwrap().iter().filter(|one| one["is_current"] != true && one["current"] != true);
        others.map(|one| one["id"].as_str().map_or_else(|| one["id"].to_string(), ToOwned::to_owned)).collect()
    };
    let cookie = ledger.app.browser(email, password);
    let (access, _) = ledger.app.login(email, password);
    for _ in 0..3 {
        ledger.app.login(email, password);
    }
    let send = |name: &str, method: Method, path: &str| {
        expect_success(ledger.enter(name, ledger.app.request(method, path).bearer_auth(&access)))
    };
    let listed = send("account GET /api/v1/account/sign-ins", Method::GET, "/api/v1/account/sign-ins");
    let first = ids(&listed["sign_ins"]).remove(0);
    send("account DELETE /api/v1/account/sign-ins/{id}", Method::DELETE, &format!("/api/v1/account/sign-ins/{first}"));
    let listed = send("rivergen GET /api/v1/sessions", Method::GET, "/api/v1/sessions");
    let first = ids(&listed["data"]["sessions"]).remove(0);
    send("rivergen DELETE /api/v1/sessions/{session_id}", Method::DELETE, &format!("/api/v1/sessions/{first}"));
    let listed = ledger.get("wacht GET /me/signins", "/me/signins", &cookie);
    let one = ids(&listed["data"]).remove(0);
    ledger.form("wacht POST /me/signins/{id}/signout", &format!("/me/signins/{one}/signout"), &cookie, &[]);
    let (access, _) = ledger.app.login(email, password);
    let others = ledger.app.request(Method::DELETE, "/api/v1/account/sign-ins").bearer_auth(&access);
    expect_success(ledger.enter("account DELETE /api/v1/account/sign-ins", others));
}

/// Further addresses and numbers, through the account contract and Wacht.
fn identifiers(ledger: &Ledger) {
    let user = ledger.app.user();
    let taken = ledger.app.user().email;
    let send = |name: &str, method: Method, path: &str, body: Option<Value>| {
        let request = ledger.app.request(method, path).bearer_auth(&user.access);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        expect_success(ledger.enter(name, request))
    };
    let add = |name: &str, list: &str, body: Value| {
        let path = format!("/api/v1/account/{list}");
        let added = send(name, Method::POST, &path, Some(body));
        format!("{path}/{}", text(&added["id"]))
    };
    let email = fresh_email();
    let claim = add("account POST /api/v1/account/emails, a taken address", "emails", json!({ "email": taken }));
    let at = add("account POST /api/v1/account/emails", "emails", json!({ "email": email }));
    let path = format!("{claim}/verification");
    send("account POST /api/v1/account/emails/{id}/verification, a taken address", Method::POST, &path, None);
    let path = format!("{at}/verification");
    send("account POST /api/v1/account/emails/{id}/verification", Method::POST, &path, None);
    let code = json!({"code": ledger.app.code(&email, 1)});
    let path = format!("{at}/verification/confirm");
    send("account POST /api/v1/account/emails/{id}/verification/confirm", Method::POST, &path, Some(code));
    send("account GET /api/v1/account/emails", Method::GET, "/api/v1/account/emails", None);
    send("account GET /api/v1/account/emails/{id}", Method::GET, &at, None);
    let path = format!("{at}/primary");
    send("account PUT /api/v1/account/emails/{id}/primary", Method::PUT, &path, None);
    send("account DELETE /api/v1/account/emails/{id}", Method::DELETE, &claim, None);

    let number = "+31612345670";
    let at = add("account POST /api/v1/account/phones", "phones", json!({ "phone_number": number }));
    let path = format!("{at}/verification");
    send("account POST /api/v1/account/phones/{id}/verification", Method::POST, &path, None);
    let code = json!({"code": text_code(ledger, number, 1)});
    let path = format!("{at}/verification/confirm");
    send("account POST /api/v1/account/phones/{id}/verification/confirm", Method::POST, &path, Some(code));
    send("wacht GET /me/phone-numbers", Method::GET, "/me/phone-numbers", None);
    sign_in_by_phone(ledger, number);
    let phone = json!({"phone_id": at.rsplit('/').next().unwrap()});
    send("account POST /api/v1/account/sms", Method::POST, "/api/v1/account/sms", Some(phone));
    let code = json!({"code": text_code(ledger, number, 3)});
    send("account POST /api/v1/account/sms/confirm", Method::POST, "/api/v1/account/sms/confirm", Some(code));
    send("account POST /api/v1/account/step-up/code", Method::POST, "/api/v1/account/step-up/code", None);
    let code = json!({"code": text_code(ledger, number, 4)});
    send("account POST /api/v1/account/step-up, text message", Method::POST, "/api/v1/account/step-up", Some(code));
    send("account DELETE /api/v1/account/sms", Method::DELETE, "/api/v1/account/sms", None);
    send("account DELETE /api/v1/account/phones/{id}", Method::DELETE, &at, None);

    let body = json!({"new_email": fresh_email()});
    send(
        "rivergen POST /api/v1/auth/me/email/request, again",
        Method::POST,
        "/api/v1/auth/me/email/request",
        Some(body),
    );
    send("account GET /api/v1/account/email-change", Method::GET, "/api/v1/account/email-change", None);
    send("account DELETE /api/v1/account/email-change", Method::DELETE, "/api/v1/account/email-change", None);
    cancel_email_change(ledger);

    let name = |name: &str| Some(json!({"preferred_username": name}));
    send("account PATCH /api/v1/account, a first username", Method::PATCH, "/api/v1/account", name("lovelace"));
    send("account PATCH /api/v1/account, another username", Method::PATCH, "/api/v1/account", name("countess"));
}

/// The code of the latest of `count` text messages to a number.
fn text_code(ledger: &Ledger, number: &str, count: usize) -> String {
    let texts = ledger.app.server.mailbox().wait_for_texts_to(number, count);
    texts[count - 1].split_once(' ').unwrap().0.to_owned()
}

/// Sign-ins with a number of an account and with one of nobody.
fn sign_in_by_phone(ledger: &Ledger, number: &str) {
    let path = "/api/v1/account/sign-in-attempts";
    let ask = |name: &str, path: &str, token: &Value, body: Option<Value>| {
        let request = ledger.app.post(path).header("attempt-token", token.as_str().unwrap_or_default());
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        ledger.enter(name, request)
    };
    for (number, of) in [(number, ""), ("+31687654321", " of nobody")] {
        let body = json!({"phone_number": number, "client": "tokens"});
        let started = ask(&format!("account POST {path}, a number{of}"), path, &Value::Null, Some(body));
        let started = expect_success(started);
        let at = format!("{path}/{}", text(&started["id"]));
        let name = format!("account POST {path}/{{id}}/code, a number{of}");
        let sent = expect_success(ask(&name, &format!("{at}/code"), &started["token"], None));
        let (at, token) = (format!("{at}/verification"), &sent["token"]);
        let proof = |code: &str| Some(json!({"factor": "phone", "code": code}));
        let name = format!("account POST {path}/{{id}}/verification, a wrong code of a number{of}");
        let code = of.is_empty().then(|| text_code(ledger, number, 2));
        assert_eq!(ask(&name, &at, token, proof("000000")).status(), 422);
        if let Some(code) = code {
            let name = format!("account POST {path}/{{id}}/verification, a number");
            expect_success(ask(&name, &at, token, proof(&code)));
        }
    }
}

/// By the link that was mailed to the verified address.
fn cancel_email_change(ledger: &Ledger) {
    let user = ledger.app.user();
    let asked = ledger.app.post("/api/v1/auth/me/email/request").bearer_auth(&user.access);
    expect_success(asked.json(&json!({"new_email": fresh_email()})).send().unwrap());
    let body = json!({"token": ledger.app.link_token(&user.email, 2)});
    let path = "/api/v1/account/email-change/cancellation";
    ledger.post("account POST /api/v1/account/email-change/cancellation", path, &body);
}

/// Registration, a proof, a sign-in, and what else a user does with a passkey.
fn passkeys(ledger: &Ledger) {
    let (user, key) = (ledger.app.user(), SoftwareKey::with_counter());
    let send = |name: &str, method: Method, path: &str, body: Value| {
        let request = ledger.app.request(method, path).bearer_auth(&user.access);
        let request = if body.is_null() { request } else { request.json(&body) };
        expect_success(ledger.enter(name, request))
    };
    let list = "/api/v1/account/passkeys";
    let path = format!("{list}/registration");
    let begun = send("account POST /api/v1/account/passkeys/registration", Method::POST, &path, Value::Null);
    let credential = key.register_at(&ledger.origin, &begun["options"]);
    let body = json!({"credential": credential});
    let registered = send("account POST /api/v1/account/passkeys", Method::POST, list, body);
    send("account GET /api/v1/account/passkeys", Method::GET, list, Value::Null);
    send("wacht GET /me/passkeys", Method::GET, "/me/passkeys", Value::Null);
    let credentials = "/api/v1/webauthn/credentials";
    send("rivergen GET /api/v1/webauthn/credentials", Method::GET, credentials, Value::Null);
    let path = format!("{list}/{}", text(&registered["passkey"]["id"]));
    let body = json!({"name": "Work laptop"});
    send("account PATCH /api/v1/account/passkeys/{id}", Method::PATCH, &path, body);

    let begin = "/api/v1/account/step-up/passkey/authentication";
    let begun = send("account POST /api/v1/account/step-up/passkey/authentication", Method::POST, begin, Value::Null);
    let body = json!({"credential": key.sign_at(&ledger.origin, &begun["options"])});
    let prove = "/api/v1/account/step-up/passkey";
    send("account POST /api/v1/account/step-up/passkey", Method::POST, prove, body);

    let begin = format!("{list}/authentication");
    let name = "account POST /api/v1/account/passkeys/authentication";
    let begun = ledger.post(name, &begin, &json!({"tokens": true}));
    let body = json!({"tokens": true, "credential": key.sign_at(&ledger.origin, &begun["options"])});
    ledger.post("account POST /api/v1/account/passkeys/sign-in", &format!("{list}/sign-in"), &body);
    send("account DELETE /api/v1/account/passkeys/{id}", Method::DELETE, &path, Value::Null);
}

/// Passwords, devices and names of sign-ins, by the account contract; the revocation of a token.
fn access_by_account(ledger: &Ledger, email: &str, password: &str) {
    let (access, refresh) = ledger.app.login(email, password);
    let send = |name: &str, method: Method, path: &str, body: &Value| {
        let request = ledger.app.request(method, path).bearer_auth(&access);
        let has_body = !body.is_null();
        expect_success(ledger.enter(name, if has_body { request.json(body) } else { request }))
    };
    let path = "/api/v1/account/devices";
    send("account GET /api/v1/account/devices", Method::GET, path, &Value::Null);
    send("account DELETE /api/v1/account/devices", Method::DELETE, path, &Value::Null);
    let listed = ledger.app.get("/api/v1/account/sign-ins").bearer_auth(&access);
    let listed = expect_success(listed.send().unwrap());
    let path = format!("/api/v1/account/sign-ins/{}", text(&listed["sign_ins"][0]["id"]));
    send("account GET /api/v1/account/sign-ins/{id}", Method::GET, &path, &Value::Null);
    send("account PATCH /api/v1/account/sign-ins/{id}", Method::PATCH, &path, &json!({"name": "Laptop"}));
    send("profile_api GET /api/v1/me/sessions", Method::GET, "/api/v1/me/sessions", &Value::Null);
    send("rivergen GET /api/v1/devices", Method::GET, "/api/v1/devices", &Value::Null);
    own_view(ledger, &access);
    let path = "/api/v1/account/password/strength";
    let body = json!({"password": THIRD_PASSWORD});
    send("account POST /api/v1/account/password/strength", Method::POST, path, &body);
    let form = [("token", refresh.as_str())];
    let revoke = ledger.app.post("/oauth/token/revoke").form(&form);
    expect_success(ledger.enter("oauth POST /oauth/token/revoke", revoke));
    let (access, _) = ledger.app.login(email, password);
    let body = json!({"password": THIRD_PASSWORD, "current_password": password});
    let set = ledger.app.request(Method::PUT, "/api/v1/account/password").bearer_auth(&access).json(&body);
    expect_success(ledger.enter("account PUT /api/v1/account/password", set));
    let cookie = ledger.app.browser(email, THIRD_PASSWORD);
    let form = [("current_password", THIRD_PASSWORD), ("new_password", FOURTH_PASSWORD)];
    ledger.form("wacht POST /me/update-password", "/me/update-password", &cookie, &form);
}

/// What a user reads about the account.
fn own_view(ledger: &Ledger, access: &str) {
    let read = |name: &str, path: &str| {
        let request = ledger.app.get(&format!("/api/v1/account/{path}")).bearer_auth(access);
        expect_success(ledger.enter(&format!("account GET /api/v1/account/{name}"), request))
    };
    read("activity", "activity");
    read("activity, of a kind", "activity?kind=password&since=2026-01-01T00:00:00Z");
    let receipt = &read("activity/{sequence}", "activity/2")["receipt"];
    let verify = ledger.app.post("/api/v1/account/activity/receipts/verify").bearer_auth(access).json(receipt);
    expect_success(ledger.enter("account POST /api/v1/account/activity/receipts/verify", verify));
    read("capabilities", "capabilities");
    read("attributes/schema", "attributes/schema");
}

fn end_by_wacht(ledger: &Ledger, cookie: &str) {
    ledger.form("wacht POST /session/sign-out", "/session/sign-out", cookie, &[]);
}

fn verify_by_profile_api(ledger: &Ledger) {
    let user = ledger.app.user();
    let ask = ledger.app.post("/api/v1/me/verify-email").bearer_auth(&user.access);
    expect_success(ledger.enter("profile_api POST /api/v1/me/verify-email, verified already", ask));
    let email = fresh_email();
    ledger.app.sign_up(&email);
    let body = json!({"token": ledger.app.link_token(&email, 1)});
    ledger.post("profile_api POST /api/v1/me/verify-email/confirm", "/api/v1/me/verify-email/confirm", &body);
}

/// Enrolment, the second step of a sign-in, and step-up.
fn second_factors(ledger: &Ledger) {
    let user = ledger.app.user();
    let send = |name: &str, method: Method, path: &str, body: Value| {
        let request = ledger.app.request(method, path).bearer_auth(&user.access);
        let request = if body.is_null() { request } else { request.json(&body) };
        expect_success(ledger.enter(name, request))
    };
    let password = json!({"password": PASSWORD});
    send("account POST /api/v1/account/step-up, password", Method::POST, "/api/v1/account/step-up", password);
    let begun = send("account POST /api/v1/account/totp", Method::POST, "/api/v1/account/totp", Value::Null);
    let secret = totp_secret(&begun);
    let code = |offset: i64| json!({"code": secret.code_at(totp_step() + offset).as_str()});
    let path = "/api/v1/account/totp/confirm";
    send("account POST /api/v1/account/totp/confirm", Method::POST, path, code(-1));
    let path = "/api/v1/account/second-factors";
    send("account GET /api/v1/account/second-factors", Method::GET, path, Value::Null);
    send("account POST /api/v1/account/step-up, code", Method::POST, "/api/v1/account/step-up", code(0));
    let path = "/api/v1/account/backup-codes";
    let codes = send("account POST /api/v1/account/backup-codes", Method::POST, path, Value::Null);
    let login = json!({"email": user.email, "password": PASSWORD});
    let login = ledger.post("rivergen POST /api/v1/auth/login, second factor", "/api/v1/auth/login", &login);
    let token = text(&login["data"]["temporary_token"]);
    let verify = |member: &str, code: &Value| json!({"temporary_token": token, member: code});
    let wrong = ledger.app.post("/api/v1/auth/mfa/verify").json(&verify("code", &json!("000000")));
    ledger.enter("rivergen POST /api/v1/auth/mfa/verify, wrong", wrong);
    let body = verify("backup_code", &codes["backup_codes"][0]);
    ledger.post("rivergen POST /api/v1/auth/mfa/verify, backup code", "/api/v1/auth/mfa/verify", &body);
    send("account DELETE /api/v1/account/totp", Method::DELETE, "/api/v1/account/totp", Value::Null);
}

/// Requested, looked for until it is ready, downloaded and removed.
fn exports(ledger: &Ledger) {
    let user = ledger.app.user();
    let path = "/api/v1/account/exports";
    let request = ledger.app.post(path).bearer_auth(&user.access);
    let export = expect_success(ledger.enter("account POST /api/v1/account/exports", request));
    let path = format!("{path}/{}", text(&export["id"]));
    eventually(Duration::from_secs(20), "the export", || {
        let export = expect_success(ledger.app.get(&path).bearer_auth(&user.access).send().unwrap());
        (export["status"] == "ready").then_some(())
    });
    for (name, path) in
        [("", "/api/v1/account/exports"), ("/{id}", &path), ("/{id}/archive", &format!("{path}/archive"))]
    {
        let name = format!("account GET /api/v1/account/exports{name}");
        assert!(ledger.enter(&name, ledger.app.get(path).bearer_auth(&user.access)).status().is_success(), "{name}");
    }
    let head = ledger.app.request(Method::HEAD, &format!("{path}/archive")).bearer_auth(&user.access);
    assert_eq!(ledger.enter("account HEAD /api/v1/account/exports/{id}/archive", head).status(), 200);
    let request = ledger.app.request(Method::DELETE, &path).bearer_auth(&user.access);
    expect_success(ledger.enter("account DELETE /api/v1/account/exports/{id}", request));
}

/// Tokens of another issuer, and the identities that they are of.
fn other_issuers(ledger: &Ledger) {
    let (app, user) = (&ledger.app, ledger.issuer.user());
    let get = || app.get("/api/v1/account").bearer_auth(&user.access);
    expect_success(ledger.enter("account GET /api/v1/account, the first token of another issuer", get()));
    expect_success(ledger.enter("account GET /api/v1/account, a token of another issuer", get()));
    let own = app.user();
    let url = ledger.issuer.server.url("").trim_end_matches('/').to_owned();
    let link = ["user", "link", &own.email, "--issuer", &url, "--subject", "1"];
    assert!(app.server.run(&link).status.success());
    let path = "/api/v1/account/identities";
    let list = app.get(path).bearer_auth(&own.access);
    let listed = expect_success(ledger.enter("account GET /api/v1/account/identities", list));
    let one = format!("{path}/{}", text(&listed["identities"][0]["id"]));
    let request = app.request(Method::DELETE, &one).bearer_auth(&own.access);
    expect_success(ledger.enter("account DELETE /api/v1/account/identities/{id}", request));
}

/// An application signs its user in, uses and renews its tokens, and is removed.
fn applications(ledger: &Ledger) {
    let (app, user) = (&ledger.app, ledger.app.user());
    let path = authorization_request();
    ledger.enter("oauth GET /oauth/authorize, a stranger", app.get(&path));
    let cookie = format!("session_id={}", app.browser(&user.email, PASSWORD));
    let page = ledger.enter("oauth GET /oauth/authorize", app.get(&path).header("cookie", &cookie));
    assert_eq!(page.status(), 200);
    let code = parameter(&authorize(app, &user.email, &app.server.url(&path)), "code");
    let code_again =
        ledger.enter("oauth GET /oauth/authorize, a known consent", app.get(&path).header("cookie", &cookie));
    assert_eq!(code_again.status(), 303);
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let tokens = expect_success(ledger.enter("oauth POST /oauth/token, code", app.post("/oauth/token").form(&form)));
    let access = text(&tokens["access_token"]);
    expect_success(ledger.enter("oauth GET /userinfo", app.get("/userinfo").bearer_auth(&access)));
    let introspect = app.post("/oauth/introspect").basic_auth("orders", Some(RESOURCE_SECRET));
    expect_success(ledger.enter("oauth POST /oauth/introspect", introspect.form(&[("token", &access)])));
    let refresh = text(&tokens["refresh_token"]);
    let form = [("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", &refresh)];
    expect_success(ledger.enter("oauth POST /oauth/token, refresh", app.post("/oauth/token").form(&form)));
    let path = "/api/v1/account/applications";
    expect_success(ledger.enter("account GET /api/v1/account/applications", app.get(path).bearer_auth(&user.access)));
    let request = app.request(Method::DELETE, "/api/v1/account/applications/app").bearer_auth(&user.access);
    expect_success(ledger.enter("account DELETE /api/v1/account/applications/{id}", request));
    let replay = app.post("/oauth/token").form(&[
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]);
    ledger.enter("oauth POST /oauth/token, a used code", replay);
}

/// The link of the notice of a change.
fn undo(ledger: &Ledger) {
    let user = ledger.app.user();
    let secret = enrol_totp(&ledger.app, &user.access);
    // The next notice is the last mail then.
    ledger.app.server.mailbox().wait_for_to(&user.email, 2);
    let code = json!({"code": secret.code_at(totp_step()).as_str()});
    expect_success(ledger.app.post("/api/v1/account/step-up").bearer_auth(&user.access).json(&code).send().unwrap());
    let removed = ledger.app.request(Method::DELETE, "/api/v1/account/totp").bearer_auth(&user.access);
    expect_success(removed.send().unwrap());
    let token = ledger.app.link_token(&user.email, 3);
    let path = "/api/v1/account/undo/preview";
    ledger.post("account POST /api/v1/account/undo/preview", path, &json!({"token": token}));
    ledger.post("account POST /api/v1/account/undo", "/api/v1/account/undo", &json!({"token": token}));
    let used = ledger.app.post("/api/v1/account/undo").json(&json!({"token": token}));
    ledger.enter("account POST /api/v1/account/undo, again", used);
}
