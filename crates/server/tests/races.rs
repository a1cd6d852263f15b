//! Concurrent requests: of parallel uses one succeeds, and nothing is lost.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::collections::HashSet;

use common::*;
use reqwest::Method;
use selfsame_testing::server::backends;
use serde_json::{Value, json};

fn successes(answers: &[(u16, Value)]) -> usize {
    answers.iter().filter(|(status, _)| (200..300).contains(status)).count()
}

#[test]
fn r12_of_twenty_parallel_uses_of_a_code_in_a_text_message_one_signs_in() {
    const NUMBER: &str = "+31612345678";
    for backend in backends() {
        let app = app_with(options(backend).setting("sms.sign_in", true));
        let user = app.user();
        let texts = |count| app.server.mailbox().wait_for_texts_to(NUMBER, count);
        let code = |text: &String| text.split_once(' ').unwrap().0.to_owned();
        let added = app.post("/api/v1/account/phones").bearer_auth(&user.access).json(&json!({"phone_number": NUMBER}));
        let path =
            format!("/api/v1/account/phones/{}/verification", text(&expect_success(added.send().unwrap())["id"]));
        expect_success(app.post(&path).bearer_auth(&user.access).send().unwrap());
        let confirm = app.post(&format!("{path}/confirm")).bearer_auth(&user.access);
        expect_success(confirm.json(&json!({"code": code(&texts(1)[0])})).send().unwrap());

        let path = "/api/v1/account/sign-in-attempts";
        let started = app.post_json(path, &json!({"phone_number": NUMBER, "client": "tokens"}));
        let path = format!("{path}/{}", text(&started["id"]));
        let send = app.post(&format!("{path}/code")).header("attempt-token", text(&started["token"]));
        let token = text(&expect_success(send.send().unwrap())["token"]);
        let proof = json!({"factor": "phone", "code": code(&texts(2)[1])});
        let path = format!("{path}/verification");
        let answers =
            at_once(20, |_| answer(app.post(&path).header("attempt-token", &token).json(&proof).send().unwrap()));
        assert_eq!(successes(&answers), 1, "{answers:?}");
        assert!(answers.iter().all(|(status, _)| *status < 500), "{answers:?}");
    }
}

#[test]
fn r12_of_twenty_parallel_uses_of_a_code_one_succeeds() {
    for backend in backends() {
        let app = app(backend);
        let email = fresh_email();
        let started = app.sign_up(&email);
        let body = json!({"temporary_token": started["data"]["temporary_token"], "otp_code": app.code(&email, 1)});
        let answers = at_once(20, |_| answer(app.post("/api/v1/auth/verify-otp").json(&body).send().unwrap()));
        assert_eq!(successes(&answers), 1, "{answers:?}");
        assert!(answers.iter().all(|(status, _)| *status < 500), "{answers:?}");
    }
}

#[test]
fn r12_of_twenty_parallel_uses_of_a_link_one_succeeds() {
    for backend in backends() {
        let app = app(backend);
        let email = fresh_email();
        app.sign_up(&email);
        let body = json!({"token": app.link_token(&email, 1)});
        let answers = at_once(20, |_| answer(app.post("/api/v1/auth/verify-email").json(&body).send().unwrap()));
        assert_eq!(successes(&answers), 1, "{answers:?}");
        assert!(answers.iter().all(|(status, _)| *status < 500), "{answers:?}");
    }
}

#[test]
fn r12_of_twenty_parallel_uses_of_a_reset_link_one_succeeds() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        app.post_json("/api/v1/auth/forgot-password", &json!({"email": user.email}));
        let body = json!({"token": app.link_token(&user.email, 2), "new_password": OTHER_PASSWORD});
        let answers = at_once(20, |_| answer(app.post("/api/v1/auth/reset-password").json(&body).send().unwrap()));
        assert_eq!(successes(&answers), 1, "{answers:?}");
        assert!(answers.iter().all(|(status, _)| *status < 500), "{answers:?}");
    }
}

#[test]
fn r9_of_twenty_parallel_uses_of_a_link_that_cancels_a_change_of_address_one_succeeds() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let new_email = json!({"new_email": fresh_email()});
        let request = app.post("/api/v1/auth/me/email/request").bearer_auth(&user.access).json(&new_email);
        expect_success(request.send().unwrap());
        let body = json!({"token": app.link_token(&user.email, 2)});
        let path = "/api/v1/account/email-change/cancellation";
        let answers = at_once(20, |_| answer(app.post(path).json(&body).send().unwrap()));
        assert_eq!(successes(&answers), 1, "{answers:?}");
        assert!(answers.iter().all(|(status, _)| *status < 500), "{answers:?}");
    }
}

