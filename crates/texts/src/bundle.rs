//! The text of a key in a language.

use std::{borrow::Cow, sync::OnceLock};

use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::{
    Direction, Language,
    isolation::{isolated, needs_isolation, without_controls},
};

/// The files of the language `$tag`.
macro_rules! sources {
    ($tag:literal) => {
        &[
            include_str!(concat!("../locales/", $tag, "/mails.ftl")),
            include_str!(concat!("../locales/", $tag, "/sms.ftl")),
            include_str!(concat!("../locales/", $tag, "/pages.ftl")),
            include_str!(concat!("../locales/", $tag, "/problems.ftl")),
            include_str!(concat!("../locales/", $tag, "/activity.ftl")),
        ]
    };
}

/// The files of a language.
pub(crate) fn sources(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => sources!("en"),
        Language::German => sources!("de"),
        Language::French => sources!("fr"),
        Language::Spanish => sources!("es"),
        Language::Italian => sources!("it"),
        Language::Dutch => sources!("nl"),
        Language::Polish => sources!("pl"),
        Language::Portuguese => sources!("pt"),
        Language::Japanese => sources!("ja"),
        Language::Chinese => sources!("zh"),
        #[cfg(feature = "mirrored")]
        Language::Mirrored => sources!("en"),
    }
}

/// What a text becomes part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Plain text.
    Plain,
    /// An element of HTML, with values as markup: escaped, or made by the caller.
    Html,
}

/// A value in a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg<'a> {
    /// A name, an address, anything from outside. It is isolated if it is written in the other direction.
    Value(Cow<'a, str>),
    /// A part of the text in the same language.
    Words(Cow<'a, str>),
    /// A number, which may decide between singular and plural.
    Number(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(value: &'a str) -> Self {
        Self::Value(value.into())
    }
}

impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// Why there is no text: a mistake in this program, which the tests of texts exclude.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// No such key.
    #[error("there is no text {0}")]
    Unknown(String),
    /// A value of the text is missing, or one of its parts.
    #[error("the text {0} is incomplete: {1}")]
    Incomplete(String, String),
}

/// The text of a key with its values. A key that the language lacks is taken from English.
pub fn text(language: Language, key: &str, form: Form, args: &[(&str, Arg<'_>)]) -> Result<String, TextError> {
    let bundle = [language, Language::default()].into_iter().map(bundle).find(|bundle| bundle.has_message(key));
    let Some((bundle, pattern)) = bundle.and_then(|bundle| Some((bundle, bundle.get_message(key)?.value()?))) else {
        return Err(TextError::Unknown(key.to_owned()));
    };
    let values: FluentArgs<'_> =
        args.iter().map(|(name, arg)| (Cow::Borrowed(*name), value(arg, form, language.direction()))).collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&values), &mut errors);
    if !errors.is_empty() {
        let errors: Vec<_> = errors.iter().map(FluentError::to_string).collect();
        return Err(TextError::Incomplete(key.to_owned(), errors.join(", ")));
    }
    Ok(match (form, language) {
        // The marks of a typewriter, as is usual in plain text in English.
        (Form::Plain, Language::English) => text.replace(['“', '”'], "\""),
        _ => text.into_owned(),
    })
}

fn value<'a>(arg: &'a Arg<'_>, form: Form, direction: Direction) -> FluentValue<'a> {
    match arg {
        Arg::Number(number) => FluentValue::from(*number),
        Arg::Words(words) => FluentValue::from(&**words),
        Arg::Value(value) => {
            let value = without_controls(value);
            FluentValue::from(match form {
                _ if !needs_isolation(&value, direction) => value,
                Form::Plain => isolated(&value),
                Form::Html => format!("<bdi>{value}</bdi>"),
            })
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> &'static Bundle {
    static BUNDLES: [OnceLock<Bundle>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];
    BUNDLES[language as usize].get_or_init(|| read(language))
}

/// The texts of a language. What cannot be read is missing, which a test excludes.
fn read(language: Language) -> Bundle {
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![identifier]);
    bundle.set_use_isolating(false);
    #[cfg(feature = "mirrored")]
    if language == Language::Mirrored {
        bundle.set_transform(Some(mirrored));
    }
    for source in sources(language) {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(read, _)| read);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The text with its letters after a mark that makes them be written from right to left.
#[cfg(feature = "mirrored")]
fn mirrored(text: &str) -> Cow<'_, str> {
    format!("\u{202e}{text}\u{202c}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(language: Language, form: Form, name: &str) -> String {
        text(language, "mail-hello-name", form, &[("name", name.into())]).unwrap()
    }

    #[test]
    fn a_name_of_the_other_direction_is_isolated_and_cannot_end_its_isolation() {
        assert_eq!(hello(Language::English, Form::Plain, "Jane"), "Hello Jane,");
        assert_eq!(hello(Language::English, Form::Plain, "שרה"), "Hello \u{2068}שרה\u{2069},");
        assert_eq!(hello(Language::English, Form::Html, "שרה"), "Hello <bdi>שרה</bdi>,");
        assert_eq!(hello(Language::English, Form::Plain, "ש\u{2069}\u{202e}רה"), "Hello \u{2068}שרה\u{2069},");
        assert_eq!(hello(Language::German, Form::Plain, "Jane"), "Guten Tag Jane,");
    }

    #[test]
    fn a_text_is_never_incomplete() {
        assert_eq!(
            text(Language::English, "mail-hello-nmae", Form::Plain, &[]),
            Err(TextError::Unknown("mail-hello-nmae".to_owned()))
        );
        let incomplete = text(Language::English, "mail-hello-name", Form::Plain, &[]);
        assert!(matches!(incomplete, Err(TextError::Incomplete(..))), "{incomplete:?}");
    }
}
