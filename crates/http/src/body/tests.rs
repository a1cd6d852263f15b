//! Tests of the reader: JSON, forms and multipart.

use actix_web::web::Bytes;
use selfsame_domain::{Change, Violations};

use super::*;

const TYPES: &[&str] = &["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const MULTIPART: &str = "multipart/form-data; boundary=B";

async fn received(content_type: Option<&str>, body: impl Into<Bytes>) -> Result<Content, BodyError> {
    let (request, payload) = testing::request(content_type, body);
    Content::receive(&request, payload, None, TYPES, Style::Form).await
}

/// Receives and parses a body.
async fn read_as(content_type: &str, body: impl Into<Bytes>) -> Result<Content, BodyError> {
    let body = received(Some(content_type), body).await?;
    body.members()?;
    Ok(body)
}

async fn read_with_file(body: impl Into<Bytes>) -> Result<Content, BodyError> {
    let (request, payload) = testing::request(Some(MULTIPART), body);
    let body = Content::receive(&request, payload, Some("a"), TYPES, Style::Form).await?;
    body.members()?;
    Ok(body)
}

/// The error of a body.
fn error(body: Result<Content, BodyError>) -> BodyError {
    body.err().unwrap()
}

/// A value of a body, or its first problem.
fn get<T>(body: &Content, read: impl FnOnce(&mut Members<'_>) -> T) -> Result<T, MemberProblem> {
    let mut members = body.members().unwrap();
    let value = read(&mut members);
    members.finish(value, |_| Violations::default()).map_err(|invalid| invalid.members[0].problem.clone())
}

fn text(body: &Content, name: &str) -> Result<Change<String>, MemberProblem> {
    get(body, |members| members.text(name))
}

fn part(headers: &str, body: &str) -> String {
    format!("--B\r\nContent-Disposition: form-data; {headers}\r\n\r\n{body}\r\n")
}

fn multipart(parts: &[String]) -> String {
    format!("{}--B--\r\n", parts.concat())
}

fn set(text: &str) -> Change<String> {
    Change::Set(text.to_owned())
}

#[actix_web::test]
async fn the_same_members_come_out_of_all_three() {
    let parts = [part("name=\"first_name\"", "Jöhn"), part("name=\"remove_profile_picture\"", "true")];
    for (content_type, body) in [
        (FORM, "first_name=J%C3%B6hn&remove_profile_picture=true".to_owned()),
        (JSON, r#"{"first_name":"Jöhn","remove_profile_picture":true}"#.to_owned()),
        (JSON, r#"{"first_name":"Jöhn","remove_profile_picture":"true"}"#.to_owned()),
        (MULTIPART, multipart(&parts)),
    ] {
        let body = read_as(content_type, body).await.unwrap();
        assert_eq!(text(&body, "first_name"), Ok(set("Jöhn")), "{content_type}");
        assert_eq!(get(&body, |members| members.boolean("remove_profile_picture")), Ok(Some(true)));
        assert_eq!(text(&body, "last_name"), Ok(Change::Keep));
    }
}

#[actix_web::test]
async fn no_body_has_no_members_with_or_without_a_content_type() {
    for content_type in [None, Some(FORM), Some(JSON), Some(MULTIPART), Some("text/plain")] {
        let body = received(content_type, "").await.unwrap();
        assert_eq!(text(&body, "first_name"), Ok(Change::Keep), "{content_type:?}");
    }
}

#[actix_web::test]
async fn r53_a_body_of_another_content_type_is_not_read() {
    for content_type in ["text/plain", "application/xml", "multipart/mixed; boundary=B"] {
        assert_eq!(error(read_as(content_type, "a=b").await), BodyError::MediaType, "{content_type}");
    }
    assert_eq!(error(received(None, "a=b").await), BodyError::MediaType);
    for (content_type, body) in [(FORM, "a=b"), (JSON, "{}")] {
        let latin = format!("{content_type}; charset=iso-8859-1");
        assert_eq!(error(read_as(&latin, body).await), BodyError::MediaType, "{latin}");
        read_as(&format!("{content_type}; charset=UTF-8"), body).await.unwrap();
    }
}

#[actix_web::test]
async fn a_form_is_decoded_as_browsers_encode_it() {
    let body = read_as(FORM, "&first_name=Ada+L%2B&&last_name&username=a=b%&%63ode=%zz").await.unwrap();
    for (name, expected) in [("first_name", "Ada L+"), ("last_name", ""), ("username", "a=b%"), ("code", "%zz")] {
        assert_eq!(text(&body, name), Ok(set(expected)), "{name}");
    }
}

#[actix_web::test]
async fn r67_of_a_member_that_came_twice_no_value_is_chosen() {
    let body = read_as(FORM, "username=jane&username=joe").await.unwrap();
    assert_eq!(text(&body, "username"), Err(MemberProblem::Repeated));
    let twice = read_as(JSON, r#"{"username":"jane","username":"joe"}"#).await;
    assert_eq!(error(twice), BodyError::Malformed(Malformed::RepeatedMember));
}

#[actix_web::test]
async fn r67_brackets_have_no_meaning() {
    let body = read_as(FORM, "codes[999999999]=1&a[b]=2").await.unwrap();
    assert_eq!(text(&body, "codes"), Ok(Change::Keep));
    assert_eq!(text(&body, "a"), Ok(Change::Keep));
}

#[actix_web::test]
async fn null_clears_and_the_empty_text_is_a_text() {
    let body = read_as(JSON, r#"{"username":null,"first_name":""}"#).await.unwrap();
    assert_eq!(text(&body, "username"), Ok(Change::Clear));
    assert_eq!(text(&body, "first_name"), Ok(set("")));
}

#[actix_web::test]
async fn in_a_form_what_is_required_must_not_be_empty_and_what_is_optional_may_be_blank() {
    for (content_type, body) in [(FORM, "empty=&blank=+"), (JSON, r#"{"empty":"","blank":" ","null":null}"#)] {
        let body = read_as(content_type, body).await.unwrap();
        for name in ["empty", "null", "absent"] {
            assert_eq!(get(&body, |members| members.required_text(name)), Err(MemberProblem::Missing), "{name}");
        }
        assert_eq!(get(&body, |members| members.required_text("blank")), Ok(" ".to_owned()));
        for name in ["empty", "blank", "null", "absent"] {
            assert_eq!(get(&body, |members| members.optional_text(name)), Ok(None), "{name}");
        }
    }
}

#[actix_web::test]
async fn a_value_of_another_type_is_wrong() {
    let body = read_as(JSON, r#"{"n":1,"b":true,"l":["a"],"o":{},"t":"yes"}"#).await.unwrap();
    for name in ["n", "b", "l", "o"] {
        assert_eq!(text(&body, name), Err(MemberProblem::Type(MemberType::Text)), "{name}");
    }
    for name in ["n", "l", "o", "t"] {
        assert_eq!(
            get(&body, |members| members.boolean(name)),
            Err(MemberProblem::Type(MemberType::Boolean)),
            "{name}"
        );
    }
    assert_eq!(get(&body, |members| members.id("n")), Ok(set("1")));
    assert_eq!(get(&body, |members| members.id("b")), Err(MemberProblem::Type(MemberType::Text)));
    assert_eq!(error(read_as(JSON, "[1]").await), BodyError::Malformed(Malformed::NotAnObject));
}

#[actix_web::test]
async fn an_id_as_a_json_number_keeps_all_its_digits() {
    let body = read_as(JSON, r#"{"primary_email_address_id":123456789012345678}"#).await.unwrap();
    assert_eq!(get(&body, |members| members.id("primary_email_address_id")), Ok(set("123456789012345678")));
}

#[actix_web::test]
async fn a_file_is_read_apart_from_the_texts() {
    let body = multipart(&[
        part("name=\"image\"; filename=\"a.png\"\r\nContent-MemberType: image/png", "\u{89}PNG"),
        part("name=\"empty\"; filename=\"\"", ""),
        part("name=\"two\"; filename=\"x\"", "1"),
        part("name=\"two\"; filename=\"y\"", "2"),
    ]);
    let body = read_as(MULTIPART, body).await.unwrap();
    let upload = |name| get(&body, |members| members.required_upload(name));
    assert_eq!(upload("image"), Ok("\u{89}PNG".as_bytes().to_vec()));
    assert_eq!(text(&body, "image"), Ok(Change::Keep));
    assert_eq!(upload("empty"), Err(MemberProblem::Missing));
    assert_eq!(upload("missing"), Err(MemberProblem::Missing));
    assert_eq!(upload("two"), Err(MemberProblem::Repeated));
}

#[actix_web::test]
async fn a_file_needs_no_readable_file_name_nor_one_at_all() {
    let file = |headers: &[u8]| {
        let disposition: &[u8] = b"--B\r\nContent-Disposition: form-data; name=\"image\"";
        [disposition, headers, b"\r\n\r\n\x89PNG\r\n--B--\r\n"].concat()
    };
    for headers in [
        &b"; filename=\"\xe9t\xe9.png\""[..],
        b"; filename*=ISO-8859-1''%E9t%E9.png",
        b";filename=\"\"",
        b"; FileName=a.png",
        b"\r\nContent-Type: image/png",
        b"\r\nContent-Type: application/octet-stream",
    ] {
        let body = read_with_file(file(headers)).await.unwrap();
        let upload = get(&body, |members| members.required_upload("image"));
        assert_eq!(upload, Ok(b"\x89PNG".to_vec()), "{}", headers.escape_ascii());
    }
    let typed_text = part("name=\"a\"\r\nContent-Type: text/plain; charset=UTF-8", "x");
    let body = read_as("multipart/form-data ;boundary=\"B\"", multipart(&[typed_text])).await.unwrap();
    assert_eq!(text(&body, "a"), Ok(set("x")));
}

#[actix_web::test]
async fn r84_parts_members_names_and_sizes_have_limits() {
    let parts = |count: usize| multipart(&vec![part("name=\"a\"", "x"); count]);
    read_as(MULTIPART, parts(20)).await.unwrap();
    assert_eq!(error(read_as(MULTIPART, parts(21)).await), BodyError::TooLarge);

    let pairs = |count: usize| vec!["a=b"; count].join("&");
    read_as(FORM, pairs(1000)).await.unwrap();
    assert_eq!(error(read_as(FORM, pairs(1001)).await), BodyError::TooLarge);
    let object =
        |count: usize| format!("{{{}}}", (0..count).map(|n| format!("\"{n}\":0")).collect::<Vec<_>>().join(","));
    read_as(JSON, object(1000)).await.unwrap();
    assert_eq!(error(read_as(JSON, object(1001)).await), BodyError::TooLarge);

    read_as(FORM, format!("{}=1", "k".repeat(128))).await.unwrap();
    assert_eq!(error(read_as(FORM, format!("{}=1", "k".repeat(129))).await), BodyError::TooLarge);

    assert_eq!(error(read_as(FORM, vec![b'a'; 256 * 1024 + 1]).await), BodyError::TooLarge);
    assert_eq!(error(read_as(MULTIPART, vec![b'a'; 256 * 1024 + 1]).await), BodyError::TooLarge);
    assert_eq!(error(read_with_file(vec![b'a'; 13 * 1024 * 1024 + 1]).await), BodyError::TooLarge);

    let half = part("name=\"a\"", &"x".repeat(200 * 1024));
    assert_eq!(error(read_with_file(multipart(&[half.clone(), half])).await), BodyError::TooLarge);
    let file = part("name=\"a\"; filename=\"f\"", &"x".repeat(12 * 1024 * 1024));
    let body = read_with_file(multipart(&[file])).await.unwrap();
    assert_eq!(get(&body, |members| members.required_upload("a")).unwrap().len(), 12 << 20);
}

#[actix_web::test]
async fn r84_of_a_json_body_only_the_member_with_the_picture_may_be_large() {
    let read = async |body: String| {
        let (request, payload) = testing::request(Some(JSON), body);
        let body = Content::receive(&request, payload, Some("picture"), TYPES, Style::Json).await?;
        body.members().map(drop)
    };
    let with = |name: &str, kib: usize| format!(r#"{{"name":"Ada","{name}":"{}"}}"#, "x".repeat(kib << 10));
    assert_eq!(read(with("picture", 16 << 10)).await, Ok(()));
    assert_eq!(read(with("picture", 17 << 10)).await, Err(BodyError::TooLarge));
    assert_eq!(read(with("bio", 255)).await, Ok(()));
    assert_eq!(read(with("bio", 256)).await, Err(BodyError::TooLarge));
    let many = (0..1000).map(|n| format!(r#""{n}":"{}""#, "x".repeat(300))).collect::<Vec<_>>().join(",");
    assert_eq!(read(format!("{{{many}}}")).await, Err(BodyError::TooLarge), "together");
}

#[actix_web::test]
async fn what_is_not_what_its_content_type_says_is_malformed() {
    for (content_type, body) in [
        (JSON, &b"{"[..]),
        (FORM, b"first_name=J\xf6hn"),
        (FORM, b"first_name=J%F6hn"),
        (FORM, b"%FF=x"),
        (MULTIPART, b"not multipart"),
        (MULTIPART, b"--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut off"),
        (MULTIPART, b"--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--B--\r\n"),
        ("multipart/form-data", b"no boundary"),
    ] {
        let error = error(read_as(content_type, body.to_vec()).await);
        assert!(matches!(error, BodyError::Malformed(_)), "{content_type}: {error:?}");
    }
}
