//! Values: they read back unchanged, to the byte and the millisecond, on every database.

use chrono::Duration;
use selfsame_domain::{Attributes, AuditHead, Instant, Meter, Picture, User, UserId, WriteBudgets, id::Id as _};
use selfsame_ports::Storage;
use serde_json::{Value, json};

use super::{
    sign_ins::stored_sign_in,
    support::{account, read, unit},
};
use crate::builders::{a_user, t0};

fn through(storage: &dyn Storage, user: &User) -> User {
    unit(storage, |unit| unit.accounts().insert(user));
    account(storage, user.id).expect("the account is there")
}

/// The attributes after they were stored; every way to read them agrees on them, to the text.
fn attributes_through(storage: &dyn Storage, attributes: &Attributes) -> Attributes {
    let user = a_user().stored_in(storage);
    let sign_in = stored_sign_in(storage, &user);
    unit(storage, |unit| unit.accounts().save_attributes(user.id, attributes));
    let in_unit = unit(storage, |unit| unit.accounts().attributes(user.id));
    let state = read(storage, |queries| queries.sign_in(user.id, sign_in.id, true));
    let asked_for = state.and_then(|state| state.attributes).expect("the attributes come along");
    assert_eq!(text(&asked_for), text(&in_unit));
    in_unit
}

fn object(value: Value) -> Attributes {
    let Value::Object(map) = value else { panic!("attributes are a JSON object") };
    Attributes(map)
}

fn text(attributes: &Attributes) -> String {
    serde_json::to_string(&attributes.0).unwrap()
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
    let attributes = object(json!({
        "texts": texts,
        "keys": keyed,
        "numbers": [0, -1, i64::MIN, i64::MAX, u64::MAX, 0.1, -2.5, 1e-7, 1.5e300, 5e-324, 1.0],
        "others": [null, true, false, [], {}, [[[]]], {"a": {"b": {"c": null}}}],
    }));
    let read_back = attributes_through(storage, &attributes);
    assert_eq!(read_back, attributes);
    // 1.0 and 1 are equal numbers and different texts: an entity tag is made of the text.
    let numbers = |attributes: &Attributes| attributes.0["numbers"].to_string();
    assert_eq!(numbers(&read_back), numbers(&attributes));
}

pub fn r66_numbers_read_back_as_they_were_taken_in(storage: &dyn Storage) {
    let json = r#"{"numbers": [-0.0, -0, 0, 1e15, 1e16, 1.0E+16, 1.2345678901234567e18, 1.8446744073709550e19, -9.2e18,
        9007199254740993.0, 18446744073709551615, -9223372036854775808, 0.30000000000000004, 2.2250738585072014e-308]}"#;
    let attributes = Attributes::parse(json).unwrap();
    assert_eq!(text(&attributes_through(storage, &attributes)), text(&attributes));
}

pub fn r66_attributes_of_64_kib_and_depth_32_are_kept(storage: &dyn Storage) {
    let deep = (1..32).fold(json!({}), |inner, _| json!({ "a": inner }));
    let wide = json!({ "wide": vec!["x".repeat(16_000); 4] });
    for attributes in [deep, wide].map(object) {
        assert_eq!(attributes_through(storage, &attributes), attributes);
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
            frozen_at: Some(instant + Duration::milliseconds(11)),
            ..a_user().build()
        };
        assert_eq!(through(storage, &user), user);
    }
}

pub fn ids_of_53_bits_are_kept(storage: &dyn Storage) {
    for number in [1, (1 << 53) - 1] {
        let user = User::new(UserId::from_number(number), t0());
        assert_eq!(through(storage, &user).id.number(), number);
    }
}

pub fn counts_and_meters_are_kept_whatever_they_have_come_to(storage: &dyn Storage) {
    for number in [0, (1 << 53) + 1, i64::MAX] {
        let meter = Meter::from_stored(number);
        let user = User {
            version: number,
            credential_epoch: number,
            sign_in_count: number,
            audit_head: AuditHead { sequence: number, mac: [0xFF; 32] },
            write_budgets: WriteBudgets {
                changes: meter,
                audit_bytes: Meter::from_stored(-1),
                phone_notices: meter,
                email_notices: meter,
                password_notices: meter,
                sign_in_notices: meter,
            },
            ..a_user().build()
        };
        assert_eq!(through(storage, &user), user);
    }
}
