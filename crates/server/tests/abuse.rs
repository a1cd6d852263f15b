//! Attacks against the real binary. Each test is named after the promise of `SECURITY.md` that it checks.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use common::*;
use reqwest::{Method, header::HeaderMap};
use selfsame_testing::{
    poll::eventually,
    server::{Backend, backends},
};
use serde_json::{Value, json};

fn sqlite() -> App {
    app(Backend::Sqlite)
}

/// Keys of an object at every depth, and the types of its values, which an attacker could compare.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
        Value::Array(list) => list.iter().map(shape).collect(),
        Value::String(_) => json!("string"),
        Value::Number(_) => json!("number"),
        other => other.clone(),
    }
}

fn comparable(headers: &HeaderMap) -> Vec<String> {
    let mut names: Vec<_> = headers.keys().map(|name| name.as_str().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn r1_sign_up_tells_nobody_which_addresses_have_accounts_and_tells_their_owners() {
    for backend in backends() {
        let app = app(backend);
        let known = app.user().email;
        let (known_answer, unknown_answer) = (app.try_sign_up(&known), app.try_sign_up(&fresh_email()));
        assert_eq!(known_answer.status(), unknown_answer.status());
        assert_eq!(comparable(known_answer.headers()), comparable(unknown_answer.headers()));
        let (_, known_body) = answer(known_answer);
        let (_, unknown_body) = answer(unknown_answer);
        assert_eq!(shape(&known_body), shape(&unknown_body));
        let told = app.server.mailbox().wait_for_to(&known, 2).pop().unwrap();
        assert_eq!(told.find_code(), None, "the owner is told, and gets no code");
    }
}

#[test]
fn r1_the_same_holds_for_the_forms_of_wacht() {
    let app = sqlite();
    let known = app.user().email;
    let post = |email: &str| {
        let form = [("email", email), ("password", PASSWORD), ("first_name", "Ada")];
        let response = app.post("/auth/signup").form(&form).send().unwrap();
        (comparable(response.headers()), answer(response))
    };
    let ((known_headers, known_body), (unknown_headers, unknown_body)) = (post(&known), post(&fresh_email()));
    assert_eq!(known_headers, unknown_headers);
    assert_eq!((known_body.0, shape(&known_body.1)), (unknown_body.0, shape(&unknown_body.1)));
}

#[test]
fn r3_another_spelling_of_an_address_is_the_same_address() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        app.login(&user.email.to_uppercase(), PASSWORD);
    }
}

#[test]
fn r5_addresses_that_could_reach_somebody_else_are_refused() {
    let app = sqlite();
    for email in ["a@b.example\r\nBcc: c@d.example", "a@b.example,c@d.example", "Eve <a@b.example>", "a@b.example\u{0}"]
    {
        let (status, body) = answer(app.try_sign_up(email));
        assert_eq!((status, &body["error"]["code"]), (422, &json!("VALIDATION_ERROR")), "{email:?}: {body}");
    }
    assert!(app.server.mailbox().messages().is_empty());
}

#[test]
fn r7_r63_no_body_makes_an_address_verified_or_a_caller_somebody_else() {
    for backend in backends() {
        let app = app(backend);
        let (user, other) = (app.user(), app.user());
        let smuggled = json!({
            "display_name": "Ada", "first_name": "Ada", "id": other.id, "user_id": other.id, "email": "evil@example.com",
            "email_verified": true, "is_system_admin": true, "role": "admin", "status": "SUSPENDED", "verified": true,
            "phone_verified": true, "phone": "+31612345678",
        });
        let patch = app.request(Method::PATCH, "/api/v1/me").bearer_auth(&user.access).json(&smuggled);
        let me = expect_success(patch.send().unwrap());
        assert_eq!((&me["id"], &me["email"], &me["status"]), (&json!(user.id), &json!(user.email), &json!("ACTIVE")));
        assert_eq!(me["phone_verified"], false);
        let put = app.request(Method::PUT, "/api/v1/auth/me/profile").bearer_auth(&user.access).json(&smuggled);
        expect_success(put.send().unwrap());
        let me = expect_success(app.get("/api/v1/auth/me").bearer_auth(&user.access).send().unwrap());
        assert_eq!(me["data"]["user"]["is_system_admin"], false);
        let theirs = expect_success(app.get("/api/v1/me").bearer_auth(&other.access).send().unwrap());
        assert_ne!(theirs["first_name"], "Ada");
    }
}

