//! Which key an operator may have meant. Knows the names of the keys and nothing of their values.

use super::layer::{PREFIX, documented_keys};

/// What to say about `key`, which no setting has. `in_variable` words the hint for an environment variable.
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

/// The environment variable that sets `key`.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// A key that differs by a slip of the pen, or has the same last word in another section.
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
    // Two sections with such a key: no telling which was meant.
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
