//! The titles of problems (RFC 9457), one for each type: short, without details of an occurrence. They are texts
//! (`problem-…`), in the language of the reader.

use selfsame_texts::{Form, Language, text};

/// The title of a code; none if it has no text, which a test excludes.
pub(super) fn title(code: &str, language: Language) -> Option<String> {
    let key = format!("problem-{}", code.to_ascii_lowercase().replace('_', "-"));
    text(language, &key, Form::Plain, &[]).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Type and title of every problem in a document.
    fn walk(value: &Value, types: &mut Vec<(String, String)>) {
        match value {
            Value::Object(members) => {
                if let (Some(Value::String(kind)), Some(Value::String(title))) =
                    (members.get("type"), members.get("title"))
                    && kind.starts_with("urn:selfsame:problem:")
                {
                    types.push((kind.clone(), title.clone()));
                }
                members.values().for_each(|member| walk(member, types));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, types)),
            _ => {}
        }
    }

    #[test]
    fn r61_every_problem_of_the_document_has_the_title_of_its_type() {
        let mut types = Vec::new();
        walk(&serde_json::to_value(crate::document()).unwrap(), &mut types);
        assert!(types.len() > 50, "{}", types.len());
        for (kind, shown) in types {
            let code = kind.rsplit(':').next().unwrap().to_ascii_uppercase().replace('-', "_");
            assert_eq!(title(&code, Language::English).as_ref(), Some(&shown), "{code}");
        }
    }
}
