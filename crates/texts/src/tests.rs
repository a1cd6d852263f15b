//! What holds for the texts of every language: the same keys and values as in English, nothing that HTML would take for
//! markup, and lengths that fit where the texts stand.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::LazyLock,
};

use fluent_syntax::{
    ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser::parse,
};
use unicode_width::UnicodeWidthStr as _;

use crate::{Arg, Form, Language, bundle::sources, text};

/// A text as it stands in its file.
#[derive(Default)]
struct Parsed {
    /// The names of its values, and of the texts that it is made of.
    names: BTreeSet<String>,
    /// The forms of plural that it has.
    variants: usize,
    /// What stands between the values.
    literals: String,
}

impl Parsed {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.literals.push_str(value),
                PatternElement::Placeable { expression: Expression::Inline(inline) } => self.inline(inline),
                PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                    self.inline(selector);
                    self.variants += variants.len();
                    for variant in variants {
                        self.pattern(&variant.value);
                    }
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => drop(self.names.insert(format!("${}", id.name))),
            InlineExpression::MessageReference { id, .. } => drop(self.names.insert(id.name.to_owned())),
            InlineExpression::FunctionReference { arguments: CallArguments { positional, .. }, .. } => {
                for argument in positional {
                    self.inline(argument);
                }
            }
            other => panic!("no {other:?} in texts"),
        }
    }
}

fn english() -> &'static BTreeMap<String, Parsed> {
    static ENGLISH: LazyLock<BTreeMap<String, Parsed>> = LazyLock::new(|| parsed(Language::English));
    &ENGLISH
}

fn parsed(language: Language) -> BTreeMap<String, Parsed> {
    let mut texts = BTreeMap::new();
    for source in sources(language) {
        let resource = parse(*source).unwrap_or_else(|(_, errors)| panic!("{language:?}: {errors:?}"));
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    let mut parsed = Parsed::default();
                    parsed.pattern(&message.value.unwrap());
                    assert!(message.attributes.is_empty(), "{language:?} {}", message.id.name);
                    let earlier = texts.insert(message.id.name.to_owned(), parsed);
                    assert!(earlier.is_none(), "{language:?} {} stands twice", message.id.name);
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                other => panic!("{language:?}: {other:?}"),
            }
        }
    }
    texts
}

/// The text with a value for each of its names.
fn filled(language: Language, key: &str, count: i64) -> String {
    let names = english()[key].names.iter().filter_map(|name| name.strip_prefix('$'));
    let values: Vec<(&str, String)> = names.map(|name| (name, value_of(name))).collect();
    let args: Vec<(&str, Arg<'_>)> = values
        .iter()
        .map(|(name, value)| match *name {
            "count" | "left" | "minutes" | "min_length" => (*name, Arg::Number(count)),
            _ => (*name, Arg::from(value.as_str())),
        })
        .collect();
    text(language, key, Form::Plain, &args).unwrap()
}

fn value_of(name: &str) -> String {
    let value = match name {
        "app_name" => "Selfsame",
        "code" => "12345678",
        "masked" | "masked_email" => "j***@example.org",
        _ => "value",
    };
    value.to_owned()
}

fn every_text() -> impl Iterator<Item = (Language, &'static str)> {
    Language::ALL.iter().flat_map(|language| english().keys().map(|key| (*language, key.as_str())))
}

#[test]
fn every_language_has_every_text_and_no_other_with_the_same_values() {
    let english = english();
    assert!(english.len() > 150, "{}", english.len());
    for language in Language::ALL {
        let own = parsed(*language);
        let missing: Vec<_> = english.keys().filter(|key| !own.contains_key(*key)).collect();
        let unknown: Vec<_> = own.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && unknown.is_empty(), "{language:?}: missing {missing:?}, unknown {unknown:?}");
        for (key, text) in &own {
            let values = |text: &Parsed| text.names.iter().filter(|name| name.starts_with('$')).cloned().collect();
            let (own, expected): (Vec<String>, Vec<String>) = (values(text), values(&english[key]));
            assert_eq!(own, expected, "{language:?} {key}");
            assert_eq!(text.variants > 0, english[key].variants > 0, "{language:?} {key} has plurals");
        }
    }
}

