//! Usernames that users cannot choose, because they could be mistaken for the operator or the service.

use std::collections::BTreeSet;

use crate::{Rule, Username, username::look};

/// A list of reserved names, compared by their look and regardless of separators (R6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReservedNames(BTreeSet<String>);

impl ReservedNames {
    /// A list of names. Only their letters and digits count.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let looks = names.into_iter().flat_map(|name| [read(name), read(&name.to_lowercase())]);
        Self(looks.filter(|look| !look.is_empty()).collect())
    }

    /// The name, unless it looks like a reserved one.
    pub fn check(&self, name: Username) -> Result<Username, Rule> {
        let looks = [read(name.as_str()), read(&name.canonical())];
        if looks.iter().any(|look| self.0.contains(look)) { Err(Rule::Reserved) } else { Ok(name) }
    }
}

/// The form in which names are compared: skeleton, without separators, digits replaced by similar letters.
fn read(name: &str) -> String {
    let joined: String = name.chars().filter(|c| !matches!(c, '_' | '.' | '-') && !c.is_whitespace()).collect();
    let letter = |c| match c {
        '0' => 'o',
        '1' | 'i' => 'l',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        other => other,
    };
    look(&joined).chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r6_names_that_look_like_a_reserved_one_are_refused() {
        let reserved = ReservedNames::new(["admin", "root", "mailer-daemon", "My App", ""]);
        let check = |typed: &str| reserved.check(Username::parse(typed).unwrap());
        for typed in [
            "admin",
            "Admin",
            "ADMIN",
            "adm1n",
            "admIn",
            "ad.min",
            "a-d-m-i-n",
            "admin_",
            "r00t",
            "ROOT",
            "MailerDaemon",
            "myapp",
            "my.app",
            "MyApp",
            "aDmIn",
            "a.d_m-i.n",
            "ro0t",
            "R.O.O.T",
            "mailer_daemon",
            "mai1er.daemon",
            "my_app",
            "MY-APP",
        ] {
            assert_eq!(check(typed), Err(Rule::Reserved), "{typed}");
        }
        for typed in ["administer", "badmin", "rooted", "adam", "myapple"] {
            assert!(check(typed).is_ok(), "{typed}");
        }
        assert!(ReservedNames::default().check(Username::parse("admin").unwrap()).is_ok());
    }
}