/// Twenty sign-ins by a right password that wait for a second factor.
fn half_signed_in(app: &App, email: &str) -> Vec<String> {
    let one = |_| text(&expect_success(app.try_login(email, PASSWORD))["data"]["temporary_token"]);
    (0..20).map(one).collect()
}

fn verify_mfa(app: &App, token: &str, code: &str) -> (u16, Value) {
    let body = json!({"temporary_token": token, "code": code});
    answer(app.post("/api/v1/auth/mfa/verify").json(&body).send().unwrap())
}

#[test]
fn r29_of_twenty_parallel_uses_of_a_one_time_password_one_succeeds() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let secret = enrol_totp(&app, &user.access);
        let tokens = half_signed_in(&app, &user.email);
        let code = secret.code_at(totp_step() + 1);
        let answers = at_once(20, |number| verify_mfa(&app, &tokens[number], &code));
        assert_eq!(successes(&answers), 1, "{answers:?}");
        assert!(answers.iter().all(|(status, _)| *status < 500), "{answers:?}");
    }
}

#[test]
fn r30_of_twenty_parallel_uses_of_a_backup_code_one_succeeds() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        enrol_totp(&app, &user.access);
        let codes = app.post("/api/v1/account/backup-codes").bearer_auth(&user.access);
        let codes = expect_success(codes.send().unwrap());
        let tokens = half_signed_in(&app, &user.email);
        let code = text(&codes["backup_codes"][0]);
        let answers = at_once(20, |number| verify_mfa(&app, &tokens[number], &code));
        assert_eq!(successes(&answers), 1, "{answers:?}");
        assert!(answers.iter().all(|(status, _)| *status < 500), "{answers:?}");
        let left = expect_success(app.get("/api/v1/account/second-factors").bearer_auth(&user.access).send().unwrap());
        assert_eq!(left["backup_codes_left"], 9);
    }
}

#[test]
fn r47_of_twenty_parallel_uses_of_a_refresh_token_one_rotates_and_all_learn_the_same_successor() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let body = json!({"refresh_token": user.refresh});
        let answers = at_once(20, |_| answer(app.post("/api/v1/auth/refresh").json(&body).send().unwrap()));
        assert_eq!(successes(&answers), 20, "{answers:?}");
        let successors: HashSet<String> = answers.iter().map(|(_, body)| text(&body["refresh_token"])).collect();
        assert_eq!(successors.len(), 1);
    }
}

#[test]
fn r47_without_a_grace_one_parallel_use_succeeds_and_the_reuse_ends_the_sign_in() {
    for backend in backends() {
        let app = app_with(options(backend).setting("tokens.refresh_grace", "0s"));
        let user = app.user();
        let body = json!({"refresh_token": user.refresh});
        let answers = at_once(20, |_| answer(app.post("/api/v1/auth/refresh").json(&body).send().unwrap()));
        assert_eq!(successes(&answers), 1, "{answers:?}");
        let me = app.get("/api/v1/me").bearer_auth(&user.access).send().unwrap();
        assert_eq!(me.status(), 401);
    }
}

#[test]
fn fifty_parallel_merges_of_different_keys_lose_nothing() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let answers = at_once(50, |number| {
            let body = json!({"profile": {format!("key{number}"): number, "shared": {format!("key{number}"): number}}});
            let put = app.request(Method::PUT, "/api/v1/auth/me/profile").bearer_auth(&user.access).json(&body);
            answer(put.send().unwrap())
        });
        assert_eq!(successes(&answers), 50, "{answers:?}");
        let me = expect_success(app.get("/api/v1/auth/me").bearer_auth(&user.access).send().unwrap());
        let profile = &me["data"]["user"]["profile"];
        assert_eq!(profile["shared"].as_object().unwrap().len(), 50, "{profile}");
        assert_eq!(profile.as_object().unwrap().len(), 51);
    }
}

