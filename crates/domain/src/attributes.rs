//! The free-form JSON object of an account (RiverGen's `profile`), and its merge by RFC 7396 within limits (R66).

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::{Claim, Difference, Rule, Violations};

/// A JSON object without a fixed schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes(pub Map<String, Value>);

impl Attributes {
    /// Reads a JSON text strictly: an object, no member named twice, no NUL, only numbers that read back as they are
    /// stored: fractions, and whole numbers of 64 bits. Values are counted while they are read, so that a text of 7 MB
    /// does not become a tree of 200 MB before a limit is looked at (R66).
    pub fn parse(json: &str) -> Result<Self, Rule> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let place = RefCell::default();
        let strict = StrictValue { left: &Cell::new(MAX_VALUES), place: &place };
        let value = strict.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
        match value {
            Ok(Value::Object(map)) => Ok(Self(map)),
            Err(error) if error.to_string().starts_with(DUPLICATE) => Err(Rule::DuplicateMember),
            Err(error) if error.to_string().starts_with(NUL) => Err(Rule::ForbiddenCharacter),
            Err(error) if error.to_string().starts_with(TOO_MANY) => Err(Rule::TooManyMembers { max: MAX_VALUES }),
            Err(error) if error.to_string().starts_with(OUT_OF_RANGE) => {
                Err(Rule::NumberOutOfRange { pointer: place.take().concat() })
            }
            Ok(_) | Err(_) => Err(Rule::Malformed),
        }
    }

    /// This object with a patch merged in: `null` removes, objects merge, everything else replaces (RFC 7396).
    #[must_use]
    pub fn merged(&self, patch: &Self) -> Self {
        let mut merged = self.0.clone();
        merge(&mut merged, &patch.0);
        Self(merged)
    }

    /// The members in which another object differs from this one, each with its JSON Pointer (RFC 6901) under `prefix`.
    /// Objects are compared member by member; everything else as a whole.
    pub fn differences(&self, prefix: &str, new: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        compare(prefix, &self.0, &new.0, &mut found);
        found
    }
}

fn compare(prefix: &str, old: &Map<String, Value>, new: &Map<String, Value>, found: &mut Vec<Difference>) {
    let added = new.keys().filter(|key| !old.contains_key(*key));
    for key in old.keys().chain(added) {
        let pointer = || format!("{prefix}{}", reference(key));
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) if old == new => {}
            (Some(Value::Object(old)), Some(Value::Object(new))) => compare(&pointer(), old, new, found),
            (old, new) => {
                let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
                found.push(Difference { pointer: pointer(), old: value(old), new: value(new) });
            }
        }
    }
}

/// A member as the next token of a JSON Pointer (RFC 6901).
fn reference(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn merge(target: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (key, value) in patch {
        match value {
            Value::Null => {
                target.remove(key);
            }
            Value::Object(patch) => {
                let slot = target.entry(key).or_insert(Value::Null);
                if !slot.is_object() {
                    *slot = Value::Object(Map::new());
                }
                if let Value::Object(inner) = slot {
                    merge(inner, patch);
                }
            }
            other => {
                target.insert(key.clone(), other.clone());
            }
        }
    }
}

/// Limits of a patch and of what is stored after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributesPolicy {
    /// Greatest size of the stored object as compact JSON, in bytes.
    pub max_bytes: usize,
    /// Greatest depth of nesting; the object itself is 1.
    pub max_depth: usize,
    /// Greatest number of object members in all.
    pub max_members: usize,
    /// Greatest length of a member's name, in characters.
    pub max_key: usize,
    /// Greatest length of a string, in characters.
    pub max_string: usize,
    /// Greatest number of elements of one array.
    pub max_elements: usize,
}

impl Default for AttributesPolicy {
    fn default() -> Self {
        Self {
            max_bytes: 64 << 10,
            max_depth: 32,
            max_members: 1000,
            max_key: 128,
            max_string: 16 << 10,
            max_elements: 1000,
        }
    }
}

impl AttributesPolicy {
    /// All limits that an object breaks, each rule once.
    pub fn check(&self, attributes: &Attributes) -> Result<(), Violations> {
        let mut walk = Walk { policy: self, members: 0, broken: Vec::new() };
        walk.object(&attributes.0, 1);
        if walk.members > self.max_members {
            walk.breaks(Rule::TooManyMembers { max: self.max_members });
        }
        let size = serde_json::to_vec(&attributes.0).map_or(usize::MAX, |json| json.len());
        if size > self.max_bytes {
            walk.breaks(Rule::TooLarge { max: self.max_bytes });
        }
        let mut violations = Violations::default();
        walk.broken.into_iter().for_each(|rule| violations.push(Claim::Attributes, rule));
        violations.into_result()
    }
}

/// One pass over an object that counts members, depth and lengths.
struct Walk<'p> {
    policy: &'p AttributesPolicy,
    members: usize,
    broken: Vec<Rule>,
}