#[test]
fn no_text_has_what_html_takes_for_markup_and_none_has_marks_of_direction() {
    for language in Language::ALL {
        for (key, text) in parsed(*language) {
            // U+00A0 stands before some marks in French.
            let forbidden = |char: char| "<>&\"\u{200b}".contains(char) || is_mark_of_direction(char);
            let found = text.literals.chars().find(|char| forbidden(*char));
            assert_eq!(found, None, "{language:?} {key}");
        }
    }
}

/// The source code and the templates of the other crates.
fn users_of_texts() -> String {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..")];
    let mut users = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|ending| ["rs", "html", "txt"].iter().any(|of_user| ending == *of_user))
            {
                users.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    users
}

#[test]
fn every_text_has_a_use() {
    let users = users_of_texts();
    let users_of_words = users.replace(['.', '_', ':'], "-");
    for key in english().keys() {
        let is_used = |users: &str, name: &str| users.contains(&format!("\"{name}\""));
        let is_named = match key.split_once('-') {
            Some(("problem", problem)) => is_used(&users, &problem.to_ascii_uppercase().replace('-', "_")),
            Some(("activity", action)) => is_used(&users_of_words, action),
            Some(("undo", text)) => text.strip_prefix("effect-").is_some_and(|effect| is_used(&users_of_words, effect)),
            Some(("oauth", text)) => text.strip_prefix("scope-").is_some_and(|scope| is_used(&users_of_words, scope)),
            _ => false,
        };
        assert!(is_named || is_used(&users, key), "{key}");
    }
}

fn is_mark_of_direction(char: char) -> bool {
    matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn every_text_is_complete_in_every_language_and_for_every_number() {
    for (language, key) in every_text() {
        for count in [0, 1, 2, 3, 5, 10, 21, 22, 30, 1440] {
            let text = filled(language, key, count);
            assert!(!text.trim().is_empty() && !text.contains(['{', '}']), "{language:?} {key}: {text}");
        }
    }
}

#[test]
fn subjects_buttons_and_titles_fit_where_they_stand() {
    for (language, key) in every_text() {
        let columns = filled(language, key, 10).replace(['\u{202e}', '\u{202c}', '\u{2068}', '\u{2069}'], "").width();
        let greatest = match key {
            // RFC 5322 section 2.1.1 recommends up to 78 columns of a line.
            key if key.ends_with("-subject") => 78,
            // On a phone of 320 pixels, with letters of 16 pixels, between the margins of page and button.
            key if key.ends_with("-button") => 30,
            key if key.starts_with("problem-") => 48,
            _ => usize::MAX,
        };
        assert!(columns <= greatest, "{language:?} {key}: {columns} columns");
    }
}

/// Characters of GSM 03.38 that take one septet.
const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
                   abcdefghijklmnopqrstuvwxyzäöñüà";

#[test]
fn a_text_message_is_one_message() {
    for language in Language::ALL.iter().filter(|language| language.direction() == crate::Direction::LeftToRight) {
        for minutes in [1, 2, 5, 10] {
            let args =
                [("code", "1234567890".into()), ("app_name", "Twelve chars".into()), ("minutes", minutes.into())];
            for key in ["sms-verify-phone", "sms-sign-in"] {
                let text = text(*language, key, Form::Plain, &args).unwrap();
                assert!(text.starts_with("1234567890"), "{text}");
                let greatest = if text.chars().all(|char| GSM.contains(char)) { 160 } else { 70 };
                let units = text.encode_utf16().count();
                assert!(units <= greatest, "{language:?}: {units} of {greatest}: {text}");
            }
        }
    }
}

#[test]
fn a_language_that_is_written_from_right_to_left_isolates_every_value() {
    let mirrored = |form| text(Language::Mirrored, "mail-hello-name", form, &[("name", "Jane".into())]).unwrap();
    assert!(mirrored(Form::Plain).contains("\u{2068}Jane\u{2069}"), "{}", mirrored(Form::Plain));
    assert!(mirrored(Form::Html).contains("<bdi>Jane</bdi>"), "{}", mirrored(Form::Html));
}