#[test]
fn r13_fetching_a_mailed_link_changes_nothing() {
    let app = sqlite();
    let email = fresh_email();
    expect_success(app.try_sign_up(&email));
    let link = app.server.mailbox().wait_for_to(&email, 1)[0].link();
    for method in [Method::GET, Method::HEAD] {
        let page = app.client.request(method, &link).send().unwrap();
        assert_eq!(page.status(), 200);
    }
    assert_eq!(app.try_login(&email, PASSWORD).status(), 403, "still unverified");
    let token = link.split_once("#token=").unwrap().1;
    let verified = app.post_json("/api/v1/me/verify-email/confirm", &json!({"token": token}));
    // The link may be followed by somebody else than the one who signed up, so its reader sets the password.
    assert_eq!(app.try_login(&email, PASSWORD).status(), 401);
    let token = &verified["set_password_token"];
    app.post_json("/api/v1/auth/reset-password", &json!({"token": token, "new_password": OTHER_PASSWORD}));
    app.login(&email, OTHER_PASSWORD);
}

#[test]
fn r14_links_in_mail_do_not_follow_the_host_header() {
    let app = sqlite();
    let email = fresh_email();
    let body = json!({"email": email, "password": PASSWORD});
    for (name, value) in [("host", "evil.example"), ("x-forwarded-host", "evil.example")] {
        app.post("/api/v1/auth/signup").header(name, value).json(&body).send().unwrap();
    }
    let mails = app.server.mailbox().wait_for_to(&email, 2);
    assert!(mails.iter().all(|mail| mail.link().starts_with(&app.server.url("/verify-email#"))));
}

#[test]
fn r17_r18_short_common_and_contextual_passwords_are_refused_everywhere() {
    let app = sqlite();
    let user = app.user();
    for password in ["short", "passwordpassword", "qwertyuiopasdfgh", user.email.as_str()] {
        let body = json!({"email": fresh_email(), "password": password, "display_name": user.email});
        let (status, refused) = answer(app.post("/api/v1/auth/signup").json(&body).send().unwrap());
        assert_eq!((status, &refused["error"]["code"]), (422, &json!("INVALID_PASSWORD")), "{password}: {refused}");
        let body = json!({"current_password": PASSWORD, "new_password": password});
        let change = app.post("/api/v1/me/password").bearer_auth(&user.access).json(&body).send().unwrap();
        let (status, refused) = answer(change);
        assert_eq!((status, &refused["detail"][0]["loc"]), (422, &json!(["body", "new_password"])), "{refused}");
        assert!(!refused.to_string().contains(password), "a password is not echoed: {refused}");
    }
    app.login(&user.email, PASSWORD);
}

#[test]
fn r20_r86_guessing_passwords_is_limited_in_shared_storage_and_survives_a_restart() {
    for backend in backends() {
        let limited = options(backend).setting("limits.enabled", true).setting("limits.sign_up_per_ip", "100/1s");
        let mut app = app_with(limited);
        let user = app.user();
        let statuses: Vec<u16> =
            (0..5).map(|_| app.try_login(&user.email, "a wrong password, it is").status().as_u16()).collect();
        assert_eq!(statuses, [401; 5]);
        let limited = app.try_login(&user.email, PASSWORD);
        assert_eq!(limited.status(), 429);
        let wait: u64 = limited.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!(
            app.try_login(&user.email.to_uppercase(), PASSWORD).status(),
            429,
            "another spelling is no other budget"
        );
        let body = json!({"current_password": "a wrong password, it is", "new_password": OTHER_PASSWORD});
        let change = app.post("/api/v1/me/password").bearer_auth(&user.access).json(&body).send().unwrap();
        assert_eq!(change.status(), 429, "R35: nor is another route");
        app.server.restart();
        assert_eq!(app.try_login(&user.email, PASSWORD).status(), 429);
    }
}