impl Walk<'_> {
    fn breaks(&mut self, rule: Rule) {
        if !self.broken.contains(&rule) {
            self.broken.push(rule);
        }
    }

    fn object(&mut self, map: &Map<String, Value>, depth: usize) {
        self.members += map.len();
        for (key, value) in map {
            if key.chars().count() > self.policy.max_key {
                self.breaks(Rule::TooLong { max: self.policy.max_key });
            }
            self.value(value, depth + 1);
        }
    }

    fn value(&mut self, value: &Value, depth: usize) {
        if depth > self.policy.max_depth && (value.is_object() || value.is_array()) {
            return self.breaks(Rule::TooDeep { max: self.policy.max_depth });
        }
        match value {
            Value::Object(map) => self.object(map, depth),
            Value::Array(elements) if elements.len() > self.policy.max_elements => {
                self.breaks(Rule::TooManyMembers { max: self.policy.max_elements });
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.value(element, depth + 1)),
            Value::String(text) if text.chars().count() > self.policy.max_string => {
                self.breaks(Rule::TooLong { max: self.policy.max_string });
            }
            _ => {}
        }
    }
}

const DUPLICATE: &str = "duplicate member";
const NUL: &str = "NUL";
const TOO_MANY: &str = "too many values";
/// As serde_json says it of a number beyond a double.
const OUT_OF_RANGE: &str = "number out of range";

/// Most values in one text, whatever the operator's limits are: what is read before those are checked takes 5 MB at most.
const MAX_VALUES: usize = 50_000;

/// Builds a [`Value`] as serde_json does, but refuses what the two databases or two parsers would read differently.
#[derive(Clone, Copy)]
struct StrictValue<'c> {
    /// How many more values may be read.
    left: &'c Cell<usize>,
    /// The tokens of the JSON Pointer to the value that is being read. After an error it is where reading ended.
    place: &'c RefCell<Vec<String>>,
}

impl StrictValue<'_> {
    /// Reads a value one level deeper.
    fn within<T, E>(self, token: String, read: impl FnOnce(Self) -> Result<T, E>) -> Result<T, E> {
        self.place.borrow_mut().push(token);
        let value = read(self)?;
        self.place.borrow_mut().pop();
        Ok(value)
    }
}

impl<'de> DeserializeSeed<'de> for StrictValue<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| de::Error::custom(TOO_MANY))?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

fn without_nul<E: de::Error>(text: String) -> Result<String, E> {
    if text.contains('\0') { Err(E::custom(NUL)) } else { Ok(text) }
}

/// A number as both databases return it; `None` for an integer beyond 64 bits, which a float would only approximate.
///
/// A float from 1e16 on is written with an exponent, which `jsonb` stores as an integer; so it becomes an integer here.
/// `jsonb` has no negative zero.
fn exact(value: f64) -> Option<Number> {
    const SPELLED_OUT: f64 = 1e16;
    if value.abs() < SPELLED_OUT {
        return Number::from_f64(value + 0.0);
    }
    // i64::MIN itself is refused too, because other numbers round to it; as an integer literal it never comes here.
    let digits = format!("{value:.0}");
    let integer = digits.parse::<i64>().map(Number::from).or_else(|_| digits.parse::<u64>().map(Number::from));
    integer.ok().filter(|number| number.as_i64() != Some(i64::MIN))
}

