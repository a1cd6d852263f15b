//! The examples of the published contracts, as printed there.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use reqwest::blocking::Client;

use super::Curl;

const WACHT_POST_ME: &str = r"curl --request POST \
  --url https://api.wacht.dev/me \
  --header 'Content-Type: application/x-www-form-urlencoded' \
  --cookie session_id= \
  --data first_name=John \
  --data last_name=Doe \
  --data username=johndoe \
  --data primary_email_address_id=123456789012345678 \
  --data primary_phone_number_id=987654321098765432 \
  --data second_factor_policy=enforced \
  --data remove_profile_picture=false
{
";

const WACHT_PATCH_ME: &str = r#"curl --request PATCH \
--url https://{deploymentHost}/me \
--header 'Content-Type: application/json' \
--data '{
"first_name": "Jane",
"last_name": "Smith"
}'
{
"status": 200,
"#;

const RIVERGEN_PROFILE: &str = r#"curl -X PUT https://api.rivergen.com/api/v1/auth/me/profile \
-H "Authorization: Bearer <access_token>" \
-H "Content-Type: application/json" \
-d '{
"display_name": "Jane Smith",
"profile_image_url": "https://example.com/avatar.jpg",
"profile": {
"bio": "Software developer"
}
}'
Related Endpoints
"#;

fn header<'a>(curl: &'a Curl, name: &str) -> Vec<&'a str> {
    let fields = curl.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    fields.map(|(_, value)| value.as_str()).collect()
}

#[test]
fn a_form_example_is_one_body_joined_by_ampersands() {
    let curl = Curl::parse(WACHT_POST_ME);
    assert_eq!((curl.method.as_str(), curl.url.as_str()), ("POST", "https://api.wacht.dev/me"));
    assert_eq!(header(&curl, "content-type"), ["application/x-www-form-urlencoded"]);
    assert_eq!(header(&curl, "cookie"), ["session_id="]);
    assert_eq!(
        curl.body.unwrap(),
        "first_name=John&last_name=Doe&username=johndoe&primary_email_address_id=123456789012345678\
         &primary_phone_number_id=987654321098765432&second_factor_policy=enforced&remove_profile_picture=false"
    );
}

#[test]
fn a_json_example_keeps_its_line_breaks_and_ends_before_the_answer() {
    let curl = Curl::parse(WACHT_PATCH_ME);
    assert_eq!((curl.method.as_str(), curl.url.as_str()), ("PATCH", "https://{deploymentHost}/me"));
    assert_eq!(header(&curl, "content-type"), ["application/json"]);
    assert_eq!(curl.body.unwrap(), "{\n\"first_name\": \"Jane\",\n\"last_name\": \"Smith\"\n}");
}

#[test]
fn short_options_double_quotes_and_a_bare_url_are_understood() {
    let curl = Curl::parse(RIVERGEN_PROFILE);
    assert_eq!((curl.method.as_str(), curl.url.as_str()), ("PUT", "https://api.rivergen.com/api/v1/auth/me/profile"));
    assert_eq!(header(&curl, "authorization"), ["Bearer <access_token>"]);
    let body: serde_json::Value = serde_json::from_str(curl.body.as_deref().unwrap()).unwrap();
    assert_eq!(body["profile"]["bio"], "Software developer");
}

#[test]
fn every_command_on_a_page_is_found() {
    let page = [WACHT_PATCH_ME, "some prose about curl and more\n", RIVERGEN_PROFILE].concat();
    let methods: Vec<_> = Curl::all_in(&page).into_iter().map(|curl| curl.method).collect();
    assert_eq!(methods, ["PATCH", "PUT"]);
}

#[test]
fn the_request_is_aimed_elsewhere_and_its_placeholders_filled() {
    let curl = Curl::parse(WACHT_POST_ME)
        .at("http://127.0.0.1:1/")
        .cookie("session_id", "s3cret")
        .cookie("other", "1")
        .replace("123456789012345678", "42")
        .header("content-type", "text/plain");
    assert_eq!(curl.url, "http://127.0.0.1:1/me");
    assert_eq!(header(&curl, "cookie"), ["session_id=s3cret; other=1"]);
    assert_eq!(header(&curl, "Content-Type"), ["text/plain"]);
    assert!(curl.body.as_deref().unwrap().contains("&primary_email_address_id=42&"));

    let curl = Curl::parse(RIVERGEN_PROFILE).bearer("abc");
    assert_eq!(header(&curl, "Authorization"), ["Bearer abc"]);
}

#[test]
fn a_command_without_data_is_a_get_and_one_with_data_a_form_post() {
    let get = Curl::parse("curl https://example.com?a=1");
    assert_eq!((get.method.as_str(), get.body), ("GET", None));
    assert_eq!(Curl::parse("curl https://example.com?a=1").at("http://h").url, "http://h?a=1");
    let post = Curl::parse("curl -d a=1 https://example.com");
    assert_eq!(
        (post.method.as_str(), header(&post, "Content-Type")),
        ("POST", vec!["application/x-www-form-urlencoded"])
    );
}

#[test]
fn quotes_and_backslashes_are_those_of_a_shell() {
    let curl = Curl::parse("curl -d 'it'\\''s \"so\" \\n' -d \"a \\\"b\\\" \\\\ \\n \\\nc\" 'https://h/x y'\n");
    assert_eq!(curl.body.unwrap(), "it's \"so\" \\n&a \"b\" \\ \\n c");
    assert_eq!(curl.url, "https://h/x y");
}

#[test]
#[should_panic(expected = "--compressed is not known")]
fn an_unknown_option_is_not_ignored() {
    Curl::parse("curl --compressed https://example.com");
}

#[test]
#[should_panic(expected = "is not in the curl command")]
fn replacing_what_is_not_there_fails() {
    drop(Curl::parse(WACHT_POST_ME).replace("nowhere", "x"));
}

#[test]
fn what_goes_over_the_wire_is_what_curl_sends() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || answer_one(listener.accept().unwrap().0));
    let response = Curl::parse(WACHT_POST_ME).at(&base).cookie("session_id", "x").send(&Client::new());
    assert_eq!(response.status(), 204);

    let (head, body) = server.join().unwrap();
    assert_eq!(body, Curl::parse(WACHT_POST_ME).body.unwrap().as_bytes());
    let mut fields: Vec<_> = head.iter().map(|line| line.to_ascii_lowercase()).collect();
    assert_eq!(fields.remove(0), "post /me http/1.1");
    fields.sort();
    let host = format!("host: {}", base.trim_start_matches("http://"));
    let length = format!("content-length: {}", body.len());
    let mut expected = vec![
        "accept: */*",
        "content-type: application/x-www-form-urlencoded",
        "cookie: session_id=x",
        "user-agent: curl/8.5.0",
        &host,
        &length,
    ];
    expected.sort_unstable();
    assert_eq!(fields, expected);
}

/// The lines of the head and the body of one request, which is answered with 204.
fn answer_one(mut stream: TcpStream) -> (Vec<String>, Vec<u8>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let head: Vec<String> = reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
    let length =
        head.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    let mut body = vec![0; length.unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
    (head, body)
}