#[test]
fn r21_a_password_change_ends_every_other_sign_in_at_once() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let (other_access, other_refresh) = app.login(&user.email, PASSWORD);
        let cookie = app.browser(&user.email, PASSWORD);
        let body = json!({"current_password": PASSWORD, "new_password": OTHER_PASSWORD});
        expect_success(app.post("/api/v1/me/password").bearer_auth(&user.access).json(&body).send().unwrap());
        let me = |request: reqwest::blocking::RequestBuilder| request.send().unwrap().status().as_u16();
        assert_eq!(me(app.get("/api/v1/me").bearer_auth(&user.access)), 200);
        assert_eq!(me(app.get("/api/v1/me").bearer_auth(&other_access)), 401);
        assert_eq!(me(app.get("/me").header("cookie", format!("session_id={cookie}"))), 401);
        let refresh = app.post("/api/v1/auth/refresh").json(&json!({"refresh_token": other_refresh})).send().unwrap();
        assert_eq!(refresh.status(), 401);
        app.server.mailbox().wait_for_to(&user.email, 2);
    }
}

#[test]
fn r23_a_forgotten_password_is_answered_alike_for_any_address() {
    let app = sqlite();
    let known = app.user().email;
    let ask = |email: &str| {
        let response = app.post("/api/v1/auth/forgot-password").json(&json!({"email": email})).send().unwrap();
        (comparable(response.headers()), answer(response))
    };
    assert_eq!(ask(&known), ask("nobody@example.com"));
}

#[test]
fn r39_r40_the_cookie_is_out_of_reach_of_scripts_and_changes_at_sign_in() {
    let over_http = sqlite().get("/session").send().unwrap();
    let set_cookie = over_http.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(!set_cookie.contains("Secure"), "browsers would drop it: {set_cookie}");

    let app = app_with(options(Backend::Sqlite).setting("server.public_url", "https://id.example.com"));
    let user = app.user();
    let stranger = app.get("/session").send().unwrap();
    let set_cookie = stranger.headers()["set-cookie"].to_str().unwrap().to_owned();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(set_cookie.contains(attribute), "{set_cookie}");
    }
    assert!(!set_cookie.contains("Domain"), "{set_cookie}");
    let before = session_cookie(&stranger).unwrap();
    assert!(before.len() >= 43);
    let form = [("strategy", "plain_email"), ("email", user.email.as_str()), ("password", PASSWORD)];
    let cookie = format!("session_id={before}");
    let signed_in = app.post("/auth/signin").header("cookie", &cookie).form(&form).send().unwrap();
    let after = session_cookie(&signed_in).unwrap();
    assert_ne!(before, after);
    assert_eq!(app.get("/me").header("cookie", &cookie).send().unwrap().status(), 401, "the earlier one is dead");
    assert_eq!(app.get("/me").header("cookie", format!("session_id={after}")).send().unwrap().status(), 200);
}

#[test]
fn r44_a_bad_bearer_never_falls_back_to_the_cookie() {
    let app = sqlite();
    let user = app.user();
    let cookie = format!("session_id={}", app.browser(&user.email, PASSWORD));
    for header in ["Bearer nonsense", "Bearer", "Bearer a b"] {
        for path in ["/me", "/api/v1/account"] {
            let response = app.get(path).header("cookie", &cookie).header("authorization", header).send().unwrap();
            assert_eq!(response.status(), 401, "{path} {header:?}");
        }
    }
}

