//! What happened, in one sentence for each action. The sentences are texts (`activity-…`), in the language of the reader.

use selfsame_texts::{Form, Language, text};

/// The sentence of an action that this version does not know.
const UNKNOWN: &str = "activity-unknown";

/// The sentence of a stored action.
pub(super) fn title(action: &str, language: Language) -> String {
    let key = format!("activity-{}", action.replace(['.', '_'], "-"));
    let found = [key.as_str(), UNKNOWN].into_iter().find_map(|key| text(language, key, Form::Plain, &[]).ok());
    // A test reads every one, so none is missing.
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use selfsame_domain::Action;

    use super::*;

    #[test]
    fn every_action_has_a_sentence_of_its_own_in_every_language() {
        for language in Language::ALL {
            let unknown = title("from.the_future", *language);
            let titles: BTreeSet<_> = Action::ALL.iter().map(|action| title(action.as_str(), *language)).collect();
            assert_eq!(titles.len(), Action::ALL.len(), "{language:?}");
            assert!(!unknown.is_empty() && !titles.contains(&unknown), "{language:?}");
        }
    }

    #[test]
    fn a_sentence_is_in_the_language_of_its_reader() {
        let begun = |language| title(Action::SignedIn.as_str(), language);
        assert_eq!(begun(Language::English), "Somebody signed in to the account.");
        assert_eq!(begun(Language::German), "Jemand hat sich beim Konto angemeldet.");
        let unknown = title("from.the_future", Language::English);
        assert_eq!(unknown, "Something happened that this version of the server does not know.");
    }
}
