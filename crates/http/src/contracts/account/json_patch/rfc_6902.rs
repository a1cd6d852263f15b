//! The engine against RFC 6902, on any document: each operation, the pointers of RFC 6901, the examples of the RFC's appendix,
//! and what other implementations got wrong. Which members of an account may change does not matter here.

use serde_json::{Value, json};

use super::{patched, read};

const CONFLICT: Result<Value, &str> = Err("PATCH_CONFLICT");
const BAD_REQUEST: Result<Value, &str> = Err("BAD_REQUEST");

/// The document after the patch, or the code of the reason.
fn apply(document: &Value, patch: &str) -> Result<Value, &'static str> {
    let operations = read(patch.as_bytes());
    let patched = operations.and_then(|operations| patched(document, &operations, 10_000));
    patched.map_err(|rejection| rejection.reason().code)
}

/// Document, patch, and the document after it or the code of the reason.
type Case = (Value, Value, Result<Value, &'static str>);

fn check(cases: impl IntoIterator<Item = Case>) {
    for (document, patch, expected) in cases {
        assert_eq!(apply(&document, &patch.to_string()), expected, "{patch} on {document}");
    }
}

/// A patch of one operation with a value.
fn with_value(op: &str, path: &str, value: Value) -> Value {
    let mut operation = json!({"op": op, "path": path});
    operation["value"] = value;
    Value::Array(vec![operation])
}

fn add(path: &str, value: Value) -> Value {
    with_value("add", path, value)
}

fn replace(path: &str, value: Value) -> Value {
    with_value("replace", path, value)
}

fn test(path: &str, value: Value) -> Value {
    with_value("test", path, value)
}

fn remove(path: &str) -> Value {
    json!([{"op": "remove", "path": path}])
}

fn transfer(op: &str, from: &str, path: &str) -> Value {
    json!([{"op": op, "from": from, "path": path}])
}

#[test]
fn the_examples_of_the_appendix_end_as_it_says() {
    let tilde = json!({"/": 9, "~1": 10});
    check([
        (json!({"foo": "bar"}), add("/baz", json!("qux")), Ok(json!({"baz": "qux", "foo": "bar"}))),
        (json!({"foo": ["bar", "baz"]}), add("/foo/1", json!("qux")), Ok(json!({"foo": ["bar", "qux", "baz"]}))),
        (json!({"baz": "qux", "foo": "bar"}), remove("/baz"), Ok(json!({"foo": "bar"}))),
        (json!({"foo": ["bar", "qux", "baz"]}), remove("/foo/1"), Ok(json!({"foo": ["bar", "baz"]}))),
        (json!({"baz": "qux", "foo": "bar"}), replace("/baz", json!("boo")), Ok(json!({"baz": "boo", "foo": "bar"}))),
        (
            json!({"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}}),
            transfer("move", "/foo/waldo", "/qux/thud"),
            Ok(json!({"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}})),
        ),
        (
            json!({"foo": ["all", "grass", "cows", "eat"]}),
            transfer("move", "/foo/1", "/foo/3"),
            Ok(json!({"foo": ["all", "cows", "eat", "grass"]})),
        ),
        (
            json!({"baz": "qux", "foo": ["a", 2, "c"]}),
            json!([{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2}]),
            Ok(json!({"baz": "qux", "foo": ["a", 2, "c"]})),
        ),
        (json!({"baz": "qux"}), test("/baz", json!("bar")), CONFLICT),
        (
            json!({"foo": "bar"}),
            add("/child", json!({"grandchild": {}})),
            Ok(json!({"foo": "bar", "child": {"grandchild": {}}})),
        ),
        (
            json!({"foo": "bar"}),
            json!([{"op": "add", "path": "/baz", "value": "qux", "xyz": 123}]),
            Ok(json!({"foo": "bar", "baz": "qux"})),
        ),
        (json!({"foo": "bar"}), add("/baz/bat", json!("qux")), CONFLICT),
        (tilde.clone(), test("/~01", json!(10)), Ok(tilde.clone())),
        (tilde, test("/~01", json!("10")), CONFLICT),
        (json!({"foo": ["bar"]}), add("/foo/-", json!(["abc", "def"])), Ok(json!({"foo": ["bar", ["abc", "def"]]}))),
    ]);
    let twice = r#"[{"op": "add", "path": "/baz", "value": "qux", "op": "remove"}]"#;
    assert_eq!(apply(&json!({"foo": "bar"}), twice), BAD_REQUEST, "A.13");
}

#[test]
fn add_replaces_members_shifts_elements_and_may_replace_the_whole_document() {
    check([
        (json!({"m": null}), add("/m", json!(1)), Ok(json!({"m": 1}))),
        (json!({"m": 1}), add("/M", json!(2)), Ok(json!({"m": 1, "M": 2}))),
        (json!({}), add("/0", json!("a name")), Ok(json!({"0": "a name"}))),
        (json!({}), add("/", json!(1)), Ok(json!({"": 1}))),
        (json!({"m": {}}), add("/m/", json!(1)), Ok(json!({"m": {"": 1}}))),
        (json!({"m": 1}), add("/n", json!(null)), Ok(json!({"m": 1, "n": null}))),
        (json!({"m": [{"n": 1}]}), add("/m/0/o", json!(2)), Ok(json!({"m": [{"n": 1, "o": 2}]}))),
        (json!([]), add("/0", json!(1)), Ok(json!([1]))),
        (json!([]), add("/-", json!(1)), Ok(json!([1]))),
        (json!([1, 2]), add("/0", json!(0)), Ok(json!([0, 1, 2]))),
        (json!([1, 2]), add("/2", json!([3])), Ok(json!([1, 2, [3]]))),
        (json!([1, [2, [3]]]), add("/1/1/-", json!(4)), Ok(json!([1, [2, [3, 4]]]))),
        (json!([]), add("", json!({})), Ok(json!({}))),
        (json!("text"), replace("", json!([1])), Ok(json!([1]))),
        (json!([1, 2]), add("/3", json!(4)), CONFLICT),
        (json!([1, 2]), add("/-1", json!(4)), CONFLICT),
        (json!([1, 2]), add("/n", json!(4)), CONFLICT),
        (json!({"m": 1}), add("/m/n", json!(2)), CONFLICT),
    ]);
}

#[test]
fn remove_and_replace_need_what_they_name() {
    check([
        (json!([1, 2, 3]), remove("/0"), Ok(json!([2, 3]))),
        (
            json!([1, 2, 3, 4]),
            json!([{"op": "remove", "path": "/1"}, {"op": "remove", "path": "/2"}]),
            Ok(json!([1, 3])),
        ),
        (json!({"m": null}), remove("/m"), Ok(json!({}))),
        (json!({"m": [{"n": 1}]}), remove("/m/0/n"), Ok(json!({"m": [{}]}))),
        (json!([""]), replace("/0", json!(null)), Ok(json!([null]))),
        (json!([1, 2]), replace("/1", json!([3, 4])), Ok(json!([1, [3, 4]]))),
        (json!({"m": 1}), replace("", json!({"n": 2})), Ok(json!({"n": 2}))),
        (json!({"m": 1}), remove("/n"), CONFLICT),
        (json!({"m": 1}), remove("/n/o"), CONFLICT),
        (json!([1]), remove("/1"), CONFLICT),
        (json!([1]), remove("/-"), CONFLICT),
        (json!({"m": 1}), replace("/n", json!(1)), CONFLICT),
        (json!({"m": 1}), replace("/n/o", json!(1)), CONFLICT),
        (json!([1]), replace("/1", json!(1)), CONFLICT),
    ]);
}

#[test]
fn a_copy_is_a_value_of_its_own_and_a_move_leaves_nothing_behind() {
    check([
        (json!({"m": null}), transfer("move", "/m", "/n"), Ok(json!({"n": null}))),
        (json!({"m": null}), transfer("copy", "/m", "/n"), Ok(json!({"m": null, "n": null}))),
        (json!({"m": 1}), transfer("move", "/m", "/m"), Ok(json!({"m": 1}))),
        (json!({"m": [{"n": 1}]}), transfer("move", "/m/0/n", "/m/1"), Ok(json!({"m": [{}, 1]}))),
        (json!({"m": [{"n": 1}]}), transfer("copy", "/m/0", "/o"), Ok(json!({"m": [{"n": 1}], "o": {"n": 1}}))),
        (
            json!({"m": {"n": [1]}}),
            json!([{"op": "copy", "from": "/m", "path": "/o"}, {"op": "replace", "path": "/o/n/0", "value": 2}]),
            Ok(json!({"m": {"n": [1]}, "o": {"n": [2]}})),
        ),
        (
            json!({"m": {"n": [1]}}),
            json!([{"op": "copy", "from": "/m", "path": "/o"}, {"op": "replace", "path": "/m/n/0", "value": 2}]),
            Ok(json!({"m": {"n": [2]}, "o": {"n": [1]}})),
        ),
        (json!({"m": {"n": 1}}), transfer("move", "/m", "/m/n"), CONFLICT),
        (json!({"m": 1}), transfer("move", "/n", "/m"), CONFLICT),
        (json!({"m": 1}), transfer("copy", "/n", "/m"), CONFLICT),
    ]);
}

#[test]
fn a_test_compares_values_and_not_their_spelling() {
    let same = |document: Value, patch: Value| (document.clone(), patch, Ok(document));
    check([
        same(json!({"m": null}), test("/m", json!(null))),
        same(json!({"m": {"a": 1, "b": [2]}}), test("/m", json!({"b": [2], "a": 1}))),
        same(json!({"m": [{"a": 1, "b": 2}]}), test("/m", json!([{"b": 2, "a": 1}]))),
        same(json!({"m": 1}), test("", json!({"m": 1}))),
        same(json!({"": 1}), test("/", json!(1))),
        same(json!({"1e0": 1}), test("/1e0", json!(1))),
        (json!({"m": [1, 2]}), test("/m", json!([1])), CONFLICT),
        (json!({"m": {"n": [1]}}), test("/m", json!([1])), CONFLICT),
        (json!({"m": 1}), test("/m", json!(true)), CONFLICT),
        (json!({"m": false}), test("/m", json!(null)), CONFLICT),
    ]);
}

#[test]
fn every_character_of_a_name_has_its_pointer() {
    for (name, pointer) in [
        ("a/b", "/a~1b"),
        ("m~n", "/m~0n"),
        ("~1", "/~01"),
        ("/", "/~1"),
        ("c%d", "/c%d"),
        ("e^f", "/e^f"),
        ("g|h", "/g|h"),
        ("i\\j", "/i\\j"),
        ("k\"l", "/k\"l"),
        (" ", "/ "),
        ("é", "/é"),
    ] {
        let document = json!({name: 1});
        assert_eq!(apply(&document, &test(pointer, json!(1)).to_string()), Ok(document), "{pointer}");
    }
}

#[test]
fn an_index_is_a_plain_decimal_number() {
    let elements = json!({"m": [1, 2, 3]});
    for index in ["1e0", "01", "00", "+1", "-1", " 1", "1.0", "0x1", "99999999999999999999"] {
        let at = format!("/m/{index}");
        for patch in [
            add(&at, json!(0)),
            replace(&at, json!(0)),
            remove(&at),
            test(&at, json!(2)),
            transfer("copy", &at, "/n"),
            transfer("move", &at, "/n"),
        ] {
            assert_eq!(apply(&elements, &patch.to_string()), CONFLICT, "{patch}");
        }
    }
}

#[test]
fn an_operation_without_what_it_needs_is_no_patch() {
    check(
        [
            json!([{"op": "add", "value": 1}]),
            json!([{"op": "add", "path": null, "value": 1}]),
            json!([{"op": "add", "path": "m", "value": 1}]),
            json!([{"op": "add", "path": "/-"}]),
            json!([{"op": "replace", "path": "/0"}]),
            json!([{"op": "test", "path": "/0"}]),
            json!([{"op": "copy", "path": "/-"}]),
            json!([{"op": "move", "path": ""}]),
            json!([{"op": "spam", "path": "/0", "value": 1}]),
            json!([{"op": "Add", "path": "/0", "value": 1}]),
            json!([{"path": "/0", "value": 1}]),
        ]
        .map(|patch| (json!([null]), patch, BAD_REQUEST)),
    );
    check([(json!([null]), json!([]), Ok(json!([null])))]);
}
