//! Tests of the edge, around routes that succeed, fail and panic.

use actix_web::{
    App,
    dev::Service,
    http::{Method, header::HeaderMap},
    middleware::from_fn,
    test::{TestRequest, init_service, read_body_json, try_call_service},
    web,
};
use serde_json::Value;

use super::*;

const PAGE: &str = "https://app.example";

fn options(public_url: &str) -> Data<HttpOptions> {
    let allowed_origins = vec![PAGE.to_owned()];
    Data::new(HttpOptions { allowed_origins, ..HttpOptions::new(public_url.parse().unwrap()) })
}

async fn app(
    public_url: &str,
) -> impl Service<actix_http::Request, Response = ServiceResponse<BoxBody>, Error = Error> + use<> {
    let options = options(public_url);
    let app = App::new()
        .service(
            web::resource("/api/v1/me/{id}")
                .route(web::get().to(|_: web::Path<u64>| async { "fine" }))
                .route(web::post().to(|| async { "done" })),
        )
        .route("/session", web::get().to(|| async { HttpResponse::Ok().json("secret") }))
        .route("/session", web::post().to(|| async { HttpResponse::Unauthorized().json("who?") }))
        .route("/auth", web::get().to(|| async { if true { panic!("on purpose") } else { "fine" } }))
        .route(
            "/page",
            web::get().to(|| async {
                HttpResponse::Ok()
                    .insert_header((CONTENT_TYPE, "text/html"))
                    .insert_header(("content-security-policy", "sandbox"))
                    .insert_header(("cache-control", "public"))
                    .finish()
            }),
        )
        .wrap(from_fn(move |request, next| edge(options.clone(), request, next)));
    init_service(app).await
}

/// Status, headers and JSON body of the response; null if the body is not JSON.
async fn ask(public_url: &str, request: TestRequest) -> (u16, HeaderMap, Value) {
    let answer = try_call_service(&app(public_url).await, request.to_request()).await;
    let response = match answer {
        Ok(response) => response,
        Err(error) => {
            let response = error.error_response();
            ServiceResponse::new(TestRequest::default().to_http_request(), response)
        }
    };
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let is_json = headers.get(CONTENT_TYPE).is_some_and(|value| value.to_str().unwrap().contains("json"));
    let body = if is_json { read_body_json(response).await } else { Value::Null };
    (status, headers, body)
}

const HTTPS: &str = "https://id.example";

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[actix_web::test]
async fn r56_r57_every_answer_has_the_security_headers_errors_included() {
    for path in ["/session", "/nowhere", "/api/v1/me/x", "/auth", "/api/v1/me/1?token=x"] {
        let (status, headers, _) = ask(HTTPS, TestRequest::with_uri(path)).await;
        for (name, value) in [
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(text(&headers, name), value, "{path} {status} {name}");
        }
        assert!(!headers.contains_key("server"));
        assert_eq!(text(&headers, "x-request-id").len(), 32, "{path}");
    }
}

#[actix_web::test]
async fn r56_a_page_keeps_what_it_set_itself_and_plain_http_promises_no_tls() {
    let (_, headers, _) = ask("http://127.0.0.1:8080", TestRequest::with_uri("/page")).await;
    assert_eq!(text(&headers, "content-security-policy"), "sandbox");
    assert_eq!(text(&headers, "cache-control"), "public");
    assert!(!headers.contains_key("strict-transport-security"));
}

#[actix_web::test]
async fn r60_an_unknown_path_is_404_and_an_unknown_method_405_in_the_contracts_shape() {
    let (status, _, body) = ask(HTTPS, TestRequest::with_uri("/api/v1/nothing")).await;
    assert_eq!((status, body), (404, serde_json::json!({"detail": "Not Found"})));

    let (status, headers, body) = ask(HTTPS, TestRequest::with_uri("/api/v1/me/1").method(Method::DELETE)).await;
    assert_eq!((status, body), (405, serde_json::json!({"detail": "Method Not Allowed"})));
    assert_eq!(text(&headers, "allow"), "GET, POST");

    let (status, _, body) = ask(HTTPS, TestRequest::with_uri("/session/x")).await;
    assert_eq!((status, &body["errors"][0]["code"]), (404, &"NOT_FOUND".into()));
}

#[actix_web::test]
async fn what_the_frameworks_own_extractors_refuse_is_said_in_the_contracts_shape() {
    let (status, _, body) = ask(HTTPS, TestRequest::with_uri("/api/v1/me/not-a-number")).await;
    assert_eq!((status, body), (404, serde_json::json!({"detail": "Not Found"})));
}

#[actix_web::test]
async fn a_contracts_own_answers_pass_untouched() {
    let (status, _, body) = ask(HTTPS, TestRequest::with_uri("/session").method(Method::POST)).await;
    assert_eq!((status, body), (401, "who?".into()));
}

#[actix_web::test]
async fn r98_a_panic_is_a_500_in_the_contracts_shape_with_headers() {
    let (status, headers, body) = ask(HTTPS, TestRequest::with_uri("/auth").insert_header(("origin", PAGE))).await;
    assert_eq!((status, &body["errors"][0]["code"]), (500, &"INTERNAL".into()));
    assert_eq!(text(&headers, "access-control-allow-origin"), PAGE);
}

