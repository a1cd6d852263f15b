//! JSON Patch (RFC 6902) of the account: applied to the document that `GET` shows, and turned into the merge patch with
//! the same effect, so that there is one way to change an account.
//!
//! Bounds: a hundred operations, and twice the size of a body for the document after each of them, because copies may
//! double it (R84).

use json_patch::{PatchErrorKind, PatchOperation};
use selfsame_domain::Attributes;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value, value::RawValue};

use super::{
    Account,
    reasons::{BAD_REQUEST, INVALID, MemberError, NOT_CHANGEABLE, PATCH_CONFLICT},
};
use crate::rejection::Rejection;

/// The content type.
pub(super) const JSON_PATCH: &str = "application/json-patch+json";
const MAX_OPERATIONS: usize = 100;

/// An operation as it was sent. Other members are ignored (RFC 6902 section 4).
#[derive(Deserialize)]
struct Sent<'b> {
    op: String,
    path: String,
    from: Option<String>,
    #[serde(borrow, default, deserialize_with = "present")]
    value: Option<&'b RawValue>,
}

/// A value that is there, which `null` is too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// The members of the merge patch with the effect of a JSON Patch on a document. Only members in `writable` may change;
/// `max_size` is that of the document in bytes.
pub(super) fn merge_patch_of(
    body: &[u8],
    document: &Value,
    writable: &[&str],
    max_size: usize,
) -> Result<Map<String, Value>, Rejection<Account>> {
    let patched = patched(document, &read(body)?, max_size)?;
    let (Value::Object(before), Value::Object(after)) = (document, &patched) else {
        return Err(invalid_member(String::new(), "type", "must leave an object"));
    };
    let mut errors = Vec::new();
    let changes = difference(before, after, "", &mut errors);
    for name in changes.keys().filter(|name| !writable.contains(&name.as_str())) {
        errors.push(MemberError::new(name, "unknown_member", NOT_CHANGEABLE));
    }
    if errors.is_empty() { Ok(changes) } else { Err(Rejection::from(INVALID).with_errors(errors)) }
}

/// The document after all operations, one after the other.
fn patched(document: &Value, operations: &[PatchOperation], max_size: usize) -> Result<Value, Rejection<Account>> {
    let mut patched = document.clone();
    for (place, operation) in operations.iter().enumerate() {
        apply(&mut patched, operation).map_err(|kind| conflict(place, &kind))?;
        let size = serde_json::to_vec(&patched).map_or(usize::MAX, |bytes| bytes.len());
        if size > max_size {
            return Err(invalid(place, "too_large", "makes the account too large"));
        }
    }
    Ok(patched)
}

fn apply(document: &mut Value, operation: &PatchOperation) -> Result<(), PatchErrorKind> {
    if let PatchOperation::Test(test) = operation {
        let tested = document.pointer(test.path.as_str()).ok_or(PatchErrorKind::InvalidPointer)?;
        return if is_equal(tested, &test.value) { Ok(()) } else { Err(PatchErrorKind::TestFailed) };
    }
    json_patch::patch(document, std::slice::from_ref(operation)).map_err(|error| error.kind)
}

/// Whether two values are equal by RFC 6902 section 4.6, where `1` is `1.0`.
fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || whole(one).is_some_and(|number| whole(other) == Some(number))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let has_equal =
                |(name, value): (&String, &Value)| other.get(name).is_some_and(|other| is_equal(value, other));
            one.len() == other.len() && one.iter().all(has_equal)
        }
        (one, other) => one == other,
    }
}

/// The number without loss, if it is a whole one of 128 bits. Beyond that every number is a double, and so are both of a
/// comparison.
fn whole(number: &Number) -> Option<i128> {
    number.as_i128().or_else(|| {
        let double = number.as_f64().filter(|double| double.fract() == 0.0)?;
        format!("{double:.0}").parse().ok()
    })
}

/// The operations. Values are read like attributes, so that a member that comes twice is refused (R66).
fn read(body: &[u8]) -> Result<Vec<PatchOperation>, Rejection<Account>> {
    let malformed = || Rejection::from(BAD_REQUEST).with_message("The body is not a JSON Patch document (RFC 6902).");
    let sent: Vec<Sent<'_>> = serde_json::from_slice(body).map_err(|_error| malformed())?;
    if sent.len() > MAX_OPERATIONS {
        return Err(invalid(MAX_OPERATIONS, "too_many_members", "is more than a hundred operations"));
    }
    let read_one = |(place, sent): (usize, Sent<'_>)| {
        let mut operation = Map::new();
        operation.insert("op".to_owned(), sent.op.into());
        operation.insert("path".to_owned(), sent.path.into());
        if let Some(from) = sent.from {
            operation.insert("from".to_owned(), from.into());
        }
        if let Some(value) = sent.value {
            let wrapped = Attributes::parse(&format!("{{\"value\":{}}}", value.get()));
            let wrapped = wrapped.map_err(|rule| {
                Rejection::from(INVALID).with_errors(vec![MemberError::of_rule(&place.to_string(), &rule)])
            })?;
            operation.extend(wrapped.0);
        }
        serde_json::from_value(Value::Object(operation)).map_err(|_error| malformed())
    };
    sent.into_iter().enumerate().map(read_one).collect()
}

