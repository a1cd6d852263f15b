//! What the operator lets users do with each claim of their profile. One set of rights for every contract.

use std::borrow::Cow;

use crate::{Attributes, Change, Claim, Difference, IdentifierKind, ProfilePatch, Rule, SignUpForm, User, Violations};

/// What a user may do with a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldRight {
    /// The claim is not shown and cannot be set.
    Off,
    /// It is shown; only the operator sets it.
    Read,
    /// The user may change it.
    #[default]
    Edit,
    /// The user may change it after a recent proof of who they are.
    StepUp,
}

impl FieldRight {
    /// Its name, as in the settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Read => "read",
            Self::Edit => "edit",
            Self::StepUp => "step_up",
        }
    }

    /// The rule that any change breaks.
    pub fn forbids(self) -> Option<Rule> {
        match self {
            Self::Off => Some(Rule::NotOffered),
            Self::Read => Some(Rule::ReadOnly),
            Self::Edit | Self::StepUp => None,
        }
    }
}

/// The rights of all claims. A claim that is not named may be edited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldRights(Vec<(Claim, FieldRight)>);

impl FieldRights {
    /// The claims that have a right, each with its name of OpenID Connect.
    pub const CLAIMS: [(&str, Claim); 10] = [
        ("given_name", Claim::GivenName),
        ("family_name", Claim::FamilyName),
        ("name", Claim::Name),
        ("preferred_username", Claim::PreferredUsername),
        ("email", Claim::Email),
        ("phone_number", Claim::PhoneNumber),
        ("locale", Claim::Locale),
        ("zoneinfo", Claim::Zoneinfo),
        ("picture", Claim::Picture),
        ("attributes", Claim::Attributes),
    ];

    /// These rights, and [`FieldRight::Edit`] for everything else.
    pub fn new(rights: impl IntoIterator<Item = (Claim, FieldRight)>) -> Self {
        Self(rights.into_iter().collect())
    }

    /// The right of a claim.
    pub fn of(&self, claim: Claim) -> FieldRight {
        self.0.iter().find(|(named, _)| *named == claim).map(|(_, right)| *right).unwrap_or_default()
    }

    /// The right of the identifiers of a kind.
    pub fn of_kind(&self, kind: IdentifierKind) -> FieldRight {
        self.of(kind.claim())
    }

    /// The claim that a JSON Pointer of a [`Difference`] leads to.
    fn claim_at(pointer: &str) -> Option<Claim> {
        let first = pointer.strip_prefix('/')?.split('/').next()?;
        Self::CLAIMS.into_iter().find(|(name, _)| *name == first).map(|(_, claim)| claim)
    }

    /// The right of the claim that a JSON Pointer of a [`Difference`] leads to.
    pub fn at(&self, pointer: &str) -> FieldRight {
        Self::claim_at(pointer).map(|claim| self.of(claim)).unwrap_or_default()
    }

    /// Takes the claims that are off out of a patch. To clear one is no change, because its user sees it as unset; to set
    /// one is a violation.
    pub(crate) fn withhold(&self, patch: &mut ProfilePatch, violations: &mut Violations) {
        let mut text = |change: &mut Change<String>, claim| {
            if self.of(claim) == FieldRight::Off
                && let Change::Set(_) = std::mem::take(change)
            {
                violations.push(claim, Rule::NotOffered);
            }
        };
        text(&mut patch.given_name, Claim::GivenName);
        text(&mut patch.family_name, Claim::FamilyName);
        text(&mut patch.name, Claim::Name);
        text(&mut patch.preferred_username, Claim::PreferredUsername);
        text(&mut patch.phone_number, Claim::PhoneNumber);
        text(&mut patch.locale, Claim::Locale);
        text(&mut patch.zoneinfo, Claim::Zoneinfo);
        if self.of(Claim::Picture) == FieldRight::Off
            && let Change::Set(_) = std::mem::take(&mut patch.picture)
        {
            violations.push(Claim::Picture, Rule::NotOffered);
        }
        if self.of(Claim::Attributes) == FieldRight::Off
            && patch.attributes.take().is_some_and(|attributes| !attributes.0.is_empty())
        {
            violations.push(Claim::Attributes, Rule::NotOffered);
        }
        if self.of(Claim::PhoneNumber) == FieldRight::Off && patch.primary_phone.take().is_some() {
            violations.push(Claim::PrimaryPhone, Rule::NotOffered);
        }
    }

    /// The violations of a change between two states of an account, by claims that users cannot change.
    pub(crate) fn check(&self, differences: &[Difference]) -> Violations {
        let mut violations = Violations::default();
        for difference in differences {
            let Some(claim) = Self::claim_at(&difference.pointer) else { continue };
            if let Some(rule) = self.of(claim).forbids()
                && !violations.0.iter().any(|violation| violation.claim == claim)
            {
                violations.push(claim, rule);
            }
        }
        violations
    }

    /// The violations of a sign-up, whose user sets every claim of the form.
    pub fn check_form(&self, form: &SignUpForm) -> Violations {
        let fields = [
            (&form.given_name, Claim::GivenName),
            (&form.family_name, Claim::FamilyName),
            (&form.name, Claim::Name),
            (&form.preferred_username, Claim::PreferredUsername),
            (&form.phone_number, Claim::PhoneNumber),
        ];
        let mut violations = Violations::default();
        for (_, claim) in fields.into_iter().filter(|(value, _)| value.is_some()) {
            self.of(claim).forbids().into_iter().for_each(|rule| violations.push(claim, rule));
        }
        violations
    }

    /// An account as its user may see it: claims that are off are unset.
    #[must_use]
    pub fn shown<'u>(&self, user: &'u User) -> Cow<'u, User> {
        if !self.0.iter().any(|(_, right)| *right == FieldRight::Off) {
            return Cow::Borrowed(user);
        }
        let mut shown = user.clone();
        for (claim, right) in &self.0 {
            if *right != FieldRight::Off {
                continue;
            }
            match claim {
                Claim::GivenName => shown.given_name = None,
                Claim::FamilyName => shown.family_name = None,
                Claim::Name => shown.name = None,
                Claim::PreferredUsername => shown.preferred_username = None,
                Claim::Locale => shown.locale = None,
                Claim::Zoneinfo => shown.zoneinfo = None,
                Claim::Picture => shown.picture = None,
                Claim::PhoneNumber => shown.identifiers.retain(|own| own.kind != IdentifierKind::Phone),
                _ => {}
            }
        }
        Cow::Owned(shown)
    }

    /// The attributes as their user may see them.
    #[must_use]
    pub fn shown_attributes(&self, attributes: Attributes) -> Attributes {
        if self.of(Claim::Attributes) == FieldRight::Off { Attributes::default() } else { attributes }
    }
}
