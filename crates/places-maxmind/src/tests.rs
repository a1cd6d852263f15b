//! Look-ups in a small file that is written here, by the specification of the format.

use std::fs;

use super::*;

/// A value of the data section.
enum Value {
    Text(&'static str),
    /// Of a type: 5, 6 and 9 are integers of 16, 32 and 64 bits.
    Unsigned(u8, u8),
    Map(Vec<(&'static str, Value)>),
    Array(Vec<Value>),
}

use Value::{Array, Map, Text, Unsigned};

/// The control byte: the type, and a size below 29.
fn control(kind: u8, size: usize) -> Vec<u8> {
    let size = u8::try_from(size).unwrap();
    assert!(size < 29);
    if kind < 8 { vec![kind << 5 | size] } else { vec![size, kind - 7] }
}

fn text(text: &str) -> Vec<u8> {
    [control(2, text.len()), text.as_bytes().to_vec()].concat()
}

fn written(value: &Value) -> Vec<u8> {
    match value {
        Text(value) => text(value),
        Unsigned(kind, number) => [control(*kind, 1), vec![*number]].concat(),
        Map(members) => {
            let members = members.iter().flat_map(|(key, value)| [text(key), written(value)].concat());
            control(7, 0)
                .into_iter()
                .map(|byte| byte | u8::try_from(members_of(value)).unwrap())
                .chain(members)
                .collect()
        }
        Array(values) => [control(11, values.len()), values.iter().flat_map(written).collect()].concat(),
    }
}

fn members_of(value: &Value) -> usize {
    if let Map(members) = value { members.len() } else { 0 }
}

/// A file in which the first half of IPv4 is at this place, and the second half nowhere.
fn file(place: &Value) -> Vec<u8> {
    const NODES: u32 = 1;
    // One node of two records of 24 bits: the data behind the tree and its 16 zero bytes, and the mark of nothing.
    let record = |number: u32| number.to_be_bytes()[1..].to_vec();
    let tree = [record(NODES + 16), record(NODES)].concat();
    let metadata = Map(vec![
        ("node_count", Unsigned(6, 1)),
        ("record_size", Unsigned(5, 24)),
        ("ip_version", Unsigned(5, 4)),
        ("database_type", Text("Test-City")),
        ("binary_format_major_version", Unsigned(5, 2)),
        ("binary_format_minor_version", Unsigned(5, 0)),
        ("build_epoch", Unsigned(9, 1)),
        ("languages", Array(vec![Text("en"), Text("de")])),
        ("description", Map(vec![("en", Text("test"))])),
    ]);
    [tree, vec![0; 16], written(place), b"\xAB\xCD\xEFMaxMind.com".to_vec(), written(&metadata)].concat()
}

fn munich() -> Value {
    Map(vec![
        ("city", Map(vec![("names", Map(vec![("en", Text("Munich")), ("de", Text("München"))]))])),
        ("country", Map(vec![("iso_code", Text("DE")), ("names", Map(vec![("en", Text("Germany"))]))])),
        (
            "subdivisions",
            Array(vec![Map(vec![("iso_code", Text("BY")), ("names", Map(vec![("en", Text("Bavaria"))]))])]),
        ),
    ])
}

fn opened(bytes: Vec<u8>) -> Result<MaxMindPlaces, OpenError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("places.mmdb");
    fs::write(&path, bytes).unwrap();
    MaxMindPlaces::open(&path)
}

fn place(places: &MaxMindPlaces, ip: &str, locale: Option<&str>) -> Option<Place> {
    places.place(ip.parse().unwrap(), locale)
}

#[test]
fn a_place_is_told_in_the_language_of_its_reader_or_in_english() {
    let places = opened(file(&munich())).unwrap();
    let english = Place {
        city: Some("Munich".to_owned()),
        region: Some("Bavaria".to_owned()),
        region_code: Some("BY".to_owned()),
        country: Some("Germany".to_owned()),
        country_code: Some("DE".to_owned()),
    };
    assert_eq!(place(&places, "81.2.69.1", None), Some(english.clone()));
    assert_eq!(place(&places, "81.2.69.1", Some("nl")), Some(english.clone()));
    let german = Place { city: Some("München".to_owned()), ..english };
    assert_eq!(place(&places, "81.2.69.1", Some("de-AT")), Some(german));
}

#[test]
fn an_address_that_is_nowhere_and_one_of_another_kind_have_no_place() {
    let places = opened(file(&munich())).unwrap();
    assert_eq!(place(&places, "198.51.100.1", None), None);
    assert_eq!(place(&places, "2001:db8::1", None), None);
    assert_eq!(place(&opened(file(&Map(vec![]))).unwrap(), "81.2.69.1", None), None);
}

#[test]
fn what_is_no_file_of_places_is_refused_when_it_is_opened() {
    assert!(opened(b"not a database".to_vec()).is_err());
    assert!(MaxMindPlaces::open(Path::new("/nope.mmdb")).is_err());
}
