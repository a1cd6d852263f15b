//! Values: what goes in comes out, byte for byte and millisecond for millisecond, on every database.

use chrono::Duration;
use selfsame_domain::{Attributes, Instant, Picture, User, id::Id as _};
use selfsame_ports::Storage;
use serde_json::{Value, json};

use super::support::{read, unit};
use crate::builders::{a_user, t0};

fn through(storage: &dyn Storage, user: &User) -> User {
    unit(storage, |unit| unit.users().insert(user));
    let read_back = read(storage, |queries| queries.user(user.id));
    read_back.expect("the account is there")
}

/// Texts that a careless database changes, cuts or refuses.
const TEXTS: [&str; 10] = [
    "",
    " padded ",
    "O'Brien; DROP TABLE users; --",
    "\"double\" \\ back\\slash \\u0041 %s {} $1 ?",
    "line\nbreak\r\n\ttab",
    "Zoe\u{308} is not Zo\u{eb}",
    "🦀👩‍👩‍👧‍👦 \u{10FFFF}\u{FFFD}",
    "שלום \u{200F}مرحبا",
    "ﬁ İ ı ß ẞ K",
    "null",
];

pub fn texts_keep_every_byte(storage: &dyn Storage) {
    let long = "é".repeat(20_000);
    for text in TEXTS.into_iter().chain([long.as_str()]) {
        let user = User {
            given_name: Some(text.to_owned()),
            picture: Some(Picture::Link(format!("https://example.com/{text}"))),
            ..a_user().build()
        };
        assert_eq!(through(storage, &user), user);
    }
}

pub fn the_empty_text_is_not_the_absent_one(storage: &dyn Storage) {
    let user = User { name: Some(String::new()), family_name: None, ..a_user().build() };
    let read_back = through(storage, &user);
    assert_eq!((read_back.name, read_back.family_name), (Some(String::new()), None));
}

pub fn r66_attributes_keep_texts_numbers_and_structure(storage: &dyn Storage) {
    let texts: Value = TEXTS.into();
    let keyed: Value = TEXTS.iter().map(|text| ((*text).to_owned(), json!(1))).collect();
    let object = json!({
        "texts": texts,
        "keys": keyed,
        "numbers": [0, -1, i64::MIN, i64::MAX, u64::MAX, 0.1, -2.5, 1e-7, 1.5e300, 5e-324, 1.0],
        "others": [null, true, false, [], {}, [[[]]], {"a": {"b": {"c": null}}}],
    });
    let user = a_user().with_attributes(object).build();
    let read_back = through(storage, &user);
    assert_eq!(read_back.attributes, user.attributes);
    // 1.0 and 1 are equal numbers and different texts: an entity tag is made of the text.
    let numbers = |user: &User| user.attributes.0["numbers"].to_string();
    assert_eq!(numbers(&read_back), numbers(&user));
}

pub fn r66_numbers_read_back_as_they_were_taken_in(storage: &dyn Storage) {
    let json = r#"{"numbers": [-0.0, -0, 0, 1e15, 1e16, 1.0E+16, 1.2345678901234567e18, 1.8446744073709550e19, -9.2e18,
        9007199254740993.0, 18446744073709551615, -9223372036854775808, 0.30000000000000004, 2.2250738585072014e-308]}"#;
    let user = User { attributes: Attributes::parse(json).unwrap(), ..a_user().build() };
    let numbers = |user: &User| user.attributes.0["numbers"].to_string();
    assert_eq!(numbers(&through(storage, &user)), numbers(&user));
}

pub fn r66_attributes_of_64_kib_and_depth_32_are_kept(storage: &dyn Storage) {
    let deep = (1..32).fold(json!({}), |inner, _| json!({ "a": inner }));
    let wide = json!({ "wide": vec!["x".repeat(16_000); 4] });
    for object in [deep, wide] {
        let user = a_user().with_attributes(object).build();
        assert_eq!(through(storage, &user), user);
    }
}

pub fn instants_keep_their_milliseconds(storage: &dyn Storage) {
    let at = |text: &str| text.parse::<Instant>().unwrap();
    for instant in [
        at("2026-03-29T00:59:59.999Z"),
        at("2026-03-29T01:00:00.001Z"),
        at("2026-12-31T23:59:59Z"),
        at("2028-02-29T12:00:00.010Z"),
        at("2999-12-31T23:59:59.999Z"),
    ] {
        let user = User {
            created_at: instant,
            updated_at: instant + Duration::milliseconds(1),
            password_changed_at: Some(instant + Duration::milliseconds(2)),
            disabled_at: Some(instant + Duration::milliseconds(10)),
            ..a_user().build()
        };
        assert_eq!(through(storage, &user), user);
    }
}

pub fn ids_of_53_bits_are_kept(storage: &dyn Storage) {
    for number in [1, (1 << 53) - 1] {
        let user = User::new(selfsame_domain::UserId::from_number(number), t0());
        assert_eq!(through(storage, &user).id.number(), number);
    }
}
