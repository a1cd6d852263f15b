//! Accounts in memory: their own rows, passwords and attributes. What is unique is in `uniqueness.rs`.

use selfsame_domain::{Attributes, Identifier, IdentifierKind, Instant, PasswordHash, User, UserId, Username};
use selfsame_ports::{Accounts, StorageError};

use super::{
    tables::{Tables, UsernameHold, insert_new, must_exist, remove_where},
    unit::MemoryUnit,
};

impl Accounts for MemoryUnit<'_> {
    fn lock(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        self.run(|tables| Ok(tables.users.get(&id).cloned()))
    }

    fn insert(&mut self, user: &User) -> Result<(), StorageError> {
        self.run(|tables| {
            if tables.users.contains_key(&user.id) {
                return Err(StorageError::Conflict);
            }
            tables.put_account(user.clone())
        })
    }

    fn save(&mut self, before: &User, after: &User) -> Result<(), StorageError> {
        self.run(|tables| {
            let stored = tables.users.get(&after.id).ok_or(StorageError::Conflict)?;
            let place = |user: &User| (user.version, user.audit_head.sequence);
            if place(stored) != place(before) {
                return Err(StorageError::Conflict);
            }
            let mut next = stored.clone();
            write_differences(&mut next, before, after);
            next.identifiers = identifiers_after(next.identifiers, before, after)?;
            tables.put_account(next)?;
            tables.cascade();
            Ok(())
        })
    }

    fn delete(&mut self, id: UserId) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.users.remove(&id);
            tables.cascade();
            Ok(())
        })
    }

    fn password(&mut self, id: UserId) -> Result<Option<PasswordHash>, StorageError> {
        self.run(|tables| Ok(tables.passwords.get(&id).cloned()))
    }

    fn set_password(&mut self, id: UserId, hash: &PasswordHash) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, id)?;
            tables.passwords.insert(id, hash.clone());
            Ok(())
        })
    }

    fn keep_password(&mut self, id: UserId, epoch: i64, keep: i64) -> Result<(), StorageError> {
        self.run(|tables| {
            let Some(hash) = tables.passwords.get(&id).cloned() else { return Ok(()) };
            insert_new(&mut tables.password_history, (id, epoch), hash)?;
            let own = tables.password_history.keys().filter(|(user, _)| *user == id).copied();
            let beyond: Vec<_> = own.rev().skip(usize::try_from(keep).unwrap_or_default()).collect();
            for key in beyond {
                tables.password_history.remove(&key);
            }
            Ok(())
        })
    }

    fn remove_password(&mut self, id: UserId) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.passwords.remove(&id);
            Ok(())
        })
    }

    fn rehash(&mut self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<(), StorageError> {
        self.run(|tables| {
            if let Some(stored) = tables.passwords.get_mut(&id).filter(|stored| *stored == old) {
                *stored = new.clone();
            }
            Ok(())
        })
    }

    fn attributes(&mut self, id: UserId) -> Result<Attributes, StorageError> {
        self.run(|tables| Ok(tables.attributes_of(id)))
    }

    fn save_attributes(&mut self, id: UserId, attributes: &Attributes) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, id)?;
            tables.attributes.insert(id, attributes.clone());
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

    fn is_proven_by_another(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<bool, StorageError> {
        let has_proven =
            |user: &User| user.identifiers_of(kind).any(|own| own.canonical == canonical && own.is_verified());
        self.run(|tables| Ok(tables.users.values().any(|user| user.id != except && has_proven(user))))
    }

    fn due_deletions(&mut self, now: Instant, limit: i64) -> Result<Vec<UserId>, StorageError> {
        let limit = usize::try_from(limit).unwrap_or_default();
        self.run(|tables| {
            let dated = tables.users.values().filter_map(|user| Some((user.deletion_at?, user.id)));
            let mut due: Vec<_> = dated.filter(|(at, _)| *at <= now).collect();
            due.sort_unstable();
            Ok(due.into_iter().take(limit).map(|(_, id)| id).collect())
        })
    }

    fn hold_username(&mut self, user: UserId, name: &Username, until: Instant) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, user)?;
            let hold = UsernameHold { user_id: user, held_until: until };
            tables.username_holds.extend(name.skeletons().into_iter().map(|skeleton| (skeleton, hold.clone())));
            Ok(())
        })
    }

    fn is_username_held(&mut self, name: &Username, except: UserId, now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| {
            let holds = name.skeletons();
            let mut holds = holds.iter().filter_map(|skeleton| tables.username_holds.get(skeleton));
            Ok(holds.any(|hold| hold.user_id != except && hold.held_until > now))
        })
    }

    fn purge_username_holds(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(remove_where(&mut tables.username_holds, limit, |hold| hold.held_until < before)))
    }

    fn purge_unproven(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| {
            let (sign_ins, challenges) = (&tables.sign_ins, &tables.challenges);
            let is_unproven = |user: &User| {
                user.primary_email().is_some_and(|claim| claim.created_at < before)
                    && !user.is_verified()
                    && !user.is_disabled()
                    && user.sign_in_count == 0
                    && !sign_ins.values().any(|sign_in| sign_in.user_id == user.id)
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
    /// The attributes of an account; empty if it has none.
    pub(super) fn attributes_of(&self, id: UserId) -> Attributes {
        self.attributes.get(&id).cloned().unwrap_or_default()
    }
}

/// Writes the fields in which two states of an account differ, and no other; its id and when it was made never.
fn write_differences(stored: &mut User, before: &User, after: &User) {
    macro_rules! write {
        ($($field:ident)+) => {
            $(if before.$field != after.$field {
                stored.$field = after.$field.clone();
            })+
        };
    }
    write! {
        version preferred_username given_name family_name name locale zoneinfo picture second_factor_policy enrolled
        backup_codes_left
        password_changed_at credential_epoch sign_in_count audit_head write_budgets disabled_at frozen_at deletion_at updated_at
    }
}

/// The stored identifiers after what differs between two states of an account was done to them.
fn identifiers_after(stored: Vec<Identifier>, before: &User, after: &User) -> Result<Vec<Identifier>, StorageError> {
    let is_removed = |own: &Identifier| before.identifier(own.id).is_some() && after.identifier(own.id).is_none();
    let mut next: Vec<Identifier> = stored.into_iter().filter(|own| !is_removed(own)).collect();
    for wanted in &after.identifiers {
        let Some(known) = before.identifier(wanted.id) else {
            next.push(wanted.clone());
            continue;
        };
        if known != wanted {
            let own = next.iter_mut().find(|own| own.id == wanted.id).ok_or(StorageError::Conflict)?;
            *own = Identifier { kind: own.kind, created_at: own.created_at, ..wanted.clone() };
        }
    }
    Ok(next)
}
