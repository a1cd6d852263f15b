//! An instant as its reader writes dates and times: in their time zone, in the order and with the signs of their locale.

use std::str::FromStr as _;

use chrono::{
    NaiveDate,
    format::{Item, StrftimeItems},
};
use chrono_tz::Tz;
use pure_rust_locales::{Locale, locale_match};

use crate::Instant;

/// ISO 8601, for readers without a locale.
const DATE: &str = "%Y-%m-%d";
const TIME: &str = "%H:%M:%S";

/// The country that is meant by a language alone, where it does not have the same letters.
const COUNTRIES: &[(&str, &str)] = &[
    ("ar", "EG"),
    ("ca", "ES"),
    ("cs", "CZ"),
    ("da", "DK"),
    ("el", "GR"),
    ("en", "US"),
    ("et", "EE"),
    ("eu", "ES"),
    ("fa", "IR"),
    ("ga", "IE"),
    ("he", "IL"),
    ("hi", "IN"),
    ("ja", "JP"),
    ("ko", "KR"),
    ("nb", "NO"),
    ("nn", "NO"),
    ("sl", "SI"),
    ("sq", "AL"),
    ("sr", "RS"),
    ("sv", "SE"),
    ("uk", "UA"),
    ("vi", "VN"),
    ("zh", "CN"),
];

/// Date, time and zone of an instant. Without a time zone (IANA) it is UTC, without a locale (BCP 47) ISO 8601; both also
/// if they are unknown.
pub fn in_words(instant: Instant, zoneinfo: Option<&str>, locale: Option<&str>) -> String {
    let zone = zoneinfo.and_then(|name| Tz::from_str(name).ok()).unwrap_or(Tz::UTC);
    let (date, time) = formats(locale).unwrap_or_else(|| (DATE.to_owned(), TIME.to_owned()));
    let local = instant.with_timezone(&zone);
    let shown = local
        .format_with_items(StrftimeItems::new(&date).chain(StrftimeItems::new(", ")).chain(StrftimeItems::new(&time)));
    if zone == Tz::UTC { format!("{shown} (UTC)") } else { format!("{shown} ({zone}, UTC{})", local.format("%:z")) }
}

/// A day (`YYYY-MM-DD`) as its reader writes dates. Without a known locale, or if it is no day, it stays as it is.
pub fn day_in_words(day: &str, locale: Option<&str>) -> String {
    let parsed = NaiveDate::parse_from_str(day, DATE).ok();
    let Some((parsed, (date, _))) = parsed.zip(formats(locale)) else { return day.to_owned() };
    parsed.format(&date).to_string()
}

/// The formats of date and time of a language tag, if both are known and can be written.
fn formats(locale: Option<&str>) -> Option<(String, String)> {
    let mut subtags = locale?.split('-');
    let language = subtags.next()?.to_ascii_lowercase();
    let region = subtags.find(|subtag| subtag.len() == 2).map(str::to_ascii_uppercase);
    let country = || COUNTRIES.iter().find(|(of, _)| *of == language).map(|(_, country)| (*country).to_owned());
    let region = region.or_else(country).unwrap_or_else(|| language.to_ascii_uppercase());
    let locale = Locale::try_from(format!("{language}_{region}").as_str()).ok()?;
    let [date, time] = [locale_match!(locale => LC_TIME::D_FMT), locale_match!(locale => LC_TIME::T_FMT)];
    Some((writable(date)?, writable(time)?))
}

/// A format without other calendars and digits; `None` if it has what cannot be written.
fn writable(format: &str) -> Option<String> {
    let plain = format.replace("%E", "%").replace("%O", "%");
    let is_writable = StrftimeItems::new(&plain).all(|item| !matches!(item, Item::Error));
    is_writable.then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(zoneinfo: Option<&str>, locale: Option<&str>) -> String {
        in_words("2026-03-14T15:09:26.535Z".parse().unwrap(), zoneinfo, locale)
    }

    #[test]
    fn an_instant_is_told_in_the_time_zone_and_the_format_of_its_reader() {
        for (zoneinfo, locale, expected) in [
            (None, None, "2026-03-14, 15:09:26 (UTC)"),
            (Some("Europe/Amsterdam"), Some("nl"), "14-03-26, 16:09:26 (Europe/Amsterdam, UTC+01:00)"),
            (Some("America/New_York"), Some("en-US"), "03/14/2026, 11:09:26 AM (America/New_York, UTC-04:00)"),
            (Some("America/New_York"), Some("en"), "03/14/2026, 11:09:26 AM (America/New_York, UTC-04:00)"),
            (Some("Europe/Berlin"), Some("de-DE"), "14.03.2026, 16:09:26 (Europe/Berlin, UTC+01:00)"),
            (Some("Asia/Tokyo"), Some("ja"), "2026年03月15日, 00時09分26秒 (Asia/Tokyo, UTC+09:00)"),
            (Some("Asia/Taipei"), Some("zh-Hant-TW"), "西元2026年03月14日, 23時09分26秒 (Asia/Taipei, UTC+08:00)"),
            (Some("Mars/Olympus_Mons"), Some("tlh"), "2026-03-14, 15:09:26 (UTC)"),
        ] {
            assert_eq!(told(zoneinfo, locale), expected, "{zoneinfo:?} {locale:?}");
        }
    }

    #[test]
    fn a_day_is_told_in_the_format_of_its_reader() {
        for (locale, expected) in [
            (None, "2026-06-11"),
            (Some("de"), "11.06.2026"),
            (Some("pt-BR"), "11/06/2026"),
            (Some("ja"), "2026年06月11日"),
            (Some("zh"), "2026年06月11日"),
            (Some("tlh"), "2026-06-11"),
        ] {
            assert_eq!(day_in_words("2026-06-11", locale), expected, "{locale:?}");
        }
        assert_eq!(day_in_words("some day", Some("de")), "some day");
    }

    #[test]
    fn every_locale_has_formats_that_can_be_written_or_none() {
        for locale in ["ar-SA", "fa-IR", "th-TH", "my-MM", "bg", "hu-HU", "ko", "lt-LT", "sv-SE", "zz-ZZ", "-", "en--"]
        {
            assert!(told(Some("Asia/Bangkok"), Some(locale)).contains("Asia/Bangkok"), "{locale}");
        }
    }
}
