//! One extractor, three ways to write the same.

use super::*;
use crate::body::testing;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const MULTIPART: &str = "multipart/form-data; boundary=B";

async fn read_as(content_type: &str, body: impl Into<Bytes>) -> Result<Fields, BodyError> {
    let (request, payload) = testing::request(Some(content_type), body);
    Fields::read(&request, payload).await
}

async fn read_with_file(body: impl Into<Bytes>) -> Result<Fields, BodyError> {
    let (request, payload) = testing::request(Some(MULTIPART), body);
    Fields::read_with_file(&request, payload).await
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
async fn the_same_fields_come_out_of_all_three() {
    let parts = [part("name=\"first_name\"", "Jöhn"), part("name=\"remove_profile_picture\"", "true")];
    for (content_type, body) in [
        (FORM, "first_name=J%C3%B6hn&remove_profile_picture=true".to_owned()),
        (JSON, r#"{"first_name":"Jöhn","remove_profile_picture":true}"#.to_owned()),
        (MULTIPART, multipart(&parts)),
    ] {
        let fields = read_as(content_type, body).await.unwrap();
        assert_eq!(fields.text("first_name"), Ok(set("Jöhn")), "{content_type}");
        assert_eq!(fields.boolean("remove_profile_picture"), Ok(Change::Set(true)));
        assert_eq!(fields.text("last_name"), Ok(Change::Keep));
    }
}

#[actix_web::test]
async fn no_body_is_no_fields_with_or_without_a_content_type() {
    for content_type in [None, Some(FORM), Some(JSON), Some(MULTIPART), Some("text/plain")] {
        let (request, payload) = testing::request(content_type, "");
        assert!(Fields::read(&request, payload).await.unwrap().values.is_empty(), "{content_type:?}");
    }
}

#[actix_web::test]
async fn r53_a_body_of_another_kind_is_not_read() {
    for content_type in ["text/plain", "application/xml", "multipart/mixed; boundary=B"] {
        assert_eq!(read_as(content_type, "a=b").await.unwrap_err(), BodyError::MediaType, "{content_type}");
    }
    let (request, payload) = testing::request(None, "a=b");
    assert_eq!(Fields::read(&request, payload).await.unwrap_err(), BodyError::MediaType);
    for (content_type, body) in [(FORM, "a=b"), (JSON, "{}")] {
        let latin = format!("{content_type}; charset=iso-8859-1");
        assert_eq!(read_as(&latin, body).await.unwrap_err(), BodyError::MediaType, "{latin}");
        read_as(&format!("{content_type}; charset=UTF-8"), body).await.unwrap();
    }
}

#[actix_web::test]
async fn a_form_is_decoded_as_browsers_encode_it() {
    let fields = read_as(FORM, "&first_name=Ada+L%2B&&last_name&username=a=b%&%63ode=%zz").await.unwrap();
    for (name, expected) in [("first_name", "Ada L+"), ("last_name", ""), ("username", "a=b%"), ("code", "%zz")] {
        assert_eq!(fields.text(name), Ok(set(expected)), "{name}");
    }
}

#[actix_web::test]
async fn r67_a_value_that_came_twice_is_nobodys_to_choose() {
    let fields = read_as(FORM, "username=jane&username=joe").await.unwrap();
    assert_eq!(fields.text("username"), Err(FieldError::Repeated("username")));
    assert_eq!(
        read_as(JSON, r#"{"username":"jane","username":"joe"}"#).await.unwrap_err().to_string(),
        "the body cannot be read: the same key twice in one object at line 1 column 36"
    );
}

#[actix_web::test]
async fn r67_brackets_mean_nothing() {
    let fields = read_as(FORM, "codes[999999999]=1&a[b]=2").await.unwrap();
    assert_eq!(fields.text("codes"), Ok(Change::Keep));
    assert_eq!(fields.text("a"), Ok(Change::Keep));
}

#[actix_web::test]
async fn null_clears_and_the_empty_text_is_a_text() {
    let fields = read_as(JSON, r#"{"username":null,"first_name":""}"#).await.unwrap();
    assert_eq!(fields.text("username"), Ok(Change::Clear));
    assert_eq!(fields.text("first_name"), Ok(set("")));
}

#[actix_web::test]
async fn a_value_of_another_type_is_an_error_that_names_the_field_only() {
    let fields = read_as(JSON, r#"{"n":1,"b":true,"l":["a"],"o":{},"t":"yes"}"#).await.unwrap();
    for name in ["n", "b", "l", "o"] {
        assert_eq!(fields.text(name), Err(FieldError::Type(name)));
    }
    for name in ["n", "l", "o", "t"] {
        assert_eq!(fields.boolean(name), Err(FieldError::Type(name)));
    }
    assert_eq!(fields.id("n"), Ok(set("1")));
    assert_eq!(fields.id("b"), Err(FieldError::Type("b")));
    assert_eq!(read_as(JSON, "[1]").await.unwrap_err(), BodyError::Malformed("not a JSON object".to_owned()));
}

#[actix_web::test]
async fn an_id_as_a_json_number_keeps_all_its_digits() {
    let fields = read_as(JSON, r#"{"primary_email_address_id":123456789012345678}"#).await.unwrap();
    assert_eq!(fields.id("primary_email_address_id"), Ok(set("123456789012345678")));
}

#[actix_web::test]
async fn a_file_is_taken_apart_from_the_fields() {
    let body = multipart(&[
        part("name=\"image\"; filename=\"a.png\"\r\nContent-Type: image/png", "\u{89}PNG"),
        part("name=\"empty\"; filename=\"\"", ""),
        part("name=\"two\"; filename=\"x\"", "1"),
        part("name=\"two\"; filename=\"y\"", "2"),
    ]);
    let fields = read_as(MULTIPART, body).await.unwrap();
    let upload = fields.upload("image").unwrap().unwrap();
    assert_eq!((upload.content_type.as_deref(), &upload.bytes[..]), (Some("image/png"), "\u{89}PNG".as_bytes()));
    assert_eq!(fields.text("image"), Ok(Change::Keep));
    assert!(fields.upload("empty").unwrap().is_none());
    assert!(fields.upload("missing").unwrap().is_none());
    assert_eq!(fields.upload("two").unwrap_err(), FieldError::Repeated("two"));
}

#[actix_web::test]
async fn r84_parts_fields_keys_and_sizes_have_limits() {
    let parts = |count: usize| multipart(&vec![part("name=\"a\"", "x"); count]);
    read_as(MULTIPART, parts(20)).await.unwrap();
    assert_eq!(read_as(MULTIPART, parts(21)).await.unwrap_err(), BodyError::TooLarge);

    let pairs = |count: usize| vec!["a=b"; count].join("&");
    read_as(FORM, pairs(1000)).await.unwrap();
    assert_eq!(read_as(FORM, pairs(1001)).await.unwrap_err(), BodyError::TooLarge);

    read_as(FORM, format!("{}=1", "k".repeat(128))).await.unwrap();
    assert_eq!(read_as(FORM, format!("{}=1", "k".repeat(129))).await.unwrap_err(), BodyError::TooLarge);

    assert_eq!(read_as(FORM, vec![b'a'; 256 * 1024 + 1]).await.unwrap_err(), BodyError::TooLarge);
    assert_eq!(read_as(MULTIPART, vec![b'a'; 256 * 1024 + 1]).await.unwrap_err(), BodyError::TooLarge);
    assert_eq!(read_with_file(vec![b'a'; 6 * 1024 * 1024 + 1]).await.unwrap_err(), BodyError::TooLarge);

    let half = part("name=\"a\"", &"x".repeat(200 * 1024));
    assert_eq!(read_with_file(multipart(&[half.clone(), half])).await.unwrap_err(), BodyError::TooLarge);
    let file = part("name=\"a\"; filename=\"f\"", &"x".repeat(5 * 1024 * 1024));
    assert_eq!(read_with_file(multipart(&[file])).await.unwrap().upload("a").unwrap().unwrap().bytes.len(), 5 << 20);
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
        let error = read_as(content_type, body.to_vec()).await.unwrap_err();
        assert!(matches!(error, BodyError::Malformed(_)), "{content_type}: {error:?}");
    }
}
