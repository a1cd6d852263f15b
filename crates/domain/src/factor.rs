//! Authentication factors, and sets of them.

/// An authentication factor. Stored values are those of `amr` (RFC 8176) where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    /// The account's password: `pwd`.
    Password,
    /// Possession of the account's e-mail address: `email`. It never counts as a second factor (R31).
    Email,
    /// Possession of the account's phone number, by a text message: `phone`. It begins a sign-in and never counts as a second
    /// factor.
    Phone,
    /// A time-based one-time password (RFC 6238): `otp`.
    Totp,
    /// A passkey (WebAuthn) with user verification: `pop`.
    Passkey,
    /// A text message to the number that is enrolled as second factor: `sms`.
    Sms,
    /// A backup code: `backup_code`. It takes the place of a one-time password.
    BackupCode,
}

impl Factor {
    /// The stored value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Totp => "otp",
            Self::Passkey => "pop",
            Self::Sms => "sms",
            Self::BackupCode => "backup_code",
        }
    }

    /// Whether it can be a second factor: more than a password, a mailbox or the phone number that began the sign-in.
    pub fn is_second(self) -> bool {
        match self {
            Self::Totp | Self::Passkey | Self::Sms | Self::BackupCode => true,
            Self::Password | Self::Email | Self::Phone => false,
        }
    }

    /// The reverse of [`Factor::as_str`]; `None` for a value of another build.
    pub fn from_stored(word: &str) -> Option<Self> {
        let first = [Self::Password, Self::Email, Self::Phone];
        let second = [Self::Totp, Self::Passkey, Self::Sms, Self::BackupCode];
        first.into_iter().chain(second).find(|factor| factor.as_str() == word)
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

    /// Whether one of the factors can be a second factor. For what is enrolled or required; what was proven may be one
    /// channel only, which [`Factors::prove_second`] tells.
    pub fn has_second(&self) -> bool {
        self.iter().any(Factor::is_second)
    }

    /// Whether proofs of these factors are proofs by a second factor. A text message is one only beside a factor of
    /// another channel: the phone never serves as both (R32).
    pub fn prove_second(&self) -> bool {
        let is_of_another_channel = |factor| factor != Factor::Sms && factor != Factor::Phone;
        self.iter().any(|factor| factor.is_second() && is_of_another_channel(factor))
            || self.contains(Factor::Sms) && self.iter().any(is_of_another_channel)
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
        let all = both.with(Factor::Phone).with(Factor::Totp).with(Factor::Passkey);
        let all = all.with(Factor::Sms).with(Factor::BackupCode);
        assert_eq!(Factors::from_text(&all.to_text()), Some(all.clone()));
        assert!(all.has_second() && !both.has_second());
        assert_eq!(all.without(Factor::Totp).to_text(), "pwd email phone pop sms backup_code");
        assert_eq!(Factors::from_text("email pwd"), Some(both));
        assert_eq!(Factors::from_text(""), Some(Factors::default()));
        assert_eq!(Factors::from_text("pwd dance"), None);
        assert_eq!(Factors::known_in("pwd dance"), Factors::of([Factor::Password]));
    }

    #[test]
    fn r32_the_phone_alone_is_never_two_factors() {
        let prove_second = |factors: &[Factor]| Factors::of(factors.iter().copied()).prove_second();
        for one_channel in [&[Factor::Phone][..], &[Factor::Sms], &[Factor::Phone, Factor::Sms], &[Factor::Email]] {
            assert!(!prove_second(one_channel), "{one_channel:?}");
        }
        for two in [[Factor::Password, Factor::Sms], [Factor::Email, Factor::Sms], [Factor::Phone, Factor::BackupCode]]
        {
            assert!(prove_second(&two), "{two:?}");
        }
        assert!(!prove_second(&[Factor::Password, Factor::Email, Factor::Phone]), "R31");
    }
}