#[actix_web::test]
async fn r61_every_answer_has_a_request_id_and_it_is_the_servers_own() {
    let (_, headers, _) = ask(HTTPS, TestRequest::with_uri("/session").insert_header(("x-request-id", "abc-1"))).await;
    assert_eq!(text(&headers, "x-request-id").len(), 32);
}

#[actix_web::test]
async fn strict_transport_security_leaves_the_hosts_below_alone_where_the_operator_says_so() {
    let mut headers = HeaderMap::new();
    let options = HttpOptions { hsts_include_subdomains: false, ..HttpOptions::new(HTTPS.parse().unwrap()) };
    security_headers::add(&mut headers, &options);
    assert_eq!(text(&headers, "strict-transport-security"), "max-age=63072000");
}

#[actix_web::test]
async fn r84_what_is_too_long_is_refused_before_any_route() {
    let long = format!("/session?{}", "a".repeat(9000));
    let (status, _, body) = ask(HTTPS, TestRequest::with_uri(&long)).await;
    assert_eq!((status, &body["errors"][0]["code"]), (414, &"URI_TOO_LONG".into()));

    let big = TestRequest::with_uri("/session").insert_header(("x-big", "a".repeat(20_000)));
    assert_eq!(ask(HTTPS, big).await.0, 431);
}

#[actix_web::test]
async fn r52_r54_a_forged_request_is_refused_without_reaching_the_route() {
    let forged = TestRequest::post().uri("/session").insert_header(("origin", "https://evil.example"));
    let (status, headers, body) = ask(HTTPS, forged).await;
    assert_eq!((status, &body["errors"][0]["code"]), (403, &"CROSS_ORIGIN_REFUSED".into()));
    assert!(!headers.contains_key("access-control-allow-origin"));
}

#[actix_web::test]
async fn r55_a_page_on_the_list_may_read_every_answer_with_credentials() {
    for (path, expected) in [("/session", 200), ("/nowhere", 404), ("/auth", 500)] {
        let (status, headers, _) = ask(HTTPS, TestRequest::with_uri(path).insert_header(("origin", PAGE))).await;
        assert_eq!(status, expected);
        assert_eq!(text(&headers, "access-control-allow-origin"), PAGE, "{path}");
        assert_eq!(text(&headers, "access-control-allow-credentials"), "true");
        assert!(text(&headers, "access-control-expose-headers").contains("X-Development-Session"));
        assert!(headers.get_all("vary").any(|vary| vary == "Origin"));
    }
}

#[actix_web::test]
async fn r55_any_other_page_may_read_nothing() {
    for origin in ["https://evil.example", "null", "https://app.example.evil.example", "https://APP.example"] {
        let (status, headers, _) =
            ask(HTTPS, TestRequest::with_uri("/session").insert_header(("origin", origin))).await;
        assert_eq!(status, 200);
        assert!(!headers.contains_key("access-control-allow-origin"), "{origin}");
        assert!(!headers.contains_key("access-control-allow-credentials"), "{origin}");
        assert!(headers.get_all("vary").any(|vary| vary == "Origin"));
    }
}

fn preflight(origin: &'static str) -> TestRequest {
    TestRequest::with_uri("/me")
        .method(Method::OPTIONS)
        .insert_header(("origin", origin))
        .insert_header(("access-control-request-method", "PATCH"))
        .insert_header(("access-control-request-headers", "content-type"))
}

#[actix_web::test]
async fn r55_a_preflight_is_answered_for_pages_on_the_list_only() {
    let (status, headers, _) = ask(HTTPS, preflight(PAGE)).await;
    assert_eq!(status, 204);
    assert_eq!(text(&headers, "access-control-allow-origin"), PAGE);
    assert_eq!(text(&headers, "access-control-allow-credentials"), "true");
    assert_eq!(text(&headers, "access-control-allow-methods"), "GET, POST, PATCH, PUT, DELETE");
    for header in ["content-type", "authorization", "if-match", "if-none-match"] {
        let allowed = text(&headers, "access-control-allow-headers");
        assert!(allowed.split(", ").any(|allowed| allowed == header), "{header}");
    }

    let (status, headers, _) = ask(HTTPS, preflight("https://evil.example")).await;
    assert_eq!(status, 403);
    assert!(!headers.contains_key("access-control-allow-methods"));
}

#[actix_web::test]
async fn r55_no_page_of_another_origin_reads_the_development_mailbox() {
    for path in ["/dev/mailbox", "/dev/mailbox/1"] {
        let request = TestRequest::with_uri(path).insert_header(("origin", PAGE));
        let (_, headers, _) = ask(HTTPS, request).await;
        assert!(!headers.contains_key("access-control-allow-origin"), "{path}");
        assert_eq!(text(&headers, "cross-origin-resource-policy"), "same-origin");
    }
    let (_, headers, _) = ask(HTTPS, TestRequest::with_uri("/session").insert_header(("origin", PAGE))).await;
    assert_eq!(text(&headers, "access-control-allow-origin"), PAGE);
}
