//! Texts in the templates of mails and pages. A template holds structure, and names its sentences by their keys:
//!
//! | in a template | what it is |
//! |---|---|
//! | `{{ t("mail-hello-name", name=name) }}` | the text of a key, in HTML as markup, in which values are escaped |
//! | `{{ plain("mail-hello-name", name=name) }}` | the same without markup: for `<title>` and attributes |
//! | `{{ minutes \| within }}` | a time in words, as a part of a text: `within 10 minutes` |
//! | `lang`, `dir` | tag and direction of the language |
//!
//! `app_name`, if the template has it, is a value of every text.

use minijinja::{AutoEscape, Environment, Error, ErrorKind, HtmlEscape, State, Value, value::Kwargs};

use crate::{Arg, Form, Language, TextError, text};

/// Adds the texts of a language.
pub fn add(environment: &mut Environment<'_>, language: Language) {
    environment.add_global("lang", language.tag());
    environment.add_global("dir", language.direction().as_str());
    environment.add_function("t", move |state: &State<'_, '_>, key: &str, args: Kwargs| {
        let form = if *state.auto_escape() == AutoEscape::Html { Form::Html } else { Form::Plain };
        let found = found(state, language, key, form, &args)?;
        Ok::<_, Error>(if form == Form::Html { Value::from_safe_string(found) } else { found.into() })
    });
    environment.add_function("plain", move |state: &State<'_, '_>, key: &str, args: Kwargs| {
        found(state, language, key, Form::Plain, &args).map(Value::from)
    });
    environment.add_filter("within", move |minutes: i64| {
        within(language, minutes).map(Value::from_safe_string).map_err(|error| failed(&error))
    });
}

/// `90` is `within 90 minutes`, `120` is `within 2 hours`, `2880` is `within 2 days`.
pub fn within(language: Language, minutes: i64) -> Result<String, TextError> {
    let (count, key) = match minutes {
        2880.. if minutes % 1440 == 0 => (minutes / 1440, "within-days"),
        60.. if minutes % 60 == 0 => (minutes / 60, "within-hours"),
        _ => (minutes, "within-minutes"),
    };
    text(language, key, Form::Plain, &[("count", count.into())])
}

fn found(state: &State<'_, '_>, language: Language, key: &str, form: Form, args: &Kwargs) -> Result<String, Error> {
    let app_name = state.lookup("app_name").map(|name| ("app_name", name));
    let named: Vec<(&str, Value)> =
        args.args().map(|name| Ok((name, args.get(name)?))).collect::<Result<_, Error>>()?;
    let values: Vec<_> = app_name
        .iter()
        .chain(&named)
        .map(|(name, value)| Ok((*name, arg(value, form)?)))
        .collect::<Result<_, Error>>()?;
    text(language, key, form, &values).map_err(|error| failed(&error))
}

/// A value of a template as one of a text. One that is safe is the result of a filter or of another text.
fn arg(value: &Value, form: Form) -> Result<Arg<'_>, Error> {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    if let Some(number) = value.as_i64() {
        return Ok(Arg::Number(number));
    }
    let Some(string) = value.as_str() else {
        return Err(Error::new(ErrorKind::InvalidOperation, "a value of a text is neither a string nor a number"));
    };
    Ok(match form {
        _ if value.is_safe() => Arg::Words(string.into()),
        Form::Plain => Arg::Value(string.into()),
        Form::Html => Arg::Value(HtmlEscape(string).to_string().into()),
    })
}

fn failed(error: &TextError) -> Error {
    Error::new(ErrorKind::InvalidOperation, error.to_string())
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    fn rendered(name: &str, source: &str, language: Language) -> Result<String, Error> {
        let mut environment = Environment::new();
        add(&mut environment, language);
        environment.render_named_str(name, source, context! { app_name => "R&D", name => "<b>שרה", minutes => 1440 })
    }

    #[test]
    fn values_are_escaped_and_isolated_in_html_and_stay_as_they_are_in_text() {
        let source = r#"{{ t("mail-hello-name", name=name) }}"#;
        assert_eq!(rendered("a.html", source, Language::English).unwrap(), "Hello <bdi>&lt;b&gt;שרה</bdi>,");
        assert_eq!(rendered("a.txt", source, Language::English).unwrap(), "Hello \u{2068}<b>שרה\u{2069},");
        let attribute = r#"<p title="{{ plain("mail-hello-name", name=name) }}" lang="{{ lang }}" dir="{{ dir }}">"#;
        assert_eq!(
            rendered("a.html", attribute, Language::German).unwrap(),
            "<p title=\"Guten Tag \u{2068}&lt;b&gt;שרה\u{2069},\" lang=\"de\" dir=\"ltr\">"
        );
    }

    #[test]
    fn a_template_with_an_unknown_text_or_value_fails() {
        for source in [
            r#"{{ t("mail-hello-nmae") }}"#,
            r#"{{ t("mail-hello-name") }}"#,
            r#"{{ t("mail-hello-name", name=nmae) }}"#,
            r#"{{ plain("mail-hello-name", name=[]) }}"#,
        ] {
            rendered("a.html", source, Language::English).unwrap_err();
        }
    }

    #[test]
    fn times_are_told_in_the_greatest_fitting_unit() {
        for (minutes, told) in [
            (0, "within 0 minutes"),
            (1, "within 1 minute"),
            (10, "within 10 minutes"),
            (60, "within 1 hour"),
            (90, "within 90 minutes"),
            (1440, "within 24 hours"),
            (2880, "within 2 days"),
            (3000, "within 50 hours"),
        ] {
            assert_eq!(within(Language::English, minutes).unwrap(), told);
        }
        assert_eq!(within(Language::German, 2880).unwrap(), "innerhalb von 2 Tagen");
    }
}
