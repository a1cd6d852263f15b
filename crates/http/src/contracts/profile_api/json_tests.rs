//! Compares the parser with CPython's recorded behaviour, and with `serde_json` for valid JSON.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn echoed(text: &str) -> String {
    serde_json::to_string(&Json::parse(text).unwrap()).unwrap()
}

#[test]
fn a_broken_text_breaks_where_and_how_cpython_says() {
    for (text, problem, position) in [
        (r#"{"a":}"#, "Expecting value", 5),
        ("hello", "Expecting value", 0),
        (" \n ", "Expecting value", 3),
        ("[", "Expecting value", 1),
        ("[1,]", "Expecting value", 3),
        ("-", "Expecting value", 0),
        ("NaN", "Expecting value", 0),
        ("{'a':1}", "Expecting property name enclosed in double quotes", 1),
        ("{a:1}", "Expecting property name enclosed in double quotes", 1),
        ("{", "Expecting property name enclosed in double quotes", 1),
        (r#"{"a":"b",}"#, "Expecting property name enclosed in double quotes", 9),
        (r#"{"a" "b"}"#, "Expecting ':' delimiter", 5),
        (r#"{"a":"b" "c"}"#, "Expecting ',' delimiter", 9),
        (r#"{"first_name": "a""#, "Expecting ',' delimiter", 18),
        (r#"{"a":01}"#, "Expecting ',' delimiter", 6),
        (r#"{"a":1.}"#, "Expecting ',' delimiter", 6),
        ("[1 // one\n]", "Expecting ',' delimiter", 3),
        ("{} {}", "Extra data", 3),
        (r#"{"a":"b"#, "Unterminated string starting at", 5),
        (r#"{"a":"b\"#, "Unterminated string starting at", 5),
        (r#"["\x"]"#, "Invalid \\escape", 2),
        (r#"["\u12"]"#, "Invalid \\uXXXX escape", 3),
        (r#"["\ud800"]"#, "Invalid \\uXXXX escape", 3),
        (r#"["\ud800\u0041"]"#, "Invalid \\uXXXX escape", 3),
        ("[\"a\nb\"]", "Invalid control character at", 3),
    ] {
        assert_eq!(Json::parse(text).unwrap_err(), JsonError::Syntax { problem, position }, "{text}");
    }
}

#[test]
fn a_position_counts_code_points_after_the_byte_order_mark() {
    let at = |text| match Json::parse(text).unwrap_err() {
        JsonError::Syntax { position, .. } => position,
        JsonError::LimitExceeded => panic!("{text}"),
    };
    assert_eq!(at("[\"é😀\" x]"), 6);
    assert_eq!(at("\u{feff}[x]"), 1);
}

#[test]
fn numbers_are_echoed_as_python_writes_them() {
    for (typed, written) in [
        ("31612345678901234567890", "31612345678901234567890"),
        ("-7", "-7"),
        ("1e2", "100.0"),
        ("1e16", "1e+16"),
        ("1e-7", "1e-07"),
        ("1.50", "1.5"),
        ("0.0001", "0.0001"),
        ("-2.5E-10", "-2.5e-10"),
        ("1e400", "1e400"),
    ] {
        assert_eq!(echoed(typed), written);
    }
}

#[test]
fn a_value_is_echoed_compact_unescaped_and_with_the_last_of_two_members() {
    assert_eq!(echoed(r#"{ "a" : "\u00e9\ud83d\ude00\/" , "b":[ ] , "a":{ } }"#), r#"{"a":{},"b":[]}"#);
    assert_eq!(echoed(r#"[ "\u00e9\ud83d\ude00\/", true ]"#), r#"["é😀/",true]"#);
}

#[test]
fn r84_depth_and_digits_are_bounded() {
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    Json::parse(&nested(128)).unwrap();
    assert_eq!(Json::parse(&nested(129)).unwrap_err(), JsonError::LimitExceeded);
    assert_eq!(Json::parse(&"[".repeat(200_000)).unwrap_err(), JsonError::LimitExceeded);
    Json::parse(&"7".repeat(4300)).unwrap();
    assert_eq!(Json::parse(&"7".repeat(4301)).unwrap_err(), JsonError::LimitExceeded);
}

#[test]
fn a_masked_value_keeps_its_shape_and_none_of_its_content() {
    let masked = Json::parse(r#"{"a":"secret","b":1,"c":null,"d":{"e":["secret"]}}"#).unwrap().masked();
    assert_eq!(serde_json::to_string(&masked).unwrap(), r#"{"a":"***","b":"***","c":null,"d":{"e":"***"}}"#);
}

proptest! {
    #[test]
    fn whatever_serde_json_writes_reads_back_the_same(value in value()) {
        let text = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&echoed(&text)).unwrap(), value);
    }

    #[test]
    fn what_is_read_is_what_serde_json_reads(text in r#"[\[\]{}",:\\u0-3abce.+\- é]{0,12}"#) {
        prop_assert_eq!(Json::parse(&text).is_ok(), serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok(), "{}", text);
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}
