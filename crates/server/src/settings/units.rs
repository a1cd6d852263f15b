//! Types of values: durations ("10m"), sizes ("5MiB"), budgets ("5/1m"), lists ("a,b"), networks, named choices. It
//! knows serde and no setting.

use std::{fmt, marker::PhantomData, net::IpAddr, ops::RangeInclusive, str::FromStr, time::Duration};

use clap::ValueEnum;
use ipnet::IpNet;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeOwned, Error as _, SeqAccess, Visitor},
};

/// A duration: a whole number and one of `ms`, `s`, `m`, `h`, `d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span(Duration);

impl Span {
    const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    pub(super) const fn millis(count: u64) -> Self {
        Self(Duration::from_millis(count))
    }

    pub(super) const fn secs(count: u64) -> Self {
        Self::millis(count * 1_000)
    }

    pub(super) const fn mins(count: u64) -> Self {
        Self::secs(count * 60)
    }

    pub(super) const fn hours(count: u64) -> Self {
        Self::mins(count * 60)
    }

    pub(super) const fn days(count: u64) -> Self {
        Self::hours(count * 24)
    }

    /// As a duration of the standard library.
    pub(crate) fn get(self) -> Duration {
        self.0
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        scaled(text, &Self::UNITS)
            .map(Self::millis)
            .ok_or_else(|| "expected a duration such as \"500ms\", \"10s\", \"5m\", \"12h\" or \"30d\"".to_owned())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Made from whole milliseconds in a u64, so nothing is truncated.
        let millis = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        write_scaled(f, millis, &Self::UNITS, "s")
    }
}

/// A number of bytes: a whole number and one of `B`, `KiB`, `MiB`, `GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size(u64);

impl Size {
    const UNITS: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

    pub(super) const fn b(count: u64) -> Self {
        Self(count)
    }

    pub(super) const fn kib(count: u64) -> Self {
        Self(count << 10)
    }

    pub(super) const fn mib(count: u64) -> Self {
        Self(count << 20)
    }

    pub(super) const fn gib(count: u64) -> Self {
        Self(count << 30)
    }

    /// In bytes.
    pub(crate) fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        scaled(text, &Self::UNITS)
            .map(Self)
            .ok_or_else(|| "expected a size such as \"512B\", \"64KiB\" or \"5MiB\"".to_owned())
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0, &Self::UNITS, "B")
    }
}

/// A budget: how many at once, and after how long one more: "5/1m".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    /// The number at once; 1 to a million.
    pub(crate) burst: u32,
    /// The time until one more; more than zero, at most a year.
    pub(crate) every: Span,
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || {
            "expected a budget such as \"5/1m\": five at once, and one more each minute; 1 to 1000000, each 1ms to 365d"
                .to_owned()
        };
        let (burst, every) = text.split_once('/').ok_or_else(expected)?;
        let burst = burst.trim().parse().ok().filter(|burst| (1..=1_000_000).contains(burst)).ok_or_else(expected)?;
        let every = every.parse().ok().filter(|every| INTERVALS.contains(every)).ok_or_else(expected)?;
        Ok(Self { burst, every })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.burst, self.every)
    }
}

/// A budget in bytes: how many at once, and after how long as many again: "20MiB/1h".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ByteRate {
    /// The bytes at once; more than zero.
    pub(crate) bytes: Size,
    /// The time until as many again; more than zero, at most a year.
    pub(crate) per: Span,
}

impl FromStr for ByteRate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || {
            "expected a budget such as \"20MiB/1h\": so much at once, and as much again each hour; at least 1B, over 1ms to \
             365d"
                .to_owned()
        };
        let (bytes, per) = text.split_once('/').ok_or_else(expected)?;
        let bytes = bytes.parse().ok().filter(|bytes| *bytes > Size::b(0)).ok_or_else(expected)?;
        let per = per.parse().ok().filter(|per| INTERVALS.contains(per)).ok_or_else(expected)?;
        Ok(Self { bytes, per })
    }
}

impl fmt::Display for ByteRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.bytes, self.per)
    }
}

/// The longest time of a budget.
const INTERVALS: RangeInclusive<Span> = Span::millis(1)..=Span::days(365);

/// A network in CIDR notation; a single address is the network of that address alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cidr(pub(crate) IpNet);

