//! The builder of accounts.

use selfsame_domain::{
    Attributes, EmailAddress, Identifier, IdentifierKind, PasswordHash, PhoneNumber, User, Username,
};
use selfsame_ports::{Storage, StorageError, UnitOfWork};
use serde_json::Value;

use super::{fresh_id, t0, t0_plus};

/// An account without anything but an id; add what the test is about.
pub fn a_user() -> UserBuilder {
    UserBuilder { user: User::new(fresh_id(), t0()), password: None, attributes: None }
}

/// An account under construction, with its password and its attributes.
#[derive(Clone, Debug)]
pub struct UserBuilder {
    user: User,
    password: Option<PasswordHash>,
    attributes: Option<Attributes>,
}

impl UserBuilder {
    /// Adds an unproven e-mail address; the first one is primary.
    #[must_use]
    pub fn with_email(mut self, address: &str) -> Self {
        let is_primary = self.user.primary_email().is_none();
        let email = EmailAddress::parse(address).unwrap();
        let identifier = Identifier::email(fresh_id(), &email, is_primary, t0());
        self.user.identifiers.push(identifier);
        self
    }

    /// Adds an unproven phone number; the first one is primary.
    #[must_use]
    pub fn with_phone(mut self, number: &str) -> Self {
        let is_primary = self.user.primary_phone().is_none();
        let phone = PhoneNumber::parse(number).unwrap();
        let identifier = Identifier::phone(fresh_id(), &phone, is_primary, t0());
        self.user.identifiers.push(identifier);
        self
    }

    /// The address or number that was added last is proven.
    #[must_use]
    pub fn verified(mut self) -> Self {
        let last = self.user.identifiers.last_mut();
        last.expect("an identifier to verify").verified_at = Some(t0_plus(60));
        self
    }

    /// Sets the handle.
    #[must_use]
    pub fn with_username(mut self, typed: &str) -> Self {
        self.user.preferred_username = Some(Username::parse(typed).unwrap());
        self
    }

    /// Sets given and family name.
    #[must_use]
    pub fn named(mut self, given: &str, family: &str) -> Self {
        self.user.given_name = Some(given.to_owned());
        self.user.family_name = Some(family.to_owned());
        self
    }

    /// Sets the stored hash of the password.
    #[must_use]
    pub fn with_password(mut self, hash: PasswordHash) -> Self {
        self.password = Some(hash);
        self.user.password_changed_at = Some(t0());
        self
    }

    /// Sets the free-form attributes from a JSON object.
    #[must_use]
    pub fn with_attributes(mut self, object: Value) -> Self {
        let Value::Object(map) = object else { panic!("attributes are a JSON object") };
        self.attributes = Some(Attributes(map));
        self
    }

    /// The account is disabled.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.user.disabled_at = Some(t0());
        self
    }

    /// The account alone, without its password and its attributes.
    pub fn build(self) -> User {
        self.user
    }

    /// Adds the account to a unit, its password and its attributes too.
    pub fn insert_into(self, unit: &mut dyn UnitOfWork) -> Result<User, StorageError> {
        unit.accounts().insert(&self.user)?;
        if let Some(hash) = &self.password {
            unit.accounts().set_password(self.user.id, hash)?;
        }
        if let Some(attributes) = &self.attributes {
            unit.accounts().save_attributes(self.user.id, attributes)?;
        }
        Ok(self.user)
    }

    /// The account, stored in a unit of its own, its password and its attributes too.
    pub fn stored_in(self, storage: &dyn Storage) -> User {
        let mut unit = storage.begin().unwrap();
        let user = self.insert_into(&mut *unit).unwrap();
        unit.commit().unwrap();
        user
    }
}

/// The one identifier of a kind that the test put into the account.
pub fn the_identifier(user: &User, kind: IdentifierKind) -> &Identifier {
    let mut all = user.identifiers_of(kind);
    let first = all.next().expect("an identifier of this kind");
    assert!(all.next().is_none(), "more than one identifier of this kind");
    first
}