/// The merge patch (RFC 7396) from one object to another. What no merge patch can express, a `null` inside of an object, is
/// an error.
fn difference(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    pointer: &str,
    errors: &mut Vec<MemberError>,
) -> Map<String, Value> {
    let mut changes = Map::new();
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        changes.insert(name.clone(), Value::Null);
    }
    for (name, value) in after.iter().filter(|(name, value)| before.get(*name) != Some(*value)) {
        let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        let change = match (before.get(name), value) {
            (Some(Value::Object(before)), Value::Object(after)) => {
                Value::Object(difference(before, after, &pointer, errors))
            }
            (_, value) => {
                let is_inside = pointer.rfind('/') != Some(0);
                if holds_null(value) || is_inside && value.is_null() {
                    errors.push(MemberError::at(pointer, "null", "must not be or hold null"));
                }
                value.clone()
            }
        };
        changes.insert(name.clone(), change);
    }
    changes
}

/// Whether an object has a member `null`, which a merge patch removes. Lists are not merged.
fn holds_null(value: &Value) -> bool {
    let Value::Object(members) = value else { return false };
    members.values().any(|member| member.is_null() || holds_null(member))
}

fn conflict(place: usize, kind: &PatchErrorKind) -> Rejection<Account> {
    let (rule, detail) = match kind {
        PatchErrorKind::TestFailed => ("test_failed", "tests for a value that is not there"),
        PatchErrorKind::InvalidFromPointer => ("no_such_source", "copies or moves what is not there"),
        PatchErrorKind::InvalidPointer => ("no_such_path", "has a path that does not exist"),
        PatchErrorKind::CannotMoveInsideItself => ("moves_into_itself", "moves a value into itself"),
        _ => ("conflict", "does not fit the account"),
    };
    Rejection::from(PATCH_CONFLICT).with_errors(vec![MemberError::at(format!("/{place}"), rule, detail)])
}

fn invalid(place: usize, rule: &'static str, detail: &str) -> Rejection<Account> {
    invalid_member(format!("/{place}"), rule, detail)
}

fn invalid_member(pointer: String, rule: &'static str, detail: &str) -> Rejection<Account> {
    Rejection::from(INVALID).with_errors(vec![MemberError::at(pointer, rule, detail)])
}