#[test]
fn r45_r46_forged_altered_and_foreign_tokens_are_refused() {
    let app = sqlite();
    let user = app.user();
    let parts: Vec<&str> = user.access.split('.').collect();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    assert_eq!(header["typ"], "at+jwt");
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let with_header = |change: Value| {
        let mut header = header.clone();
        header.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        format!("{}.{}.{}", encode(&header), parts[1], parts[2])
    };
    let none = format!("{}.{}.", encode(&json!({"alg": "none", "typ": "at+jwt"})), parts[1]);
    let forged = [
        none,
        with_header(json!({"alg": "HS256"})),
        with_header(json!({"typ": "JWT"})),
        with_header(json!({"kid": "another"})),
        with_header(json!({"jku": "https://evil.example/jwks"})),
        with_header(json!({"crit": ["exp"]})),
        format!("{}.{}.{}", parts[0], encode(&json!({"sub": "1", "sid": "1"})), parts[2]),
        user.refresh.clone(),
        format!("{}x", user.access),
    ];
    for token in &forged {
        assert_eq!(app.get("/api/v1/me").bearer_auth(token).send().unwrap().status(), 401, "{token}");
    }
    let (status, _) =
        answer(app.post("/api/v1/auth/refresh").json(&json!({"refresh_token": user.access})).send().unwrap());
    assert_eq!(status, 401);
}

#[test]
fn r46_a_session_token_is_for_other_backends_and_no_contract_of_this_server_takes_it() {
    let app = sqlite();
    let user = app.user();
    let cookie = format!("session_id={}", app.browser(&user.email, PASSWORD));
    let token = expect_success(app.get("/session/token").header("cookie", &cookie).send().unwrap());
    let token = text(&token["data"]["token"]);
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!((&claims["aud"], &claims["sub"]), (&json!("selfsame-session"), &json!(user.id)));
    for path in ["/me", "/session", "/api/v1/me", "/api/v1/auth/me", "/api/v1/account"] {
        assert_eq!(app.get(path).bearer_auth(&user.access).send().unwrap().status(), 200, "{path}");
        assert_eq!(app.get(path).bearer_auth(&token).send().unwrap().status(), 401, "{path}");
    }
}

#[test]
fn r50_logout_ends_access_refresh_and_cookie() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        assert_eq!(app.post("/api/v1/auth/logout").bearer_auth(&user.access).send().unwrap().status(), 204);
        assert_eq!(app.get("/api/v1/me").bearer_auth(&user.access).send().unwrap().status(), 401);
        let refresh = app.post("/api/v1/auth/refresh").json(&json!({"refresh_token": user.refresh})).send().unwrap();
        assert_eq!(refresh.status(), 401);
        let cookie = format!("session_id={}", app.browser(&user.email, PASSWORD));
        let out = app.post("/session/sign-out").header("cookie", &cookie).send().unwrap();
        assert!(out.headers().contains_key("clear-site-data"));
        expect_success(out);
        assert_eq!(app.get("/me").header("cookie", &cookie).send().unwrap().status(), 401);
    }
}

#[test]
fn r51_no_secret_is_logged() {
    for backend in backends() {
        let app = app_with(options(backend).setting("log.filter", "trace"));
        let user = app.user();
        let cookie = app.browser(&user.email, PASSWORD);
        app.get("/me").header("cookie", format!("session_id={cookie}")).send().unwrap();
        app.try_login(&user.email, "another password, a wrong one");
        app.post_json("/api/v1/auth/forgot-password", &json!({"email": user.email}));
        let token = app.link_token(&user.email, 2);
        app.get(&format!("/reset-password?token={token}")).send().unwrap();
        let codes = app.server.mailbox().messages_to(&user.email);
        let mut secrets = vec![
            PASSWORD.to_owned(),
            "another password, a wrong one".to_owned(),
            cookie,
            token,
            user.access,
            user.refresh,
        ];
        secrets.extend(codes.iter().filter_map(selfsame_testing::received::Received::find_code));
        let log = app.server.stderr();
        assert!(log.len() > 1000, "something is logged at trace");
        for secret in secrets {
            assert!(!log.contains(&secret), "{secret} is in the log");
        }
    }
}

