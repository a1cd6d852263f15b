//! What is unique among accounts, as the indexes of a database keep it.

use selfsame_domain::{Identifier, User, Username};
use selfsame_ports::{StorageError, Unique};

use super::tables::Tables;

impl Tables {
    /// Writes an account, a new one or over the stored one, unless an index forbids it.
    pub(super) fn put_account(&mut self, mut user: User) -> Result<(), StorageError> {
        self.check_username(&user)?;
        for (index, identifier) in user.identifiers.iter().enumerate() {
            check_within_account(identifier, &user.identifiers[..index])?;
            self.check_identifier(&user, identifier)?;
        }
        user.identifiers.sort_by_key(|own| (own.created_at, own.id));
        self.users.insert(user.id, user);
        Ok(())
    }

    fn others<'t>(&'t self, user: &User) -> impl Iterator<Item = &'t User> {
        let id = user.id;
        self.users.values().filter(move |other| other.id != id)
    }

    /// No two accounts share a skeleton of their usernames (R6).
    fn check_username(&self, user: &User) -> Result<(), StorageError> {
        let skeletons = |user: &User| user.preferred_username.as_ref().map(Username::skeletons).unwrap_or_default();
        let wanted = skeletons(user);
        let is_taken = |other: &User| skeletons(other).iter().any(|skeleton| wanted.contains(skeleton));
        if !wanted.is_empty() && self.others(user).any(is_taken) {
            return Err(StorageError::Taken(Unique::PreferredUsername));
        }
        Ok(())
    }

    /// An id is unique everywhere, a canonical form among the verified (R3).
    fn check_identifier(&self, user: &User, identifier: &Identifier) -> Result<(), StorageError> {
        for other in self.others(user).flat_map(|other| &other.identifiers) {
            if other.id == identifier.id {
                return Err(StorageError::Conflict);
            }
            let same = other.kind == identifier.kind && other.canonical == identifier.canonical;
            if same && other.is_verified() && identifier.is_verified() {
                return Err(StorageError::Taken(Unique::Identifier));
            }
        }
        Ok(())
    }
}

/// In one account an id and a canonical form stand once, and one identifier of a kind is primary.
fn check_within_account(identifier: &Identifier, earlier: &[Identifier]) -> Result<(), StorageError> {
    for other in earlier {
        let same_kind = other.kind == identifier.kind;
        if other.id == identifier.id || (same_kind && other.canonical == identifier.canonical) {
            return Err(StorageError::Conflict);
        }
        if same_kind && other.is_primary && identifier.is_primary {
            return Err(StorageError::Internal("two primary identifiers of one kind".to_owned()));
        }
    }
    Ok(())
}
