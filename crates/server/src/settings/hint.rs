//! Hints for unknown keys. It knows the names of the keys and not their values.

use super::layer::{PREFIX, documented_keys};

/// The message about the unknown `key`. `in_variable`: the hint is for an environment variable.
pub(super) fn unknown_key(key: &str, in_variable: bool) -> String {
    if key == "env" {
        return "unknown key; the environment is chosen by SELFSAME_ENV, with one underscore".to_owned();
    }
    match nearest(key) {
        Some(near) if in_variable => format!("unknown key; did you mean {}?", variable(&near)),
        Some(near) => format!("unknown key; did you mean {near}?"),
        None => "unknown key; `selfsame config check` lists every key when nothing is wrong".to_owned(),
    }
}

/// The message about a variable that begins with `SELFSAME` and is no setting.
pub(super) fn unknown_variable(name: &str) -> String {
    let bare = |text: &str| text.to_ascii_lowercase().replace(['_', '.'], "");
    let typed = bare(name).trim_start_matches("selfsame").to_owned();
    if ["environment", "env", "mode", "profile"].contains(&typed.as_str()) {
        return "unknown variable; the environment is chosen by SELFSAME_ENV".to_owned();
    }
    let known = documented_keys();
    let of_file = |key: &String| format!("{key}_file");
    let names = known.iter().cloned().chain(known.iter().map(of_file));
    let near = names.map(|key| (strsim::damerau_levenshtein(&bare(&key), &typed), key)).min();
    match near {
        Some((distance, key)) if distance <= (typed.len() / 4).min(3) => {
            format!("unknown variable; did you mean {}?", variable(&key))
        }
        _ => "unknown variable; settings are SELFSAME__SECTION__KEY, with two underscores".to_owned(),
    }
}

/// The environment variable that sets `key`.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// A key with a small typing difference, or with the same last part in another section.
fn nearest(key: &str) -> Option<String> {
    let known = documented_keys();
    let slip = known.iter().map(|known| (strsim::damerau_levenshtein(known, key), known)).min();
    if let Some((distance, near)) = slip
        && distance <= (key.len() / 4).max(2)
    {
        return Some(near.clone());
    }
    let last = |key: &str| key.rsplit('.').next().map(str::to_owned);
    let mut same = known.iter().filter(|known| last(known) == last(key));
    // Two sections have such a key, so there is no hint.
    same.next().filter(|_| same.next().is_none()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        assert_eq!(nearest("server.bnd").as_deref(), Some("server.bind"));
        assert_eq!(nearest("servr.public_url").as_deref(), Some("server.public_url"));
        assert_eq!(nearest("datadir").as_deref(), Some("data_dir"));
        assert_eq!(nearest("passwords.minlength").as_deref(), Some("passwords.min_length"));
    }

    #[test]
    fn a_key_in_the_wrong_section_is_recognised() {
        assert_eq!(nearest("http.public_url").as_deref(), Some("server.public_url"));
        assert_eq!(nearest("bind").as_deref(), Some("server.bind"));
    }

    #[test]
    fn a_variable_that_is_one_underscore_off_is_recognised() {
        for (name, hint) in [
            ("SELFSAME_DATABASE__URL", "SELFSAME__DATABASE__URL"),
            ("SELFSAME_DATABASE_URL", "SELFSAME__DATABASE__URL"),
            ("SELFSAME_SERVER_BIND", "SELFSAME__SERVER__BIND"),
            ("SELFSAME_MAIL_URL_FILE", "SELFSAME__MAIL__URL_FILE"),
            ("selfsame__server__bind", "SELFSAME__SERVER__BIND"),
            ("SELFSAME_ENVIRONMENT", "SELFSAME_ENV"),
            ("SELFSAMEENV", "SELFSAME_ENV"),
            ("SELFSAME_WHATEVER_ELSE", "SELFSAME__SECTION__KEY"),
        ] {
            let message = unknown_variable(name);
            assert!(message.contains(hint), "{name}: {message}");
        }
    }

    #[test]
    fn nothing_is_made_up_for_a_key_like_no_other() {
        assert_eq!(nearest("quantum.flux_capacitor"), None);
        assert_eq!(nearest("url"), None, "database, mail and blobs all have one");
    }

    #[test]
    fn a_hint_for_a_variable_names_the_variable() {
        assert!(unknown_key("server.bnd", true).contains("SELFSAME__SERVER__BIND"));
        assert!(unknown_key("env", true).contains("SELFSAME_ENV"));
    }
}