#[test]
fn r52_r54_a_request_from_another_site_changes_nothing() {
    let app = sqlite();
    let user = app.user();
    let cookie = format!("session_id={}", app.browser(&user.email, PASSWORD));
    let own = app.server.url("");
    let refused: [(&str, &str); 4] = [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ];
    let sign_in = [("strategy", "plain_email"), ("email", user.email.as_str()), ("password", PASSWORD)];
    for (name, value) in refused {
        let write = app.post("/me").header("cookie", &cookie).header(name, value).form(&[("first_name", "Eve")]);
        assert_eq!(write.send().unwrap().status(), 403, "{name}: {value}");
        for path in ["/auth/signin", "/auth/signup", "/session/sign-out"] {
            let post = app.post(path).header("cookie", &cookie).header(name, value).form(&sign_in);
            assert_eq!(post.send().unwrap().status(), 403, "{path} {name}: {value}");
        }
    }
    for (name, value) in [("origin", own.as_str()), ("sec-fetch-site", "same-origin")] {
        let write = app.post("/me").header("cookie", &cookie).header(name, value).form(&[("first_name", "Ada")]);
        assert_eq!(write.send().unwrap().status(), 200, "{name}: {value}");
    }
}

#[test]
fn r53_json_routes_take_json_alone() {
    let app = sqlite();
    let user = app.user();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let put = app.request(Method::PUT, "/api/v1/auth/me/profile").bearer_auth(&user.access);
        let put = put.header("content-type", content_type).body(r#"{"display_name":"Eve"}"#);
        assert_eq!(put.send().unwrap().status(), 415, "{content_type}");
        let patch = app.request(Method::PATCH, "/api/v1/account").bearer_auth(&user.access);
        let patch = patch.header("content-type", content_type).body(r#"{"name":"Eve"}"#);
        assert_eq!(patch.send().unwrap().status(), 415, "{content_type}");
    }
}

#[test]
fn r55_cors_answers_the_origins_on_the_list_and_no_other_on_errors_too() {
    let app = app_with(options(Backend::Sqlite).setting("server.allowed_origins", "https://app.example.com"));
    let from = |origin: &str, path: &str| app.get(path).header("origin", origin).send().unwrap();
    for path in ["/session", "/me", "/api/v1/nope"] {
        let allowed = from("https://app.example.com", path);
        assert_eq!(allowed.headers()["access-control-allow-origin"], "https://app.example.com", "{path}");
        assert_eq!(allowed.headers()["access-control-allow-credentials"], "true");
        assert!(allowed.headers()["vary"].to_str().unwrap().to_lowercase().contains("origin"));
        for origin in ["https://evil.example", "https://app.example.com.evil.example", "http://app.example.com", "null"]
        {
            assert!(!from(origin, path).headers().contains_key("access-control-allow-origin"), "{origin}");
        }
    }
    let preflight = app.request(Method::OPTIONS, "/me").header("origin", "https://app.example.com");
    let preflight = preflight
        .header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", "content-type");
    let preflight = preflight.send().unwrap();
    assert!(preflight.status().is_success());
    assert!(preflight.headers()["access-control-allow-methods"].to_str().unwrap().contains("PATCH"));
}

#[test]
fn r56_r57_every_answer_carries_the_security_headers_errors_included() {
    let app = sqlite();
    let user = app.user();
    for (path, bearer) in
        [("/", false), ("/api/v1/me", true), ("/api/v1/me", false), ("/nope", false), ("/docs/", false), ("/me", false)]
    {
        let request = app.get(path);
        let response = if bearer { request.bearer_auth(&user.access) } else { request }.send().unwrap();
        let headers = response.headers();
        for (name, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")] {
            assert_eq!(headers[name], value, "{path}");
        }
        for name in ["content-security-policy", "x-request-id", "cross-origin-resource-policy"] {
            assert!(headers.contains_key(name), "{path} {name}");
        }
        assert!(!headers.contains_key("server"), "{path}");
        if path.starts_with("/api") || path == "/me" {
            assert_eq!(headers["cache-control"], "no-store", "{path}");
        }
    }
}

#[test]
fn r60_unknown_paths_and_methods_speak_the_contract_they_fall_under() {
    let app = sqlite();
    let cases = [
        (Method::GET, "/api/v1/nope", 404, "/detail"),
        (Method::DELETE, "/api/v1/me", 405, "/detail"),
        (Method::GET, "/api/v1/auth/nope", 404, "/error/code"),
        (Method::GET, "/api/v1/auth/login", 405, "/error/code"),
        (Method::GET, "/me/nope", 404, "/errors/0/code"),
        (Method::DELETE, "/me", 405, "/errors/0/code"),
        (Method::GET, "/auth/nope", 404, "/errors/0/code"),
        (Method::DELETE, "/api/v1/account", 405, "/title"),
        (Method::GET, "/nope", 404, "/title"),
        (Method::GET, "/ME", 404, "/title"),
        (Method::GET, "//me", 404, "/title"),
    ];
    for (method, path, status, place) in cases {
        let response = app.request(method.clone(), path).send().unwrap();
        let allow = response.headers().contains_key("allow");
        let (found, body) = answer(response);
        assert_eq!(found, status, "{method} {path}: {body}");
        assert!(body.pointer(place).is_some_and(Value::is_string), "{method} {path}: {body}");
        assert_eq!(allow, status == 405, "{method} {path}");
    }
}

#[test]
fn r81_every_refusal_is_one_line_of_the_log_in_every_contract() {
    let app = sqlite();
    let refused = [
        ("wacht", "/me", "UNAUTHORIZED"),
        ("profile_api", "/api/v1/me", "NOT_AUTHENTICATED"),
        ("rivergen", "/api/v1/auth/me", "UNAUTHORIZED"),
        ("account", "/api/v1/account", "UNAUTHENTICATED"),
        ("account", "/nope", "NOT_FOUND"),
    ];
    for (contract, path, code) in refused {
        let response = app.get(path).bearer_auth("forged").send().unwrap();
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let line = eventually(Duration::from_secs(10), "the request in the log", || {
            let log = app.server.stderr();
            let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            let lines: Vec<Value> = lines.filter(|line| line["span"]["request_id"] == id.as_str()).collect();
            lines.iter().find(|line| line["message"] == "answered")?;
            let mut refused = lines.into_iter().filter(|line| line["message"] == "refused");
            let (first, second) = (refused.next(), refused.next());
            assert!(second.is_none(), "{path}: {second:?}");
            first
        });
        assert_eq!((&line["contract"], &line["code"]), (&json!(contract), &json!(code)), "{path}: {line}");
    }
}

#[test]
fn r66_hostile_json_is_refused_alike_on_both_databases() {
    let deep = format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40));
    let members = (0..1001).map(|number| format!("\"k{number}\":1,")).collect::<Vec<_>>().concat();
    let hostile = [
        r#"{"a":1,"a":2}"#.to_owned(),
        r#"{"a":"\u0000"}"#.to_owned(),
        r#"{"a":1e999}"#.to_owned(),
        deep,
        format!("{{{members}\"z\":1}}"),
        format!("{{\"{}\":1}}", "k".repeat(129)),
        format!("{{\"a\":\"{}\"}}", "x".repeat(16_385)),
        "[]".to_owned(),
        "null".to_owned(),
    ];
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let put = |profile: &str| {
            let request = app.request(Method::PUT, "/api/v1/auth/me/profile").bearer_auth(&user.access);
            let body = format!("{{\"profile\":{profile}}}");
            answer(request.header("content-type", "application/json").body(body).send().unwrap())
        };
        for profile in &hostile {
            let (status, body) = put(profile);
            assert_eq!(
                (status, &body["success"]),
                (422, &json!(false)),
                "{}: {body}",
                &profile[..profile.len().min(60)]
            );
        }
        let big = format!("{{\"a\":\"{}\"}}", "x".repeat(16_000));
        for number in 0..4 {
            assert_eq!(put(&format!("{{\"big{number}\":{big}}}")).0, 200);
        }
        assert_eq!(put(&format!("{{\"big4\":{big}}}")).0, 422, "more than 64 KiB in all");
        let me = expect_success(app.get("/api/v1/auth/me").bearer_auth(&user.access).send().unwrap());
        assert_eq!(me["data"]["user"]["profile"].as_object().unwrap().len(), 4);
    }
}