impl FromStr for Cidr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map(Self)
            .map_err(|_| "expected a network such as \"10.0.0.0/8\" or an address such as \"192.0.2.7\"".to_owned())
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! serde_by_text {
    ($($type:ty),*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}
serde_by_text!(Span, Size, Rate, ByteRate, Cidr);

/// Reads a list that is an array in a file and comma-separated text in an environment variable.
pub(super) fn list<'de, D: Deserializer<'de>, T: FromStr<Err: fmt::Display>>(from: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a list, or text separated by commas")]
    enum Written {
        Array(Vec<String>),
        Commas(String),
    }
    let items = match Written::deserialize(from)? {
        Written::Array(items) => items,
        Written::Commas(text) => text.split(',').map(str::to_owned).collect(),
    };
    let items = items.iter().map(|item| item.trim()).filter(|item| !item.is_empty());
    items.map(|item| item.parse().map_err(D::Error::custom)).collect()
}

/// Reads a list of tables: `[[…]]` in a file, a JSON array in an environment variable or in the file that one names.
pub(super) fn tables<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    struct Tables<T>(PhantomData<T>);

    impl<'de, T: DeserializeOwned> Visitor<'de> for Tables<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of tables, or a JSON array of objects")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
            let mut tables = Vec::new();
            while let Some(table) = items.next_element()? {
                tables.push(table);
            }
            Ok(tables)
        }

        /// The error does not quote the text, which may contain a secret (R51).
        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<T>, E> {
            if text.trim().is_empty() {
                return Ok(Vec::new());
            }
            serde_json::from_str(text).map_err(|error| {
                let (line, column) = (error.line(), error.column());
                E::custom(format!(
                    "expected a JSON array of objects with the documented keys; see line {line}, column {column}"
                ))
            })
        }
    }

    from.deserialize_any(Tables(PhantomData))
}

/// Reads one of the names of an enum.
pub(super) fn choice<'de, D: Deserializer<'de>, T: ValueEnum>(from: D) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    T::from_str(&text, false).map_err(|_| {
        let names = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<_> = names.map(|value| format!("\"{}\"", value.get_name())).collect();
        D::Error::custom(format!("expected one of {}", names.join(", ")))
    })
}

/// "10m" with ("m", 60000) is 600000. None when the text is not a whole number and a unit, or too great.
fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let factor = units.iter().find_map(|(name, factor)| (*name == unit.trim_start()).then_some(*factor))?;
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// The inverse of [`scaled`], with the greatest unit that leaves a whole number.
fn write_scaled(f: &mut fmt::Formatter<'_>, value: u64, units: &[(&str, u64)], of_zero: &str) -> fmt::Result {
    let fits = units.iter().rev().find(|(_, factor)| value != 0 && value.is_multiple_of(*factor));
    match fits {
        Some((unit, factor)) => write!(f, "{}{unit}", value / factor),
        None => write!(f, "{value}{of_zero}"),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_back_as_it_was_written() {
        for text in ["0s", "250ms", "10s", "90s", "10m", "12h", "30d"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
        assert_eq!("90s".parse::<Span>().unwrap().get(), Duration::from_secs(90));
        assert_eq!("60m".parse::<Span>().unwrap().to_string(), "1h");
    }

    #[test]
    fn a_size_reads_back_as_it_was_written() {
        for text in ["0B", "100B", "64KiB", "5MiB", "2GiB"] {
            assert_eq!(text.parse::<Size>().unwrap().to_string(), text);
        }
        assert_eq!("5MiB".parse::<Size>().unwrap().bytes(), 5 * 1024 * 1024);
    }

    #[test]
    fn a_budget_reads_back_as_it_was_written_and_is_never_nothing() {
        assert_eq!("3/20m".parse::<Rate>().unwrap().to_string(), "3/20m");
        for text in ["", "3", "0/1m", "3/0s", "/1m", "3/", "-1/1m", "3B/1m", "3/1m/1m", "1000001/1m", "3/366d"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_budget_in_bytes_reads_back_as_it_was_written_and_is_never_nothing() {
        for text in ["20MiB/1h", "1B/1ms", "64KiB/365d"] {
            assert_eq!(text.parse::<ByteRate>().unwrap().to_string(), text);
        }
        let written: ByteRate = " 20 MiB / 60 m ".parse().unwrap();
        assert_eq!((written.bytes.bytes(), written.per.get()), (20 << 20, Duration::from_hours(1)));
        for text in ["", "20MiB", "20/1h", "0B/1h", "20MiB/0s", "/1h", "20MiB/", "-1B/1h", "20MiB/1h/1h", "20MiB/366d"]
        {
            assert!(text.parse::<ByteRate>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_number_and_a_unit_is_refused() {
        for text in ["", "10", "m", "-1s", "1.5h", "10 minutes", "10M", "18446744073709551615d"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
        for text in ["", "10", "5MB", "-1B", "1.5MiB"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_single_address_is_a_network_of_one() {
        assert_eq!("192.0.2.7".parse::<Cidr>().unwrap().to_string(), "192.0.2.7/32");
        assert_eq!("2001:db8::/32".parse::<Cidr>().unwrap().to_string(), "2001:db8::/32");
        assert!("192.0.2.0/33".parse::<Cidr>().is_err());
    }
}