impl<'de> Visitor<'de> for StrictValue<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        exact(value).map(Value::Number).ok_or_else(|| E::custom(OUT_OF_RANGE))
    }
    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        without_nul(value.to_owned()).map(Value::String)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = self.within(format!("/{}", elements.len()), |deeper| seq.next_element_seed(deeper))? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let key = without_nul(key)?;
            if map.contains_key(&key) {
                return Err(de::Error::custom(DUPLICATE));
            }
            let value = self.within(reference(&key), |deeper| access.next_value_seed(deeper))?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match (StrictValue { left: &Cell::new(usize::MAX), place: &RefCell::default() }).deserialize(deserializer)? {
            Value::Object(map) => Ok(Self(map)),
            _ => Err(de::Error::custom("not an object")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "tests hand over literals")]
    fn attributes(value: Value) -> Attributes {
        Attributes::parse(&value.to_string()).unwrap()
    }

    #[test]
    fn r66_values_are_counted_while_they_are_read() {
        let array = |count: usize| format!("{{\"a\":[{}0]}}", "0,".repeat(count - 1));
        let members = |count: usize| {
            let members: Vec<_> = (0..count).map(|number| format!("\"{number}\":0")).collect();
            format!("{{{}}}", members.join(","))
        };
        // The object and, of the first, the array are values too.
        for (fits, does_not) in
            [(array(MAX_VALUES - 2), array(MAX_VALUES - 1)), (members(MAX_VALUES - 1), members(MAX_VALUES))]
        {
            Attributes::parse(&fits).unwrap();
            assert_eq!(Attributes::parse(&does_not), Err(Rule::TooManyMembers { max: MAX_VALUES }));
        }
        let stored: Attributes = serde_json::from_str(&members(MAX_VALUES)).unwrap();
        assert_eq!(stored.0.len(), MAX_VALUES, "what was stored is read whatever its size");
    }

    #[test]
    fn r66_the_examples_of_rfc_7396_hold() {
        // Appendix A, those whose target and patch are objects.
        for (target, patch, result) in [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
            (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        ] {
            assert_eq!(attributes(target).merged(&attributes(patch)), attributes(result));
        }
    }

    #[test]
    fn r66_duplicates_nul_and_numbers_out_of_range_are_refused() {
        assert_eq!(Attributes::parse(r#"{"a":1,"a":2}"#), Err(Rule::DuplicateMember));
        assert_eq!(Attributes::parse(r#"{"a":{"b":1,"b":1}}"#), Err(Rule::DuplicateMember));
        assert_eq!(Attributes::parse(r#"{"a":"\u0000"}"#), Err(Rule::ForbiddenCharacter));
        assert_eq!(Attributes::parse(r#"{"\u0000":1}"#), Err(Rule::ForbiddenCharacter));
        for json in [r#"{"a":NaN}"#, "[]", "7", "{} {}", ""] {
            assert_eq!(Attributes::parse(json), Err(Rule::Malformed), "{json}");
        }
    }

    #[test]
    fn r66_a_number_out_of_range_is_refused_instead_of_rounded_and_its_place_is_said() {
        for number in [
            "123456789012345678901234567890",
            "18446744073709551616",
            "-9223372036854775809",
            "1e20",
            "-9.3e18",
            "1.5e300",
            "1e999",
            "-1e400",
            "12345678901234567890123",
            "100000000000000000000",
            "-99999999999999999999",
            "1E+19999",
            "123456789012345678901234567890.5",
        ] {
            for (before, pointer) in [
                (r#"{"a":"#, "/a"),
                (r#"{"x":{"y":[1,{"z":2}]},"a":[0,"#, "/a/1"),
                (r#"{"a":{"b":[[],[{"~c/d":"#, "/a/b/1/0/~0c~1d"),
            ] {
                let json = format!("{before}{number} ");
                let rule = Rule::NumberOutOfRange { pointer: pointer.to_owned() };
                assert_eq!(Attributes::parse(&json), Err(rule), "{json}");
            }
        }
    }

    #[test]
    fn r66_a_number_is_kept_as_both_databases_give_it_back() {
        for (sent, kept) in [
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("1e16", "10000000000000000"),
            ("-2.5e17", "-250000000000000000"),
            ("1.8e19", "18000000000000000000"),
            ("-0.0", "0.0"),
            ("-0", "0.0"),
            ("1.0", "1.0"),
            ("0.1", "0.1"),
        ] {
            let parsed = Attributes::parse(&format!(r#"{{"a":{sent}}}"#)).unwrap();
            assert_eq!(parsed.0["a"].to_string(), kept, "{sent}");
        }
    }

    #[test]
    fn r66_bytes_depth_members_keys_and_strings_are_limited() {
        let policy = AttributesPolicy::default();
        let broken =
            |value| policy.check(&attributes(value)).unwrap_err().0.into_iter().map(|v| v.rule).collect::<Vec<_>>();
        let nested = |depth| (1..depth).fold(json!({}), |inner, _| json!({ "a": inner }));
        assert_eq!(policy.check(&attributes(nested(32))), Ok(()));
        assert_eq!(broken(nested(33)), [Rule::TooDeep { max: 32 }]);
        assert_eq!(broken(json!({ "k".repeat(129): 1 })), [Rule::TooLong { max: 128 }]);
        assert_eq!(broken(json!({ "a": "é".repeat(16_385) })), [Rule::TooLong { max: 16_384 }]);
        assert_eq!(broken(json!({ "a": vec![0; 1001] })), [Rule::TooManyMembers { max: 1000 }]);
        assert_eq!(broken(json!({ "a": vec!["x".repeat(16_000); 5] })), [Rule::TooLarge { max: 65_536 }]);
    }

    proptest! {
        #[test]
        fn merging_twice_is_merging_once(target in object(), patch in object()) {
            let once = target.merged(&patch);
            prop_assert_eq!(once.merged(&patch), once);
        }

        #[test]
        fn merges_of_different_keys_commute(target in object(), a in 0..9i64, b in 0..9i64) {
            let (a, b) = (attributes(json!({"left": a})), attributes(json!({"right": b})));
            prop_assert_eq!(target.merged(&a).merged(&b), target.merged(&b).merged(&a));
        }
    }

    fn object() -> impl Strategy<Value = Attributes> {
        let leaf =
            prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), "[a-c]{0,2}".prop_map(Value::from)];
        let value = leaf.prop_recursive(3, 16, 3, |inner| {
            prop::collection::hash_map("[a-c]", inner, 0..3).prop_map(|map| map.into_iter().collect())
        });
        prop::collection::hash_map("[a-c]", value, 0..4).prop_map(|map| Attributes(map.into_iter().collect()))
    }
}