#[test]
fn r71_r76_a_picture_is_re_encoded_and_served_inert_and_anything_else_is_refused() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
        let put = |uri: &str| {
            let request = app.request(Method::PUT, "/api/v1/auth/me/profile").bearer_auth(&user.access);
            answer(request.json(&json!({"profile_image_url": uri})).send().unwrap())
        };
        let (status, body) = put(&format!("data:image/png;base64,{png}"));
        assert_eq!(status, 200, "{body}");
        let url = text(&body["data"]["profile_image_url"]);
        assert!(url.starts_with(&app.server.url("/avatars/")), "{url}");
        let served = app.client.get(&url).send().unwrap();
        assert_eq!(served.status(), 200);
        let headers = served.headers();
        assert!(headers["content-type"].to_str().unwrap().starts_with("image/"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
        for uri in [
            "data:image/svg+xml;base64,PHN2Zy8+",
            "data:image/png;base64,PHN2Zy8+",
            "data:text/html;base64,PGI+",
            "http://example.com/a.png",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            let (status, body) = put(uri);
            assert_eq!((status, &body["error"]["code"]), (422, &json!("VALIDATION_ERROR")), "{uri}: {body}");
        }
        for name in ["../selfsame.db", "..%2f..%2fselfsame.db", "nope.png", "%00"] {
            assert_eq!(app.get(&format!("/avatars/{name}")).send().unwrap().status(), 404, "{name}");
        }
        let removed =
            app.request(Method::PATCH, "/me").bearer_auth(&user.access).json(&json!({"remove_profile_picture": true}));
        assert_eq!(expect_success(removed.send().unwrap())["profile_picture_url"], "");
    }
}

