//! Rows of accounts.

#![expect(clippy::ref_option_ref, reason = "what the derive makes of references")]

use diesel::prelude::*;
use selfsame_domain::{
    Attributes, AuditHead, Factors, Identifier, Meter, Picture, SecondFactorPolicy, User, UserId, Username,
    WriteBudgets, id::Id as _,
};
use selfsame_ports::StorageError;

use super::IdentifierRow;
use crate::{
    schema::users,
    sql_types::{At, JsonText},
    stored_values::{StoredValue as _, fixed, internal},
};

/// A row of `users`.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub(crate) struct UserRow {
    pub(crate) id: i64,
    pub(crate) version: i64,
    preferred_username: Option<String>,
    preferred_username_canonical: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    name: Option<String>,
    locale: Option<String>,
    zoneinfo: Option<String>,
    picture: Option<String>,
    second_factor_policy: String,
    enrolled_factors: String,
    backup_codes_left: i64,
    password_changed_at: Option<At>,
    credential_epoch: i64,
    sign_in_count: i64,
    pub(crate) audit_sequence: i64,
    audit_mac: Vec<u8>,
    changes_meter: i64,
    audit_bytes_meter: i64,
    phone_notices_meter: i64,
    email_notices_meter: i64,
    password_notices_meter: i64,
    sign_in_notices_meter: i64,
    disabled_at: Option<At>,
    frozen_at: Option<At>,
    deletion_at: Option<At>,
    created_at: At,
    updated_at: At,
}

/// The columns that nearly every change of an account writes: counters, the end of the audit chain, instants. None of
/// them is in an index.
#[derive(PartialEq, Eq, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub(crate) struct Heads<'u> {
    version: i64,
    password_changed_at: Option<At>,
    credential_epoch: i64,
    sign_in_count: i64,
    audit_sequence: i64,
    audit_mac: &'u [u8],
    changes_meter: i64,
    audit_bytes_meter: i64,
    phone_notices_meter: i64,
    email_notices_meter: i64,
    password_notices_meter: i64,
    sign_in_notices_meter: i64,
    disabled_at: Option<At>,
    frozen_at: Option<At>,
    updated_at: At,
}

/// The claims that are not in an index.
#[derive(PartialEq, Eq, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub(crate) struct Profile<'u> {
    given_name: Option<&'u str>,
    family_name: Option<&'u str>,
    name: Option<&'u str>,
    locale: Option<&'u str>,
    zoneinfo: Option<&'u str>,
    second_factor_policy: &'static str,
    enrolled_factors: String,
    backup_codes_left: i64,
}

impl<'u> From<&'u User> for Heads<'u> {
    fn from(user: &'u User) -> Self {
        Self {
            version: user.version,
            password_changed_at: user.password_changed_at.map(At),
            credential_epoch: user.credential_epoch,
            sign_in_count: user.sign_in_count,
            audit_sequence: user.audit_head.sequence,
            audit_mac: &user.audit_head.mac,
            changes_meter: user.write_budgets.changes.stored(),
            audit_bytes_meter: user.write_budgets.audit_bytes.stored(),
            phone_notices_meter: user.write_budgets.phone_notices.stored(),
            email_notices_meter: user.write_budgets.email_notices.stored(),
            password_notices_meter: user.write_budgets.password_notices.stored(),
            sign_in_notices_meter: user.write_budgets.sign_in_notices.stored(),
            disabled_at: user.disabled_at.map(At),
            frozen_at: user.frozen_at.map(At),
            updated_at: At(user.updated_at),
        }
    }
}

impl<'u> From<&'u User> for Profile<'u> {
    fn from(user: &'u User) -> Self {
        Self {
            given_name: user.given_name.as_deref(),
            family_name: user.family_name.as_deref(),
            name: user.name.as_deref(),
            locale: user.locale.as_deref(),
            zoneinfo: user.zoneinfo.as_deref(),
            second_factor_policy: user.second_factor_policy.stored(),
            enrolled_factors: user.enrolled.to_text(),
            backup_codes_left: user.backup_codes_left,
        }
    }
}

