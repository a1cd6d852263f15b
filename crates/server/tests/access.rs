//! What the operator configures for passwords and notices: a service of breached passwords, and what a mail tells of a
//! sign-in.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    thread,
};

use common::*;
use selfsame_testing::{received::Received, server::backends};
use serde_json::json;

/// The last 35 of the 40 digits of the SHA-1 of [`OTHER_PASSWORD`].
const BREACHED: &str = "7C9D72C34E26451FEFD56773A0DDC8070FB";
const THIRD_PASSWORD: &str = "eleven quiet lanterns drift";
const FOURTH_PASSWORD: &str = "twelve marble pigeons argue";

/// The URL of a service that knows one password, or that never answers.
fn service(answers: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/range/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let mut held = Vec::new();
        for mut stream in listener.incoming().map(Result::unwrap) {
            if !answers {
                held.push(stream);
                continue;
            }
            let head = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            assert!(head.take_while(|line| !line.is_empty()).count() > 1);
            let body = format!("0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n{BREACHED}:7\r\n");
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        }
    });
    url
}

fn change(app: &App, access: &str, current: &str, new: &str) -> (u16, String) {
    let body = json!({"current_password": current, "new_password": new});
    let answer = app.post("/api/v1/me/password").bearer_auth(access).json(&body).send().unwrap();
    (answer.status().as_u16(), answer.text().unwrap())
}

#[test]
fn r18_a_password_that_the_configured_service_knows_is_refused() {
    for backend in backends() {
        let app = app_with(options(backend).setting("passwords.breach_url", service(true)));
        let user = app.user();
        let (status, refused) = change(&app, &user.access, PASSWORD, OTHER_PASSWORD);
        assert_eq!(status, 422, "{refused}");
        assert!(refused.contains("known from a breach"), "{refused}");
        assert_eq!(change(&app, &user.access, PASSWORD, THIRD_PASSWORD).0, 200);
    }
}

#[test]
fn a_service_that_does_not_answer_refuses_nothing_and_is_told_of_once() {
    for backend in backends() {
        let app = app_with(options(backend).setting("passwords.breach_url", service(false)));
        let user = app.user();
        assert_eq!(change(&app, &user.access, PASSWORD, THIRD_PASSWORD).0, 200);
        let (access, _) = app.login(&user.email, THIRD_PASSWORD);
        assert_eq!(change(&app, &access, THIRD_PASSWORD, FOURTH_PASSWORD).0, 200);
        let told = app.server.stderr().matches("not checked against breached ones").count();
        assert_eq!(told, 1);
    }
}

#[test]
fn r25_a_sign_in_with_another_browser_is_mailed_with_its_circumstances() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        for _ in 0..2 {
            let body = json!({"email": user.email, "password": PASSWORD});
            let login = app.post("/api/v1/auth/login").header("user-agent", firefox).json(&body);
            expect_success(login.send().unwrap());
        }
        let mails = app.server.mailbox().wait_for_to(&user.email, 2);
        let subject = |mail: &Received| mail.header("Subject").unwrap_or_default();
        let notices: Vec<_> = mails.iter().filter(|mail| subject(mail).contains("new sign-in")).collect();
        assert_eq!(notices.len(), 1, "the second sign-in is no news");
        let text = notices[0].text_part();
        assert!(text.contains("Device: Firefox on Linux") && text.contains("IP address: 127.0.0.1"), "{text}");
        assert!(text.contains("When: 2") && text.contains("(UTC)"), "{text}");
    }
}