#[test]
fn r84_what_is_too_large_is_refused_by_size_in_the_shape_of_the_contract() {
    let app = sqlite();
    let user = app.user();
    let big = json!({"first_name": "x".repeat(300 << 10)}).to_string();
    let patch =
        app.request(Method::PATCH, "/api/v1/me").bearer_auth(&user.access).header("content-type", "application/json");
    let (status, body) = answer(patch.body(big.clone()).send().unwrap());
    assert_eq!((status, body["detail"].is_string()), (413, true), "{body}");
    let form = app.post("/me").bearer_auth(&user.access).header("content-type", "application/json").body(big);
    let (status, body) = answer(form.send().unwrap());
    assert_eq!((status, body["errors"][0]["code"].is_string()), (413, true), "{body}");
    let url = app.get(&format!("/api/v1/me?{}", "x".repeat(9 << 10))).send().unwrap();
    assert_eq!(url.status(), 414);
    let headers = app.get("/api/v1/me").header("x-padding", "x".repeat(20 << 10)).send().unwrap();
    assert_eq!(headers.status(), 431);
}

#[test]
fn r85_a_client_that_sends_nothing_more_is_not_waited_for() {
    let app = app_with(options(Backend::Sqlite).setting("http.head_timeout", "1s").setting("http.body_timeout", "1s"));
    let address = app.server.url("").replace("http://", "");
    let halves = [
        "POST /auth/signin HTTP/1.1\r\nHost: x\r\n",
        "POST /auth/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    ];
    for half in halves {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(half.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // The server answers 408 or closes; either way it ends.
        let ended = stream.read_to_end(&mut answer);
        assert!(ended.is_ok(), "{half}: {ended:?}");
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

#[test]
fn r43_a_disabled_account_is_out_everywhere_at_once() {
    // A second process on the database of a running server: PostgreSQL alone.
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let app = app(Backend::Postgres);
    let user = app.user();
    let cookie = format!("session_id={}", app.browser(&user.email, PASSWORD));
    let disabled = app.server.run(&["user", "disable", &user.email]);
    assert!(disabled.status.success(), "{disabled:?}");
    assert_eq!(app.get("/api/v1/me").bearer_auth(&user.access).send().unwrap().status(), 401);
    assert_eq!(app.get("/me").header("cookie", &cookie).send().unwrap().status(), 401);
    assert_eq!(app.try_login(&user.email, PASSWORD).status(), 403);
    assert!(app.server.run(&["user", "enable", &user.email]).status.success());
    app.login(&user.email, PASSWORD);
}

#[test]
fn r86_the_changes_of_one_user_have_a_budget_and_every_contract_says_so_in_its_own_shape() {
    for backend in backends() {
        let limited = options(backend).setting("limits.enabled", true).setting("limits.profile_write_per_user", "2/1h");
        let app = app_with(limited);
        let user = app.user();
        let cookie = format!("session_id={}", app.browser(&user.email, PASSWORD));
        let bearer = |method, path: &str| app.request(method, path).bearer_auth(&user.access);
        let writes = |name: &str| {
            [
                bearer(Method::PATCH, "/api/v1/me").json(&json!({"display_name": name})),
                bearer(Method::PUT, "/api/v1/auth/me/profile").json(&json!({"display_name": name})),
                app.post("/me").header("cookie", &cookie).form(&[("first_name", name)]),
                bearer(Method::PATCH, "/api/v1/account").json(&json!({"name": name})),
            ]
        };
        for name in ["Grace", "Augusta"] {
            let [first, ..] = writes(name);
            expect_success(first.send().unwrap());
        }
        for (write, code) in writes("Countess").into_iter().zip(["/detail", "/error/code", "/errors/0/code", "/title"])
        {
            let refused = write.send().unwrap();
            assert_eq!(refused.status(), 429, "{code}: {refused:?}");
            let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((3000..=3600).contains(&wait), "{wait}");
            let body: Value = refused.json().unwrap();
            assert!(body.pointer(code).is_some_and(Value::is_string), "{code}: {body}");
        }
        let me = app.get("/api/v1/me").bearer_auth(&user.access).send().unwrap();
        assert_eq!(expect_success(me)["display_name"], "Augusta", "what was refused changed nothing");
        // Nothing to change costs nothing.
        let [same, ..] = writes("Augusta");
        expect_success(same.send().unwrap());
    }
}

#[test]
fn r27_half_a_sign_in_opens_nothing_through_any_contract_until_the_second_factor_is_proven() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let secret = enrol_totp(&app, &user.access);
        let form = [("strategy", "plain_email"), ("email", &user.email), ("password", PASSWORD)];
        let response = app.post("/auth/signin").form(&form).send().unwrap();
        let half = session_cookie(&response).unwrap();
        let session = expect_success(response);
        let attempt = &session["data"]["signin_attempts"][0];
        assert_eq!((&attempt["completed"], &attempt["current_step"]), (&json!(false), &json!("verify_second_factor")));
        let login = expect_success(app.try_login(&user.email, PASSWORD));
        assert_eq!((&login["data"]["mfa_required"], &login["data"]["access_token"]), (&json!(true), &Value::Null));
        let token = text(&login["data"]["temporary_token"]);
        for path in ["/me", "/session/token", "/api/v1/account", "/api/v1/account/second-factors"] {
            let refused = app.get(path).header("cookie", format!("session_id={half}")).send().unwrap();
            assert!(refused.status().is_client_error(), "{path}: {}", refused.status());
        }
        for path in ["/api/v1/me", "/api/v1/auth/me", "/api/v1/account", "/me", "/api/v1/sessions"] {
            assert_eq!(app.get(path).bearer_auth(&token).send().unwrap().status(), 401, "{path}");
        }

        let id = text(&attempt["id"]);
        let verify = |code: &str| {
            let path = format!("/auth/attempt-verification?attempt_identifier={id}");
            let request = app.post(&path).header("cookie", format!("session_id={half}"));
            request.form(&[("verification_code", code)]).send().unwrap()
        };
        assert_eq!(verify("000000").status(), 400);
        let code = secret.code_at(totp_step() + 1);
        let response = verify(&code);
        let whole = session_cookie(&response).unwrap();
        expect_success(response);
        assert_ne!(whole, half, "r40");
        let me =
            |cookie: &str| app.get("/me").header("cookie", format!("session_id={cookie}")).send().unwrap().status();
        assert_eq!((me(&whole), me(&half)), (200.try_into().unwrap(), 401.try_into().unwrap()));
        let body = json!({"temporary_token": token, "code": code.as_str()});
        let replayed = app.post("/api/v1/auth/mfa/verify").json(&body).send().unwrap();
        assert_eq!(replayed.status(), 400, "r29: the code of the browser is no good for another client");
    }
}
