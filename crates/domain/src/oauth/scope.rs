//! Scopes (RFC 6749 section 3.3): what an application may do for its user.

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// One scope.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scope { $($(#[$doc])* $name,)* }

        impl Scope {
            /// Every scope.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The text on the wire and in storage.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The reverse of [`Scope::as_str`].
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

scopes! {
    /// Who the user is: an ID token and `sub` (OpenID Connect Core section 3.1.2.1).
    OpenId = "openid";
    /// Names, picture, language and time zone, read at the userinfo endpoint.
    Profile = "profile";
    /// The primary e-mail address, read at the userinfo endpoint.
    Email = "email";
    /// The primary phone number, read at the userinfo endpoint.
    Phone = "phone";
    /// A refresh token (OpenID Connect Core section 11).
    OfflineAccess = "offline_access";
    /// To read the whole profile through the contracts.
    ProfileRead = "profile:read";
    /// To change the profile through the contracts, and to read it.
    ProfileWrite = "profile:write";
    /// To read sign-ins, factors, devices, passkeys and applications. Not values of the profile.
    SecurityRead = "security:read";
    /// To change credentials, identifiers, factors and sign-ins, to delete the account, and to read what
    /// [`Scope::SecurityRead`] allows.
    SecurityWrite = "security:write";
}

impl Scope {
    /// Whether this scope allows what `needed` allows.
    fn includes(self, needed: Self) -> bool {
        self == needed
            || matches!(
                (self, needed),
                (Self::ProfileWrite, Self::ProfileRead) | (Self::SecurityWrite, Self::SecurityRead)
            )
    }
}

/// A set of scopes, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// The set of these scopes.
    pub fn of(scopes: impl IntoIterator<Item = Scope>) -> Self {
        let mut scopes: Vec<Scope> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    /// The scopes of a space-separated text that this build knows. Others are left out, as OpenID Connect Core section
    /// 3.1.2.1 asks for those of a request.
    pub fn known_in(text: &str) -> Self {
        Self::of(text.split_ascii_whitespace().filter_map(Scope::parse))
    }

    /// The text on the wire and in storage, separated by blanks.
    pub fn to_text(&self) -> String {
        let words: Vec<&str> = self.iter().map(Scope::as_str).collect();
        words.join(" ")
    }

    /// The scopes, in order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the set has exactly this scope.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether one of the scopes allows what `needed` allows.
    pub fn allow(&self, needed: Scope) -> bool {
        self.iter().any(|scope| scope.includes(needed))
    }

    /// Whether every scope of `other` is in this set.
    pub fn contains_all(&self, other: &Self) -> bool {
        other.iter().all(|scope| self.contains(scope))
    }

    /// The scopes that are in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self::of(self.iter().filter(|scope| other.contains(*scope)))
    }

    /// The scopes that are in one of the sets.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.iter().chain(other.iter()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_scopes_reads_back_from_its_text_and_leaves_out_unknown_ones() {
        let scopes = Scopes::known_in("email  openid address email");
        assert_eq!(scopes.to_text(), "openid email");
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(*scope));
        }
    }

    #[test]
    fn who_may_change_something_may_read_it_and_nothing_else() {
        let write = Scopes::known_in("profile:write");
        assert!(write.allow(Scope::ProfileRead) && write.allow(Scope::ProfileWrite));
        assert!(!write.allow(Scope::SecurityRead) && !write.allow(Scope::Profile));
        assert!(!Scopes::known_in("profile:read").allow(Scope::ProfileWrite));
        assert!(!write.contains(Scope::ProfileRead), "a scope is not granted by another");
    }
}
