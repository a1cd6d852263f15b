//! Authentication factors, and sets of them.

/// An authentication factor. Stored values are those of `amr` (RFC 8176) where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    /// The account's password: `pwd`.
    Password,
    /// Possession of the account's e-mail address: `email`. It never counts as a second factor (R31).
    Email,
    /// A time-based one-time password (RFC 6238): `otp`.
    Totp,
    /// A passkey (WebAuthn) with user verification: `pop`.
    Passkey,
    /// A backup code: `backup_code`. It takes the place of a one-time password.
    BackupCode,
}

impl Factor {
    /// The stored value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Email => "email",
            Self::Totp => "otp",
            Self::Passkey => "pop",
            Self::BackupCode => "backup_code",
        }
    }

    /// Whether it is more than a password or a mailbox: possession of something else.
    pub fn is_second(self) -> bool {
        match self {
            Self::Totp | Self::Passkey | Self::BackupCode => true,
            Self::Password | Self::Email => false,
        }
    }

    /// The reverse of [`Factor::as_str`]; `None` for a value of another build.
    pub fn from_stored(word: &str) -> Option<Self> {
        let all = [Self::Password, Self::Email, Self::Totp, Self::Passkey, Self::BackupCode];
        all.into_iter().find(|factor| factor.as_str() == word)
    }
}

/// A set of factors, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Factors(Vec<Factor>);

impl Factors {
    /// The set of these factors.
    pub fn of(factors: impl IntoIterator<Item = Factor>) -> Self {
        let mut factors: Vec<Factor> = factors.into_iter().collect();
        factors.sort_unstable();
        factors.dedup();
        Self(factors)
    }

    /// The same set with one factor more.
    #[must_use]
    pub fn with(&self, factor: Factor) -> Self {
        Self::of(self.iter().chain([factor]))
    }

    /// Whether the set holds a factor.
    pub fn contains(&self, factor: Factor) -> bool {
        self.0.contains(&factor)
    }

    /// The same set without a factor.
    #[must_use]
    pub fn without(&self, factor: Factor) -> Self {
        Self::of(self.iter().filter(|other| *other != factor))
    }

    /// Whether one of the factors is more than a password or a mailbox.
    pub fn has_second(&self) -> bool {
        self.iter().any(Factor::is_second)
    }

    /// The factors, in order.
    pub fn iter(&self) -> impl Iterator<Item = Factor> + '_ {
        self.0.iter().copied()
    }

    /// The stored text: values separated by blanks.
    pub fn to_text(&self) -> String {
        let words: Vec<&str> = self.iter().map(Factor::as_str).collect();
        words.join(" ")
    }

    /// The factors of a text that this build knows. Unknown ones, of a newer build, are left out, so that a sign-in
    /// that has them stays valid (R92). Use it for proven factors only; required ones are read by
    /// [`Factors::from_text`].
    pub fn known_in(text: &str) -> Self {
        Self::of(text.split_ascii_whitespace().filter_map(Factor::from_stored))
    }

    /// The reverse of [`Factors::to_text`]; `None` if a value is unknown.
    pub fn from_text(text: &str) -> Option<Self> {
        text.split_ascii_whitespace().map(Factor::from_stored).collect::<Option<Vec<_>>>().map(Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_reads_back_from_its_text_whatever_the_order() {
        let both = Factors::of([Factor::Email, Factor::Password, Factor::Email]);
        assert_eq!(both.to_text(), "pwd email");
        let all = both.with(Factor::Totp).with(Factor::Passkey).with(Factor::BackupCode);
        assert_eq!(Factors::from_text(&all.to_text()), Some(all.clone()));
        assert!(all.has_second() && !both.has_second());
        assert_eq!(all.without(Factor::Totp).to_text(), "pwd email pop backup_code");
        assert_eq!(Factors::from_text("email pwd"), Some(both));
        assert_eq!(Factors::from_text(""), Some(Factors::default()));
        assert_eq!(Factors::from_text("pwd dance"), None);
        assert_eq!(Factors::known_in("pwd dance"), Factors::of([Factor::Password]));
    }
}