#[cfg(test)]
mod rfc_6902;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The reason's code, or the document after the merge patch.
    fn merged(document: &Value, patch: &Value) -> Result<Value, &'static str> {
        let writable: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).chain(["new", ""]).collect();
        let changes = merge_patch_of(patch.to_string().as_bytes(), document, &writable, 10_000);
        let changes = changes.map_err(|rejection| rejection.reason().code)?;
        let mut merged = document.clone();
        json_patch::merge(&mut merged, &Value::Object(changes));
        Ok(merged)
    }

    /// A case: document, patch, and the document after it or the code of the reason.
    type Case = (Value, Value, Result<Value, &'static str>);

    fn check(cases: impl IntoIterator<Item = Case>) {
        for (document, patch, expected) in cases {
            assert_eq!(merged(&document, &patch), expected, "{patch} on {document}");
        }
    }

    #[test]
    fn each_operation_does_what_rfc_6902_says() {
        check([
            (json!({"a": 1}), json!([]), Ok(json!({"a": 1}))),
            (json!({"a": 1}), json!([{"op": "add", "path": "/new", "value": 2}]), Ok(json!({"a": 1, "new": 2}))),
            (json!({"a": 1}), json!([{"op": "add", "path": "/a", "value": [2]}]), Ok(json!({"a": [2]}))),
            (json!({"a": [1, 3]}), json!([{"op": "add", "path": "/a/1", "value": 2}]), Ok(json!({"a": [1, 2, 3]}))),
            (json!({"a": [1]}), json!([{"op": "add", "path": "/a/-", "value": [2]}]), Ok(json!({"a": [1, [2]]}))),
            (json!({"a": [1]}), json!([{"op": "add", "path": "/a/1", "value": 2}]), Ok(json!({"a": [1, 2]}))),
            (json!({"a": {"b": 1}}), json!([{"op": "remove", "path": "/a/b"}]), Ok(json!({"a": {}}))),
            (json!({"a": [1, 2]}), json!([{"op": "remove", "path": "/a/0"}]), Ok(json!({"a": [2]}))),
            (
                json!({"a": {"b": 1}}),
                json!([{"op": "replace", "path": "/a/b", "value": {"c": 2}}]),
                Ok(json!({"a": {"b": {"c": 2}}})),
            ),
            (
                json!({"a": {"b": 1}, "c": 2}),
                json!([{"op": "move", "from": "/a/b", "path": "/c"}]),
                Ok(json!({"a": {}, "c": 1})),
            ),
            (
                json!({"a": {"b": 1}}),
                json!([{"op": "copy", "from": "/a", "path": "/a/c"}]),
                Ok(json!({"a": {"b": 1, "c": {"b": 1}}})),
            ),
            (
                json!({"a": [1, 2, 3]}),
                json!([{"op": "move", "from": "/a/0", "path": "/a/2"}]),
                Ok(json!({"a": [2, 3, 1]})),
            ),
            (json!({"a": 1}), json!([{"op": "test", "path": "/a", "value": 1}]), Ok(json!({"a": 1}))),
            (
                json!({"a": {"x": 1, "y": [2]}}),
                json!([{"op": "test", "path": "/a", "value": {"y": [2], "x": 1}}]),
                Ok(json!({"a": {"x": 1, "y": [2]}})),
            ),
            (
                json!({"a": null}),
                json!([{"op": "replace", "path": "/a", "value": 1}, {"op": "remove", "path": "/a"}]),
                Ok(json!({})),
            ),
        ]);
    }

    #[test]
    fn a_test_compares_numbers_by_their_value_and_loses_no_digit() {
        let test = |stored: Value, tested: &str| {
            let patch = format!("[{{\"op\": \"test\", \"path\": \"/a\", \"value\": {tested}}}]");
            merge_patch_of(patch.as_bytes(), &json!({ "a": stored }), &["a"], 10_000).is_ok()
        };
        assert!(test(json!(1.0), "1") && test(json!(1), "1.0") && test(json!(1), "1e0") && test(json!(0), "-0.0"));
        assert!(test(json!(1e-300), "1e-300") && test(json!(0.5), "5e-1"));
        assert!(test(json!({"b": [1.0, {"c": -2}]}), r#"{"b": [1, {"c": -2.0}]}"#));
        assert!(test(json!(9_007_199_254_740_992_i64), "9007199254740992.0"));
        for (stored, tested) in [
            (json!(9_007_199_254_740_993_i64), "9007199254740992.0"),
            (json!(9_007_199_254_740_993_i64), "9007199254740992"),
            (json!(u64::MAX), "18446744073709551616.0"),
            (json!(i64::MIN), "-9223372036854775809"),
            (json!(1), "1.5"),
            (json!(1), "true"),
            (json!(1), "\"1\""),
            (json!([1]), "[1, 1]"),
            (json!({"b": 1}), r#"{"b": 1, "c": 1}"#),
            (json!({"b": 1, "c": 1}), r#"{"b": 1}"#),
        ] {
            assert!(!test(stored.clone(), tested), "{stored} {tested}");
        }
    }

    #[test]
    fn pointers_are_escaped_as_rfc_6901_says() {
        check([
            (
                json!({"a": {"x/y": 1}}),
                json!([{"op": "replace", "path": "/a/x~1y", "value": 2}]),
                Ok(json!({"a": {"x/y": 2}})),
            ),
            (json!({"a": {"m~n": 1}}), json!([{"op": "remove", "path": "/a/m~0n"}]), Ok(json!({"a": {}}))),
            (
                json!({"a": {"~1": 1}}),
                json!([{"op": "test", "path": "/a/~01", "value": 1}]),
                Ok(json!({"a": {"~1": 1}})),
            ),
            (json!({"a": {"": 1}}), json!([{"op": "replace", "path": "/a/", "value": 2}]), Ok(json!({"a": {"": 2}}))),
            (
                json!({"a": {"0": 1}}),
                json!([{"op": "replace", "path": "/a/0", "value": 2}]),
                Ok(json!({"a": {"0": 2}})),
            ),
        ]);
    }

    #[test]
    fn what_does_not_fit_the_document_is_a_conflict_and_changes_nothing() {
        let document = json!({"a": [1, 2], "b": {"c": 3}});
        check(
            [
                json!([{"op": "test", "path": "/b/c", "value": "3"}]),
                json!([{"op": "test", "path": "/a", "value": [2, 1]}]),
                json!([{"op": "test", "path": "/nothing", "value": null}]),
                json!([{"op": "remove", "path": "/nothing"}]),
                json!([{"op": "replace", "path": "/b/d", "value": 1}]),
                json!([{"op": "add", "path": "/a/3", "value": 1}]),
                json!([{"op": "add", "path": "/a/01", "value": 1}]),
                json!([{"op": "add", "path": "/a/x", "value": 1}]),
                json!([{"op": "remove", "path": "/a/-"}]),
                json!([{"op": "add", "path": "/b/c/d", "value": 1}]),
                json!([{"op": "copy", "from": "/nothing", "path": "/b"}]),
                json!([{"op": "move", "from": "/b", "path": "/b/c"}]),
                json!([{"op": "replace", "path": "/b/c", "value": 4}, {"op": "test", "path": "/b/c", "value": 3}]),
            ]
            .map(|patch| (document.clone(), patch, Err("PATCH_CONFLICT"))),
        );
    }

    #[test]
    fn what_is_no_json_patch_is_a_bad_request() {
        let document = json!({"a": 1});
        check(
            [
                json!({}),
                json!({"op": "remove", "path": "/a"}),
                json!([1]),
                json!([{"op": "spam", "path": "/a"}]),
                json!([{"path": "/a", "value": 1}]),
                json!([{"op": "add", "value": 1}]),
                json!([{"op": "add", "path": "/a"}]),
                json!([{"op": "test", "path": "/a"}]),
                json!([{"op": "move", "path": "/a"}]),
                json!([{"op": "remove", "path": "a"}]),
                json!([{"op": "remove", "path": "/a~2"}]),
            ]
            .map(|patch| (document.clone(), patch, Err("BAD_REQUEST"))),
        );
    }

    #[test]
    fn r84_operations_and_the_size_of_the_document_are_bounded() {
        let document = json!({"a": {"x": "0123456789"}});
        let many = vec![json!({"op": "test", "path": "/a/x", "value": "0123456789"}); 101];
        assert_eq!(merged(&document, &Value::from(many[..100].to_vec())), Ok(document.clone()));
        assert_eq!(merged(&document, &Value::from(many)), Err("INVALID"));
        let doubling: Vec<_> =
            (0..40).map(|number| json!({"op": "copy", "from": "/a", "path": format!("/a/c{number}")})).collect();
        assert_eq!(merged(&document, &doubling.into()), Err("INVALID"));
    }

    #[test]
    fn r66_a_member_twice_and_what_no_merge_patch_can_express_are_refused() {
        let document = json!({"a": {"x": 1}});
        let body = br#"[{"op": "add", "path": "/a/y", "value": {"m": 1, "m": 2}}]"#;
        let refused = merge_patch_of(body, &document, &["a"], 10_000);
        assert_eq!(refused.map_err(|rejection| rejection.reason().code), Err("INVALID"));
        check([
            (document.clone(), json!([{"op": "add", "path": "/a/x", "value": null}]), Err("INVALID")),
            (document.clone(), json!([{"op": "add", "path": "/a/y", "value": {"z": null}}]), Err("INVALID")),
            (document.clone(), json!([{"op": "replace", "path": "", "value": [1]}]), Err("INVALID")),
            (
                document.clone(),
                json!([{"op": "add", "path": "/a/y", "value": [null]}]),
                Ok(json!({"a": {"x": 1, "y": [null]}})),
            ),
        ]);
    }

    #[test]
    fn r63_only_writable_members_change() {
        let document = json!({"sub": "1", "name": "Ada"});
        let change = |patch: Value| {
            let changes = merge_patch_of(patch.to_string().as_bytes(), &document, &["name"], 10_000);
            changes.map(Value::Object).map_err(|rejection| rejection.reason().code)
        };
        assert_eq!(change(json!([{"op": "replace", "path": "/sub", "value": "2"}])), Err("INVALID"));
        assert_eq!(change(json!([{"op": "add", "path": "/is_admin", "value": true}])), Err("INVALID"));
        assert_eq!(change(json!([{"op": "replace", "path": "", "value": {}}])), Err("INVALID"));
        assert_eq!(change(json!([{"op": "copy", "from": "/sub", "path": "/name"}])), Ok(json!({"name": "1"})));
        assert_eq!(change(json!([{"op": "remove", "path": "/name"}])), Ok(json!({"name": null})));
        let back =
            json!([{"op": "replace", "path": "/sub", "value": "2"}, {"op": "replace", "path": "/sub", "value": "1"}]);
        assert_eq!(change(back), Ok(json!({})), "the document after all operations counts");
    }
}
