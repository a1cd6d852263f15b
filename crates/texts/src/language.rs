//! The languages of this server.

/// A language that has all texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Italian.
    Italian,
    /// Dutch.
    Dutch,
    /// Polish.
    Polish,
    /// Portuguese, as it is written in Brazil.
    Portuguese,
    /// Japanese.
    Japanese,
    /// Chinese, in simplified characters.
    Chinese,
    /// English letter for letter from right to left: stands for the languages that are written so, in tests.
    #[cfg(feature = "mirrored")]
    Mirrored,
}

/// The direction of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

impl Direction {
    /// The value of the attribute `dir` of HTML.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

impl Language {
    /// Every language.
    pub const ALL: &'static [Self] = &[
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Dutch,
        Self::Polish,
        Self::Portuguese,
        Self::Japanese,
        Self::Chinese,
        #[cfg(feature = "mirrored")]
        Self::Mirrored,
    ];

    /// The language tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Italian => "it",
            Self::Dutch => "nl",
            Self::Polish => "pl",
            Self::Portuguese => "pt",
            Self::Japanese => "ja",
            Self::Chinese => "zh",
            #[cfg(feature = "mirrored")]
            Self::Mirrored => "ar-XB",
        }
    }

    /// How it is written.
    pub fn direction(self) -> Direction {
        match self {
            #[cfg(feature = "mirrored")]
            Self::Mirrored => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        }
    }

    /// The language of a language tag, whatever its script and its region; `None` if this server does not have it.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.iter().copied().find(|language| primary(language.tag()) == primary(tag))
    }

    /// The language of a reader with this locale, or the other one if it is not known.
    pub fn of_reader(locale: Option<&str>, otherwise: Self) -> Self {
        locale.and_then(Self::of_tag).unwrap_or(otherwise)
    }

    /// The first language of `Accept-Language` (RFC 9110 section 12.5.4), by weight, that this server has, as the tag with
    /// which the client asks for it: `de-CH` of `gsw, de-CH;q=0.9, en;q=0.5`. `None` if there is none.
    pub fn accepted(header: &str) -> Option<&str> {
        let mut best: Option<(&str, f32)> = None;
        for range in header.split(',') {
            let (tag, parameter) = range.split_once(';').unwrap_or((range, ""));
            let weight = match parameter.split_once('=') {
                Some((_, weight)) => weight.trim().parse().unwrap_or(0.0),
                None => 1.0,
            };
            let tag = tag.trim();
            if is_tag(tag) && Self::of_tag(tag).is_some() && weight > best.map_or(0.0, |(_, weight)| weight) {
                best = Some((tag, weight));
            }
        }
        best.map(|(tag, _)| tag)
    }
}

/// Whether it has the form of a language tag, and so cannot be anything else.
fn is_tag(text: &str) -> bool {
    text.len() <= 35
        && text
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// One value for each language.
#[derive(Debug)]
pub struct PerLanguage<T>(Vec<T>);

impl<T> PerLanguage<T> {
    /// Makes all of them.
    pub fn new<E>(make: impl FnMut(Language) -> Result<T, E>) -> Result<Self, E> {
        Language::ALL.iter().copied().map(make).collect::<Result<_, _>>().map(Self)
    }

    /// The value of a language.
    pub fn of(&self, language: Language) -> &T {
        &self.0[language as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_means_the_language_that_it_begins_with() {
        for (tag, language) in [
            ("de", Some(Language::German)),
            ("de-CH", Some(Language::German)),
            ("DE_at", Some(Language::German)),
            ("en-Latn-GB", Some(Language::English)),
            ("den", None),
            ("", None),
            ("*", None),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
        for (index, language) in Language::ALL.iter().enumerate() {
            assert_eq!(Language::of_tag(language.tag()), Some(*language));
            assert_eq!(*language as usize, index, "in the order of their declaration");
        }
    }

    #[test]
    fn of_a_request_the_language_with_the_greatest_weight_counts_and_of_equal_ones_the_first() {
        for (header, tag) in [
            ("de", Some("de")),
            ("gsw, de-CH;q=0.9, en;q=0.5", Some("de-CH")),
            ("en;q=0.5, de;q=0.9", Some("de")),
            ("de,en", Some("de")),
            ("en ; q=0.8 , de ; q=0.8", Some("en")),
            ("de;q=0, en;q=0.1", Some("en")),
            ("tlh, *;q=0.5", None),
            ("de;q=high, en;q=0.1", Some("en")),
            ("de;q=NaN", None),
            ("en;Q=0.5,de;Q=0.6", Some("de")),
            ("de\"><script>, en", Some("en")),
            (";;;,,,de;q=0.2", Some("de")),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), tag, "{header}");
        }
    }
}
