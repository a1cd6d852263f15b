//! Accounts and their identifiers in memory.

use selfsame_domain::{
    Action, Identifier, IdentifierChange, IdentifierId, IdentifierKind, Instant, PasswordHash, User, UserId, Username,
};
use selfsame_ports::{StorageError, Unique, Users};

use super::{
    tables::{Tables, insert_new, remove_where},
    unit::MemoryUnit,
};

impl Users for MemoryUnit<'_> {
    fn lock(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        self.run(|tables| Ok(tables.users.get(&id).cloned()))
    }

    fn insert(&mut self, user: &User) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.check_username(user)?;
            let bare = User { identifiers: Vec::new(), ..user.clone() };
            insert_new(&mut tables.users, user.id, bare)?;
            user.identifiers.iter().try_for_each(|identifier| tables.put_identifier(user.id, identifier, None))
        })
    }

    fn save(&mut self, user: &User) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.check_username(user)?;
            let stored = tables.users.get_mut(&user.id).ok_or(StorageError::Conflict)?;
            if stored.version != user.version - 1 {
                return Err(StorageError::Conflict);
            }
            let identifiers = std::mem::take(&mut stored.identifiers);
            *stored = User { identifiers, created_at: stored.created_at, ..user.clone() };
            Ok(())
        })
    }

    fn change_identifiers(&mut self, user: UserId, changes: &[IdentifierChange]) -> Result<(), StorageError> {
        self.run(|tables| {
            changes.iter().try_for_each(|change| match change {
                IdentifierChange::Insert(identifier) => tables.put_identifier(user, identifier, None),
                IdentifierChange::Update(identifier) => tables.put_identifier(user, identifier, Some(identifier.id)),
                IdentifierChange::Delete(id) => tables.remove_identifier(user, *id),
            })
        })
    }

    fn rehash(&mut self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<(), StorageError> {
        self.run(|tables| {
            let stored = tables.users.get_mut(&id).map(|user| &mut user.password);
            if let Some(password) = stored.filter(|password| password.as_ref() == Some(old)) {
                *password = Some(new.clone());
            }
            Ok(())
        })
    }

    fn rival_claims(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<Vec<UserId>, StorageError> {
        let claims =
            |user: &&User| user.identifiers_of(kind).any(|claim| claim.canonical == canonical && !claim.is_verified());
        self.run(|tables| {
            let others = tables.users.values().filter(|user| user.id != except);
            Ok(others.filter(claims).map(|user| user.id).collect())
        })
    }

    fn delete(&mut self, id: UserId) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.users.remove(&id);
            tables.cascade();
            Ok(())
        })
    }

    fn purge_unproven(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| {
            let signed_in = Action::SignedIn.as_str();
            let (sign_ins, audit, challenges) = (&tables.sign_ins, &tables.audit, &tables.challenges);
            let is_unproven = |user: &User| {
                let mut trail = audit.get(&user.id).into_iter().flatten();
                user.primary_email().is_some_and(|claim| claim.created_at < before)
                    && !user.is_verified()
                    && !user.is_disabled()
                    && !sign_ins.values().any(|sign_in| sign_in.user_id == user.id)
                    && !trail.any(|record| record.content.action == signed_in)
                    && !challenges
                        .values()
                        .any(|row| row.challenge.user_id == user.id && row.challenge.created_at >= before)
            };
            let purged = remove_where(&mut tables.users, limit, is_unproven);
            tables.cascade();
            Ok(purged)
        })
    }
}

impl Tables {
    /// The skeleton of a username is unique (R6).
    fn check_username(&self, user: &User) -> Result<(), StorageError> {
        let skeleton = |user: &User| user.preferred_username.as_ref().map(Username::skeleton);
        let wanted = skeleton(user);
        let mut others = self.users.values().filter(|other| other.id != user.id);
        if wanted.is_some() && others.any(|other| skeleton(other) == wanted) {
            return Err(StorageError::Taken(Unique::PreferredUsername));
        }
        Ok(())
    }

    /// Writes a row: a new one, or over `replaced`. A canonical form is unique among the verified (R3), a primary in
    /// its account and kind, an id everywhere.
    fn put_identifier(
        &mut self,
        user: UserId,
        identifier: &Identifier,
        replaced: Option<IdentifierId>,
    ) -> Result<(), StorageError> {
        let others = self.users.values().flat_map(|user| &user.identifiers);
        for other in others.filter(|other| Some(other.id) != replaced) {
            if other.id == identifier.id {
                return Err(StorageError::Conflict);
            }
            let same = other.kind == identifier.kind && other.canonical == identifier.canonical;
            if same && other.is_verified() && identifier.is_verified() {
                return Err(StorageError::Taken(Unique::Identifier));
            }
        }
        let user = self.users.get_mut(&user).ok_or(StorageError::Conflict)?;
        if let Some(id) = replaced {
            let place = user.identifiers.iter().position(|own| own.id == id);
            user.identifiers.remove(place.ok_or(StorageError::Conflict)?);
        }
        if identifier.is_primary && user.identifiers_of(identifier.kind).any(|own| own.is_primary) {
            let why = "two primary identifiers of one kind".to_owned();
            return Err(StorageError::Internal(why));
        }
        user.identifiers.push(identifier.clone());
        user.identifiers.sort_by_key(|own| (own.created_at, own.id));
        Ok(())
    }

    fn remove_identifier(&mut self, user: UserId, id: IdentifierId) -> Result<(), StorageError> {
        let user = self.users.get_mut(&user).ok_or(StorageError::Conflict)?;
        user.identifiers.retain(|own| own.id != id);
        self.cascade();
        Ok(())
    }
}
