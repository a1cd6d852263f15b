//! Rows of accounts and of their identifiers.

use diesel::prelude::*;
use selfsame_domain::{
    Attributes, Identifier, IdentifierId, PasswordHash, Picture, SecondFactorPolicy, User, UserId, Username,
    id::Id as _,
};
use selfsame_ports::StorageError;
use serde_json::Value;

use crate::{
    schema::{identifiers, users},
    sql_types::{At, Json},
    words::Word as _,
};

/// A row of `users`. Saving an account writes all of it, save `id`.
#[derive(Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct UserRow {
    pub(crate) id: i64,
    version: i64,
    preferred_username: Option<String>,
    preferred_username_canonical: Option<String>,
    preferred_username_skeleton: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    name: Option<String>,
    locale: Option<String>,
    zoneinfo: Option<String>,
    picture: Option<String>,
    attributes: Json,
    second_factor_policy: String,
    password_phc: Option<String>,
    password_changed_at: Option<At>,
    disabled_at: Option<At>,
    created_at: At,
    updated_at: At,
}

impl From<&User> for UserRow {
    fn from(user: &User) -> Self {
        let handle = user.preferred_username.as_ref();
        Self {
            id: user.id.number(),
            version: user.version,
            preferred_username: handle.map(|handle| handle.as_str().to_owned()),
            preferred_username_canonical: handle.map(Username::canonical),
            preferred_username_skeleton: handle.map(Username::skeleton),
            given_name: user.given_name.clone(),
            family_name: user.family_name.clone(),
            name: user.name.clone(),
            locale: user.locale.clone(),
            zoneinfo: user.zoneinfo.clone(),
            picture: user.picture.as_ref().map(|picture| picture.as_str().to_owned()),
            attributes: Json(Value::Object(user.attributes.0.clone())),
            second_factor_policy: user.second_factor_policy.word().to_owned(),
            password_phc: user.password.as_ref().map(|hash| hash.as_phc().to_owned()),
            password_changed_at: user.password_changed_at.map(At),
            disabled_at: user.disabled_at.map(At),
            created_at: At(user.created_at),
            updated_at: At(user.updated_at),
        }
    }
}

impl UserRow {
    fn into_user(self, identifiers: Vec<Identifier>) -> Result<User, StorageError> {
        let Value::Object(attributes) = self.attributes.0 else {
            return Err(StorageError::Internal("the attributes of an account are no object".to_owned()));
        };
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
            attributes: Attributes(attributes),
            second_factor_policy: SecondFactorPolicy::read(&self.second_factor_policy)?,
            password: self.password_phc.map(PasswordHash::from_phc),
            password_changed_at: self.password_changed_at.map(|at| at.0),
            disabled_at: self.disabled_at.map(|at| at.0),
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
            identifiers,
        })
    }
}

/// A row of `identifiers`.
#[derive(Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = identifiers, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct IdentifierRow {
    id: i64,
    user_id: i64,
    kind: String,
    value: String,
    canonical: String,
    is_primary: bool,
    verified_at: Option<At>,
    created_at: At,
}

impl IdentifierRow {
    pub(crate) fn new(user: UserId, identifier: &Identifier) -> Self {
        Self {
            id: identifier.id.number(),
            user_id: user.number(),
            kind: identifier.kind.word().to_owned(),
            value: identifier.value.clone(),
            canonical: identifier.canonical.clone(),
            is_primary: identifier.is_primary,
            verified_at: identifier.verified_at.map(At),
            created_at: At(identifier.created_at),
        }
    }
}

impl TryFrom<IdentifierRow> for Identifier {
    type Error = StorageError;

    fn try_from(row: IdentifierRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: IdentifierId::from_number(row.id),
            kind: selfsame_domain::IdentifierKind::read(&row.kind)?,
            value: row.value,
            canonical: row.canonical,
            is_primary: row.is_primary,
            verified_at: row.verified_at.map(|at| at.0),
            created_at: row.created_at.0,
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