#[test]
fn two_sign_ups_for_one_address_leave_one_account_that_proved_it() {
    for backend in backends() {
        let app = app(backend);
        let email = fresh_email();
        let sign_up = |_| answer(app.try_sign_up(&email));
        let answers = at_once(2, sign_up);
        assert_eq!(successes(&answers), 2, "{answers:?}");
        let mails = app.server.mailbox().wait_for_to(&email, 2);
        let links: Vec<String> =
            mails.iter().map(|mail| mail.link().split_once("#token=").unwrap().1.to_owned()).collect();
        let answers = at_once(2, |number| {
            answer(app.post("/api/v1/auth/verify-email").json(&json!({"token": links[number]})).send().unwrap())
        });
        assert_eq!(successes(&answers), 1, "{answers:?}");
        // Nobody can tell whose sign-up the link's reader meant (R2): the password is had anew by mail.
        let login = app.try_login(&email, PASSWORD);
        assert_eq!(login.status(), 401);
        app.post_json("/api/v1/auth/forgot-password", &json!({"email": email}));
        let body = json!({"token": app.link_token(&email, 3), "new_password": OTHER_PASSWORD});
        expect_success(app.post("/api/v1/auth/reset-password").json(&body).send().unwrap());
        app.login(&email, OTHER_PASSWORD);
    }
}

#[test]
fn of_twenty_sign_ups_for_one_username_one_succeeds() {
    for backend in backends() {
        let app = app(backend);
        let answers = at_once(20, |_| {
            let email = fresh_email();
            let form = [("email", email.as_str()), ("password", PASSWORD), ("username", "highlander")];
            answer(app.post("/auth/signup").form(&form).send().unwrap())
        });
        assert_eq!(successes(&answers), 1, "{answers:?}");
        let refused =
            answers.iter().filter(|(status, body)| *status == 400 && body["errors"][0]["code"] == "USERNAME_EXISTS");
        assert_eq!(refused.count(), 19, "{answers:?}");
    }
}

#[test]
fn r49_of_twenty_parallel_ends_of_one_sign_in_one_succeeds_and_the_rest_end_once() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let (lost, _) = app.login(&user.email, PASSWORD);
        let path = "/api/v1/account/sign-ins";
        let listed = expect_success(app.get(path).bearer_auth(&lost).send().unwrap());
        let sign_ins = listed["sign_ins"].as_array().unwrap();
        let id = text(&sign_ins.iter().find(|sign_in| sign_in["current"] == true).unwrap()["id"]);
        let end = |path: &str| {
            let request = app.request(Method::DELETE, path).bearer_auth(&user.access);
            answer(request.send().unwrap())
        };
        let answers = at_once(20, |_| end(&format!("{path}/{id}")));
        let mut statuses: Vec<_> = answers.iter().map(|(status, _)| *status).collect();
        statuses.sort_unstable();
        assert_eq!((statuses[0], &statuses[1..]), (204, &[404; 19][..]), "{answers:?}");
        assert_eq!(app.get(path).bearer_auth(&lost).send().unwrap().status(), 401);

        let others: Vec<_> = (0..3).map(|_| app.login(&user.email, PASSWORD).0).collect();
        let answers = at_once(8, |_| end(path));
        assert_eq!(successes(&answers), 8, "{answers:?}");
        for access in others {
            assert_eq!(app.get(path).bearer_auth(&access).send().unwrap().status(), 401);
        }
        let left = expect_success(app.get(path).bearer_auth(&user.access).send().unwrap());
        assert_eq!(left["sign_ins"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn r69_of_twenty_parallel_requests_with_one_idempotency_key_one_has_an_effect() {
    for backend in backends() {
        let app = app(backend);
        let email = fresh_email();
        let form = json!({"email": email, "password": PASSWORD, "client": "tokens"});
        let sign_up = || {
            let request = app.post("/api/v1/account/sign-ups").header("idempotency-key", "8e03978e-40d5-43e8-bc93");
            answer(request.json(&form).send().unwrap())
        };
        let answers = at_once(20, |_| sign_up());
        let created: Vec<&Value> = answers.iter().filter(|(status, _)| *status == 201).map(|(_, body)| body).collect();
        assert!(!created.is_empty() && created.iter().all(|body| *body == created[0]), "{answers:?}");
        let refused = answers.iter().filter(|(status, _)| *status != 201);
        for (status, body) in refused {
            assert_eq!((*status, &body["type"]), (409, &json!("urn:selfsame:problem:request-in-progress")));
        }
        assert_eq!(sign_up(), (201, created[0].clone()), "it is kept");
        let other = json!({"email": fresh_email(), "password": PASSWORD, "client": "tokens"});
        let request = app.post("/api/v1/account/sign-ups").header("idempotency-key", "8e03978e-40d5-43e8-bc93");
        assert_eq!(answer(request.json(&other).send().unwrap()).0, 422);
    }
}