impl From<&User> for UserRow {
    fn from(user: &User) -> Self {
        let handle = user.preferred_username.as_ref();
        Self {
            id: user.id.number(),
            version: user.version,
            preferred_username: handle.map(|handle| handle.as_str().to_owned()),
            preferred_username_canonical: handle.map(Username::canonical),
            given_name: user.given_name.clone(),
            family_name: user.family_name.clone(),
            name: user.name.clone(),
            locale: user.locale.clone(),
            zoneinfo: user.zoneinfo.clone(),
            picture: user.picture.as_ref().map(|picture| picture.as_str().to_owned()),
            second_factor_policy: user.second_factor_policy.stored().to_owned(),
            enrolled_factors: user.enrolled.to_text(),
            backup_codes_left: user.backup_codes_left,
            password_changed_at: user.password_changed_at.map(At),
            credential_epoch: user.credential_epoch,
            sign_in_count: user.sign_in_count,
            audit_sequence: user.audit_head.sequence,
            audit_mac: user.audit_head.mac.to_vec(),
            changes_meter: user.write_budgets.changes.stored(),
            audit_bytes_meter: user.write_budgets.audit_bytes.stored(),
            phone_notices_meter: user.write_budgets.phone_notices.stored(),
            email_notices_meter: user.write_budgets.email_notices.stored(),
            password_notices_meter: user.write_budgets.password_notices.stored(),
            sign_in_notices_meter: user.write_budgets.sign_in_notices.stored(),
            disabled_at: user.disabled_at.map(At),
            frozen_at: user.frozen_at.map(At),
            deletion_at: user.deletion_at.map(At),
            created_at: At(user.created_at),
            updated_at: At(user.updated_at),
        }
    }
}

impl UserRow {
    fn into_user(self, identifiers: Vec<Identifier>) -> Result<User, StorageError> {
        Ok(User {
            id: UserId::from_number(self.id),
            version: self.version,
            preferred_username: self.preferred_username.map(Username::from_stored),
            given_name: self.given_name,
            family_name: self.family_name,
            name: self.name,
            locale: self.locale,
            zoneinfo: self.zoneinfo,
            picture: self.picture.map(Picture::from_stored),
            second_factor_policy: SecondFactorPolicy::read(&self.second_factor_policy)?,
            enrolled: Factors::known_in(&self.enrolled_factors),
            backup_codes_left: self.backup_codes_left,
            password_changed_at: self.password_changed_at.map(|at| at.0),
            credential_epoch: self.credential_epoch,
            sign_in_count: self.sign_in_count,
            audit_head: AuditHead { sequence: self.audit_sequence, mac: fixed(self.audit_mac)? },
            write_budgets: WriteBudgets {
                changes: Meter::from_stored(self.changes_meter),
                audit_bytes: Meter::from_stored(self.audit_bytes_meter),
                phone_notices: Meter::from_stored(self.phone_notices_meter),
                email_notices: Meter::from_stored(self.email_notices_meter),
                password_notices: Meter::from_stored(self.password_notices_meter),
                sign_in_notices: Meter::from_stored(self.sign_in_notices_meter),
            },
            disabled_at: self.disabled_at.map(|at| at.0),
            frozen_at: self.frozen_at.map(|at| at.0),
            deletion_at: self.deletion_at.map(|at| at.0),
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
            identifiers,
        })
    }
}

/// The account in the rows of a join, which repeat it for each of its identifiers; `None` if there are no rows.
pub(crate) fn one_account(
    rows: impl IntoIterator<Item = (UserRow, Option<IdentifierRow>)>,
) -> Result<Option<User>, StorageError> {
    let mut account = None;
    let mut identifiers = Vec::new();
    for (user, identifier) in rows {
        account.get_or_insert(user);
        identifiers.extend(identifier.map(Identifier::try_from).transpose()?);
    }
    account.map(|row| row.into_user(identifiers)).transpose()
}

/// The attributes of an account; empty if it has no row of them.
pub(crate) fn read_attributes(stored: Option<&JsonText>) -> Result<Attributes, StorageError> {
    let read = |text: &JsonText| serde_json::from_str(&text.0).map(Attributes).map_err(internal);
    stored.map(read).transpose().map(Option::unwrap_or_default)
}

/// Attributes as they are stored.
pub(crate) fn write_attributes(attributes: &Attributes) -> Result<JsonText, StorageError> {
    serde_json::to_string(&attributes.0).map(JsonText).map_err(internal)
}
